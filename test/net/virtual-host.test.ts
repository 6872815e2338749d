import type { NetworkEvent } from '../../services/host';
import { TestSocket } from './test-socket';
import { VirtualClock } from './virtual-clock';
import type { VirtualHost } from './virtual-host';
import { VirtualNetwork } from './virtual-network';

function createNetwork() {
  const clock = new VirtualClock();
  const network = new VirtualNetwork(clock, 1);
  return { clock, network, server: new TestSocket(network.addHost(), 1000) };
}

/** What a host's applications are told, with the time. */
function listen(host: VirtualHost): [number, NetworkEvent][] {
  const app = host.createHost();
  const events: [number, NetworkEvent][] = [];
  app.network!.subscribe((event) => events.push([app.clock.nowMs(), event]));
  return events;
}

describe('VirtualHost', () => {
  describe('that moves', () => {
    function createTraveller() {
      const world = createNetwork();
      const { clock, network } = world;
      const wifi = network.addAccess({ nat: 'port-restricted' });
      const cell = network.addAccess({ nat: 'symmetric', type: 'cellular' });
      const phone = new TestSocket(network.addHost({ access: wifi }));
      clock.advance(0);
      const events = listen(phone.host);
      return { ...world, wifi, cell, phone, events };
    }

    it('sends from its new network with its old sockets', () => {
      const { clock, server, wifi, cell, phone, events } = createTraveller();
      phone.send('from wifi', server.local);
      clock.advance(100);
      expect(server.lastFrom.address).toBe(wifi.nat.publicAddress);
      const before = { ...phone.local };
      phone.host.moveTo(cell);
      phone.send('from cell', server.local);
      clock.advance(100);
      expect(server.lastFrom.address).toBe(cell.nat.publicAddress);
      expect(phone.local.port).toBe(before.port);
      expect(phone.local.address).not.toBe(before.address);
      server.send('back', server.lastFrom);
      clock.advance(100);
      expect(phone.texts).toEqual(['back']);
      expect(events).toEqual([[100, { kind: 'changed', type: 'cellular' }]]);
    });

    it('misses what was on the way to its old address', () => {
      const { clock, network, server, cell, phone } = createTraveller();
      phone.send('from wifi', server.local);
      clock.advance(100);
      server.send('too late', server.lastFrom);
      clock.advance(5);
      phone.host.moveTo(cell);
      clock.advance(100);
      expect(phone.received).toEqual([]);
      expect(network.counters.unroutable).toBe(1);
    });

    it('gets its old address when it returns', () => {
      const { wifi, cell, phone } = createTraveller();
      const { address } = phone.local;
      phone.host.moveTo(cell);
      phone.host.moveTo(wifi);
      expect(phone.local.address).toBe(address);
    });

    it('may be without a network in between, and tell late', () => {
      const { clock, network, server, cell, phone, events } = createTraveller();
      phone.host.moveTo(cell, { gapMs: 300, tellAfterMs: 50 });
      phone.send('nowhere', server.local);
      expect(network.counters.unroutable).toBe(1);
      clock.advance(1000);
      expect(events).toEqual([
        [50, { kind: 'changed', type: 'none' }],
        [350, { kind: 'changed', type: 'cellular' }],
      ]);
    });

    it('may not tell at all', () => {
      const { clock, server, cell, phone, events } = createTraveller();
      phone.host.moveTo(cell, { tellAfterMs: null });
      phone.send('from cell', server.local);
      clock.advance(1000);
      expect(events).toEqual([]);
      expect(server.texts).toEqual(['from cell']);
    });

    it('may be offline for good, which the last move decides', () => {
      const { clock, wifi, cell, phone, events } = createTraveller();
      phone.host.moveTo(cell, { gapMs: 500 });
      phone.host.moveTo(null);
      clock.advance(1000);
      expect(phone.host.access).toBeNull();
      expect(events.map(([, event]) => event)).toEqual([
        { kind: 'changed', type: 'none' },
        { kind: 'changed', type: 'none' },
      ]);
      phone.host.moveTo(wifi);
      expect(phone.host.access).toBe(wifi);
    });

    it('may lose its sockets, with a word or without', () => {
      const { clock, server, cell, wifi, phone } = createTraveller();
      phone.host.moveTo(cell, { udpSockets: 'silent' });
      phone.send('dead', server.local);
      clock.advance(100);
      expect(phone.errors).toEqual([]);
      phone.host.moveTo(wifi, { udpSockets: 'error' });
      expect(phone.errors).toEqual(['the system closed the socket']);
      expect(server.received).toEqual([]);
    });
  });

  describe('that sleeps', () => {
    it('sends and receives nothing, and its timers wait', () => {
      const { clock, network, server } = createNetwork();
      const phone = new TestSocket(network.addHost());
      clock.advance(0);
      const app = phone.host.createHost();
      const events: string[] = [];
      app.network!.subscribe((event) => events.push(`${event.kind} ${app.clock.nowMs()}`));
      app.clock.setTimer(1000, () => events.push(`timer ${app.clock.nowMs()}`));
      app.clock.setTimer(9000, () => events.push(`later timer ${app.clock.nowMs()}`));
      phone.host.sleep(5000);
      phone.send('asleep', server.local);
      server.send('unheard', phone.local);
      clock.advance(10_000);
      expect(events).toEqual(['hidden 0', 'shown 5000', 'timer 5000', 'later timer 9000']);
      expect([server.received, phone.received]).toEqual([[], []]);
      expect(network.counters).toMatchObject({ sent: 1, unheard: 1 });
      server.send('awake', phone.local);
      clock.advance(100);
      expect(phone.texts).toEqual(['awake']);
    });

    it('finds its sockets dead when it wakes, where the system says so', () => {
      const { clock, network, server } = createNetwork();
      const [told, untold] = [1, 2].map(() => new TestSocket(network.addHost())) as [
        TestSocket,
        TestSocket,
      ];
      clock.advance(0);
      told.host.sleep(1000, { udpSockets: 'error' });
      untold.host.sleep(1000, { udpSockets: 'silent', tells: false });
      const events = listen(untold.host);
      clock.advance(999);
      expect(told.errors).toEqual([]);
      clock.advance(1);
      expect(told.errors).toEqual(['the system closed the socket']);
      for (const socket of [told, untold]) socket.send('dead', server.local);
      clock.advance(100);
      expect(server.received).toEqual([]);
      expect([untold.errors, events]).toEqual([[], []]);
    });
  });

  describe('its applications', () => {
    it('are over at once when they are killed; what they stored stays', () => {
      const { clock, network, server } = createNetwork();
      const machine = network.addHost();
      const socket = new TestSocket(machine);
      clock.advance(0);
      const app = machine.createHost();
      const fired: string[] = [];
      app.storage.set('key', 'value');
      app.clock.setTimer(10, () => fired.push('timer'));
      app.network!.subscribe(() => fired.push('event'));
      machine.kill();
      machine.moveTo(null);
      machine.moveTo(network.addAccess());
      socket.send('dead', server.local);
      clock.advance(1000);
      expect([fired, server.received]).toEqual([[], []]);
      expect(machine.createHost().storage.get('key')).toBe('value');
    });

    it('have what it offers and no more', () => {
      const { clock, network } = createNetwork();
      const browser = network.addHost({ udpFamilies: [], tellsNetwork: false }).createHost();
      expect(browser).not.toHaveProperty('openUdpSocket');
      expect(browser).not.toHaveProperty('network');
      const old = new TestSocket(network.addHost({ udpFamilies: ['ipv4'] }), undefined, 'ipv6');
      clock.advance(0);
      expect(old.errors).toEqual(['the address cannot be bound']);
      expect(network.addHost({ wallOffsetMs: 500 }).createHost().clock.wallMs()).toBe(
        clock.wallMs() + 500,
      );
    });
  });
});
