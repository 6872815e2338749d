import type { TraceEntry } from './datagram';
import { TestSocket } from './test-socket';
import { VirtualClock } from './virtual-clock';
import { VirtualNetwork } from './virtual-network';

function createNetwork(seed = 1) {
  const clock = new VirtualClock();
  const network = new VirtualNetwork(clock, seed);
  return { clock, network, server: new TestSocket(network.addHost(), 1000) };
}

describe('VirtualNetwork', () => {
  describe('links', () => {
    it('delay a datagram on both accesses, each direction by itself', () => {
      const { clock, network, server } = createNetwork();
      const access = network.addAccess({ up: { delayMs: 30 }, down: { delayMs: 70 } });
      const host = new TestSocket(network.addHost({ access }));
      clock.advance(0);
      host.send('there', server.local);
      clock.advance(1000);
      expect(server.received[0]!.atMs).toBe(40);
      server.send('back', server.lastFrom);
      clock.advance(1000);
      expect(host.received[0]!.atMs).toBe(1080);
    });

    it('count headers in their rate, and are shared by the hosts of an access', () => {
      const { clock, network, server } = createNetwork();
      const access = network.addAccess({ up: { rate: 100 } });
      const [a, b] = [1, 2].map(() => new TestSocket(network.addHost({ access }))) as [
        TestSocket,
        TestSocket,
      ];
      clock.advance(0);
      // With 28 bytes of headers 100 each: one per ms.
      for (let i = 0; i < 10; i++)
        for (const host of [a, b]) host.send('x'.repeat(72), server.local);
      clock.advance(1000);
      expect(server.received).toHaveLength(20);
      expect(server.received.at(-1)!.atMs - server.received[0]!.atMs).toBeCloseTo(19, 6);
      expect(access.up.counters).toMatchObject({ sent: 20, sentBytes: 2000, delivered: 20 });
    });

    it('can be changed while the network runs', () => {
      const { clock, network, server } = createNetwork();
      const host = new TestSocket(network.addHost());
      clock.advance(0);
      host.host.access!.impair({ loss: 1 }, 'up');
      host.send('lost', server.local);
      clock.advance(100);
      host.host.access!.impair({ delayMs: 1 });
      host.send('kept', server.local);
      clock.advance(100);
      expect(server.texts).toEqual(['kept']);
      expect(network.counters).toMatchObject({ sent: 2, lost: 1, delivered: 1 });
    });

    it('drop what is larger than their MTU', () => {
      const { clock, network, server } = createNetwork();
      const host = new TestSocket(network.addHost({ access: { mtuBytes: 1280 } }));
      clock.advance(0);
      host.send('x'.repeat(1252), server.local);
      host.send('x'.repeat(1253), server.local);
      clock.advance(100);
      expect(server.received).toHaveLength(1);
      expect(network.counters['too-big']).toBe(1);
    });
  });

  describe('addresses', () => {
    it('are private behind a NAT and public elsewhere, and hosts know their own', async () => {
      const { network } = createNetwork();
      const hidden = network.addHost({ access: { nat: 'full', ipv6: 'firewall' } });
      const open = network.addHost();
      expect(hidden.addresses.ipv4).toMatch(/^192\.168\./);
      expect(open.addresses).toEqual({ ipv4: expect.stringMatching(/^203\.0\.113\./), ipv6: null });
      expect(await hidden.createHost().network!.localAddresses()).toEqual([
        { family: 'ipv4', address: hidden.addresses.ipv4 },
        { family: 'ipv6', address: expect.stringMatching(/^2001:db8:[\da-f]+::1$/) },
      ]);
    });

    it('are kept from a host that does not tell, as browsers do', async () => {
      const { network } = createNetwork();
      const host = network.addHost({ tellsAddresses: false });
      expect(await host.createHost().network!.localAddresses()).toEqual([]);
    });

    it('may be the same in two homes: a datagram then reaches the own one', () => {
      const { clock, network } = createNetwork();
      const homes = [1, 2].map(() => network.addAccess({ nat: 'full', lanPrefix: '192.168.1' }));
      const [a, neighbour, stranger] = [homes[0], homes[0], homes[1]].map(
        (access) => new TestSocket(network.addHost({ access: access! }), 5000),
      ) as [TestSocket, TestSocket, TestSocket];
      clock.advance(0);
      a.send('hello', { ...neighbour.local });
      a.send('nobody', { address: '192.168.1.99', port: 5000 });
      clock.advance(100);
      expect(stranger.local.address).toBe(a.local.address);
      expect(neighbour.texts).toEqual(['hello']);
      expect(stranger.received).toEqual([]);
      expect(network.counters.unroutable).toBe(1);
    });
  });

  describe('hosts of one access', () => {
    it('reach each other directly, past the NAT and the links', () => {
      const { clock, network } = createNetwork();
      const access = network.addAccess({ nat: 'symmetric', up: { loss: 1 }, lan: { delayMs: 2 } });
      const [a, b] = [1, 2].map(() => new TestSocket(network.addHost({ access }))) as [
        TestSocket,
        TestSocket,
      ];
      clock.advance(0);
      a.send('hello', b.local);
      clock.advance(2);
      expect(b.texts).toEqual(['hello']);
      expect(b.lastFrom).toEqual(a.local);
      expect(access.nat.counters.out).toBe(0);
    });

    it('do not where they are isolated', () => {
      const { clock, network } = createNetwork();
      const access = network.addAccess({ nat: 'symmetric', isolated: true });
      const [a, b] = [1, 2].map(() => new TestSocket(network.addHost({ access }))) as [
        TestSocket,
        TestSocket,
      ];
      clock.advance(0);
      a.send('hello', b.local);
      clock.advance(100);
      expect(b.received).toEqual([]);
    });

    it('stand behind two NATs where a carrier translates again', () => {
      const { clock, network, server } = createNetwork();
      const carrier = network.addAccess({ nat: 'port-restricted', lanPrefix: '100.64.0' });
      const home = network.addAccess({ nat: 'full', behind: carrier });
      const host = new TestSocket(network.addHost({ access: home }));
      clock.advance(0);
      host.send('there', server.local);
      clock.advance(100);
      expect(home.nat.publicAddress).toMatch(/^100\.64\.0\./);
      expect(server.lastFrom.address).toBe(carrier.nat.publicAddress);
      server.send('back', server.lastFrom);
      clock.advance(100);
      expect(host.texts).toEqual(['back']);
    });
  });

  describe('time', () => {
    it('lets promises settle between timers when run', async () => {
      const { clock, network } = createNetwork();
      const order: string[] = [];
      const work = async () => {
        await network.addHost().createHost().network!.localAddresses();
        await Promise.resolve();
        order.push('promise');
      };
      clock.setTimer(1, () => void work());
      clock.setTimer(1, () => order.push('timer'));
      await network.run(10);
      expect(order).toEqual(['promise', 'timer']);
      expect(clock.nowMs()).toBe(10);
      await network.runUntil(() => clock.nowMs() >= 10, 5);
      await expect(network.runUntil(() => false, 5)).rejects.toThrow('not done after 5 ms');
    });

    it('gives the same trace for the same seed, and another one for another', () => {
      const ROUGH = { delayMs: 20, jitterMs: 15, loss: 0.1, lossBurst: 3, duplicate: 0.05 };
      const trace = (seed: number) => {
        const { clock, network } = createNetwork(seed);
        const entries: TraceEntry[] = [];
        network.onTrace = (entry) => entries.push(entry);
        const [a, b] = (['symmetric', 'full'] as const).map(
          (nat) => new TestSocket(network.addHost({ access: { nat, up: ROUGH, down: ROUGH } })),
        ) as [TestSocket, TestSocket];
        const server = new TestSocket(network.addHost(), 1000);
        clock.advance(0);
        for (let i = 0; i < 200; i++) {
          for (const socket of [a, b]) socket.send(String(i), server.local);
          clock.advance(7);
          if (server.received.length > 0) server.send('answer', server.lastFrom);
        }
        clock.advance(1000);
        expect(network.counters.lost).toBeGreaterThan(20);
        return entries;
      };
      expect(trace(1)).toEqual(trace(1));
      expect(trace(2)).not.toEqual(trace(1));
    });
  });
});
