import { NaivePuncher, reflect } from './naive-puncher';
import type { NatKind } from './nat-box';
import { PUNCH_KINDS, PUNCH_MATRIX } from './punch-matrix';
import { TestSocket } from './test-socket';
import { VirtualClock } from './virtual-clock';
import { VirtualNetwork } from './virtual-network';
import { addStunServers } from './virtual-stun';

/** Two hosts behind NATs try to reach each other, as two that exchanged their addresses would. */
function punch(natA: NatKind, natB: NatKind, seed = 11) {
  const clock = new VirtualClock();
  const network = new VirtualNetwork(clock, seed);
  const { ipv4 } = addStunServers(network, reflect);
  const [a, b] = [natA, natB].map((nat) => {
    const host = network.addHost({ access: { nat, up: { delayMs: 20 }, down: { delayMs: 20 } } });
    const { openUdpSocket } = host.createHost();
    return new NaivePuncher(openUdpSocket!, clock, ipv4);
  }) as [NaivePuncher, NaivePuncher];
  clock.advance(500);
  const startedMs = clock.nowMs();
  a.punch(b.mapped.flatMap((address) => address ?? []));
  b.punch(a.mapped.flatMap((address) => address ?? []));
  let tookMs: number | null = null;
  for (let i = 0; i < 500 && tookMs === null; i++) {
    clock.advance(10);
    if (a.connected !== null && b.connected !== null) tookMs = clock.nowMs() - startedMs;
  }
  return { a, b, tookMs };
}

describe('hole punching through the virtual network', () => {
  it.each(PUNCH_MATRIX)('%s with %s: %s', (natA, natB, expected) => {
    const { a, b, tookMs } = punch(natA, natB);
    if (expected === 'none') {
      expect(tookMs).toBeNull();
      return;
    }
    expect(tookMs).toBeLessThan(400);
    // Whoever talks to a symmetric side finds it at a port that no server has seen.
    expect(a.isPeerReflexive).toBe(natB === 'symmetric');
    expect(b.isPeerReflexive).toBe(natA === 'symmetric');
    expect(a.isPeerReflexive || b.isPeerReflexive).toBe(expected === 'reflexive');
  });

  it.each(PUNCH_KINDS)('shows %s where every server sees the same address, or not', (nat) => {
    const { a } = punch(nat, 'udp-blocked');
    const addresses = new Set(a.mapped.map((mapped) => `${mapped?.address} ${mapped?.port}`));
    expect(addresses.size).toBe(nat === 'symmetric' ? 4 : 1);
  });

  it('finds no way where UDP is blocked, and no server answers', () => {
    const { a, tookMs } = punch('udp-blocked', 'none');
    expect(tookMs).toBeNull();
    expect(a.mapped).toEqual([]);
  });

  it('takes place between IPv6 hosts behind firewalls, without any translation', () => {
    const clock = new VirtualClock();
    const network = new VirtualNetwork(clock, 3);
    const { ipv6 } = addStunServers(network, reflect);
    const [a, b] = [1, 2].map(() => {
      const host = network.addHost({ access: { nat: 'symmetric', ipv6: 'firewall' } });
      return new NaivePuncher(host.createHost().openUdpSocket!, clock, ipv6);
    }) as [NaivePuncher, NaivePuncher];
    clock.advance(500);
    const stranger = new TestSocket(network.addHost({ access: { ipv6: 'open' } }), 9, 'ipv6');
    clock.advance(1);
    stranger.send('let me in', a.mapped[0]!);
    clock.advance(100);
    expect(network.counters.filtered).toBe(1);
    a.punch([b.mapped[0]!]);
    b.punch([a.mapped[0]!]);
    clock.advance(400);
    expect([a.connected, b.connected]).toEqual([b.mapped[0], a.mapped[0]]);
  });
});
