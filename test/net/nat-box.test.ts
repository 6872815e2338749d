import type { NatBoxOptions, NatKind } from './nat-box';
import { TestSocket } from './test-socket';
import type { VirtualAccess } from './virtual-access';
import { VirtualClock } from './virtual-clock';
import { VirtualNetwork } from './virtual-network';

const RTT_MS = 100;

/** A host behind a NAT, and two public hosts with two sockets each. */
class World {
  readonly clock = new VirtualClock();
  readonly network = new VirtualNetwork(this.clock, 5);
  readonly access: VirtualAccess;
  readonly inside: TestSocket;
  readonly first = new TestSocket(this.network.addHost(), 1000);
  readonly firstOtherPort = new TestSocket(this.first.host, 2000);
  readonly second = new TestSocket(this.network.addHost(), 1000);

  constructor(nat: NatKind | NatBoxOptions) {
    this.access = this.network.addAccess({ nat });
    this.inside = new TestSocket(this.network.addHost({ access: this.access }));
    this.pass();
  }

  get nat() {
    return this.access.nat;
  }

  pass(durationMs = RTT_MS): void {
    this.clock.advance(durationMs);
  }

  /** Sends from inside; returns the port the receiver sees. */
  portSeenBy(remote: TestSocket, from = this.inside): number {
    from.send('out', remote.local);
    this.pass();
    return remote.lastFrom.port;
  }

  /** Whether a datagram of `remote` to the mapping that `first` knows comes in. */
  letsIn(remote: TestSocket, to = this.first.lastFrom): boolean {
    const before = this.inside.received.length;
    remote.send('in', to);
    this.pass();
    return this.inside.received.length > before;
  }
}

const MATRIX = [
  // kind, one port for all destinations, lets in: same address, other port; other address
  ['full', true, true, true],
  ['address-restricted', true, true, false],
  ['port-restricted', true, false, false],
  ['symmetric', false, false, false],
] as const;

describe('NatBox', () => {
  describe.each(MATRIX)('%s', (kind, isOnePort, letsOtherPort, letsOtherAddress) => {
    it('hides the host behind its own address', () => {
      const world = new World(kind);
      world.portSeenBy(world.first);
      expect(world.first.lastFrom.address).toBe(world.nat.publicAddress);
      expect(world.inside.local.address).not.toBe(world.nat.publicAddress);
    });

    it(isOnePort ? 'maps a socket to one port' : 'maps each destination to another port', () => {
      const world = new World(kind);
      const { first, firstOtherPort, second, inside } = world;
      const ports = [first, firstOtherPort, second].map((remote) => world.portSeenBy(remote));
      expect(new Set(ports).size).toBe(isOnePort ? 1 : 3);
      if (isOnePort) expect(ports[0]).toBe(inside.local.port);
      else expect(ports).not.toContain(inside.local.port);
      expect(world.nat.mappings).toBe(isOnePort ? 1 : 3);
    });

    it('lets answers in, and others as its filtering says', () => {
      const world = new World(kind);
      world.portSeenBy(world.first);
      expect(world.letsIn(world.first)).toBe(true);
      expect(world.letsIn(world.firstOtherPort)).toBe(letsOtherPort);
      expect(world.letsIn(world.second)).toBe(letsOtherAddress);
      expect(world.nat.counters.filtered).toBe(Number(!letsOtherPort) + Number(!letsOtherAddress));
    });

    it('drops what nobody asked for, and keeps no state of it', () => {
      const world = new World(kind);
      const { port } = world.inside.local;
      const unasked = { address: world.nat.publicAddress!, port };
      expect(world.letsIn(world.first, unasked)).toBe(false);
      expect(world.nat.mappings).toBe(0);
      // The port is not taken by the stranger's datagram.
      if (isOnePort) expect(world.portSeenBy(world.second)).toBe(port);
    });

    it('forgets a flow without an answer after 30 s', () => {
      const world = new World(kind);
      world.portSeenBy(world.first);
      world.pass(29_800);
      expect(world.letsIn(world.first)).toBe(true);
      const other = new World(kind);
      other.portSeenBy(other.first);
      other.pass(30_100);
      expect(other.letsIn(other.first)).toBe(false);
    });

    it('forgets an answered flow 120 s after its last datagram', () => {
      const world = new World(kind);
      world.portSeenBy(world.first);
      for (let i = 0; i < 3; i++) {
        expect(world.letsIn(world.first)).toBe(true);
        world.pass(119_800);
      }
      expect(world.letsIn(world.first)).toBe(true);
      world.pass(120_100);
      expect(world.letsIn(world.first)).toBe(false);
    });

    it('gives a socket another port after a restart, and lets nobody in until it has sent', () => {
      const world = new World(kind);
      const before = world.portSeenBy(world.first);
      const old = world.first.lastFrom;
      world.nat.rebind();
      expect(world.letsIn(world.first, old)).toBe(false);
      const after = world.portSeenBy(world.first);
      expect(after).not.toBe(before);
      expect(world.letsIn(world.first)).toBe(true);
      expect(world.portSeenBy(world.second) === after).toBe(isOnePort);
    });

    it('does not hairpin', () => {
      const world = new World(kind);
      const neighbour = new TestSocket(world.network.addHost({ access: world.access }));
      world.pass();
      world.portSeenBy(world.first);
      neighbour.send('to the public address', world.first.lastFrom);
      world.pass();
      expect(world.inside.received).toEqual([]);
      expect(world.nat.counters.hairpinned).toBe(1);
    });
  });

  it('gives a second socket another port while its own is taken, and only so long', () => {
    const world = new World('port-restricted');
    const port = world.portSeenBy(world.first);
    const neighbour = new TestSocket(world.network.addHost({ access: world.access }), port);
    world.pass();
    expect(world.portSeenBy(world.first, neighbour)).not.toBe(port);
    world.pass(200_000);
    expect(world.portSeenBy(world.first, neighbour)).toBe(port);
  });

  it('takes other timeouts', () => {
    const world = new World({
      kind: 'port-restricted',
      unrepliedTimeoutMs: 5000,
      repliedTimeoutMs: 10_000,
    });
    world.portSeenBy(world.first);
    world.pass(4800);
    expect(world.letsIn(world.first)).toBe(true);
    world.pass(9800);
    expect(world.letsIn(world.first)).toBe(true);
    world.pass(10_100);
    expect(world.letsIn(world.first)).toBe(false);
  });

  it('lets everybody reach hosts behind a mere router', () => {
    const world = new World('none');
    expect(world.nat.publicAddress).toBeNull();
    expect(world.letsIn(world.first, world.inside.local)).toBe(true);
    expect(world.portSeenBy(world.first)).toBe(world.inside.local.port);
    expect(world.first.lastFrom).toEqual(world.inside.local);
  });

  it('lets answers in only to public hosts behind a firewall', () => {
    const world = new World('firewall');
    expect(world.letsIn(world.first, world.inside.local)).toBe(false);
    world.portSeenBy(world.first);
    expect(world.first.lastFrom).toEqual(world.inside.local);
    expect(world.letsIn(world.first)).toBe(true);
    expect(world.letsIn(world.firstOtherPort)).toBe(false);
    expect(world.letsIn(world.second)).toBe(false);
  });

  it('lets no UDP through where it is blocked', () => {
    const world = new World('udp-blocked');
    world.inside.send('out', world.first.local);
    world.pass();
    expect(world.first.received).toEqual([]);
    expect(world.nat.counters.blocked).toBe(1);
    const { port } = world.inside.local;
    expect(world.letsIn(world.first, { address: world.nat.publicAddress!, port })).toBe(false);
  });
});
