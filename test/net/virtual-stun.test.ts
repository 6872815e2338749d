import { probeNat } from '../../services/p2p/nat';
import type { NatProbeResult } from '../../services/p2p/nat';
import { reflect } from './naive-puncher';
import { TestSocket } from './test-socket';
import { VirtualClock } from './virtual-clock';
import { VirtualNetwork } from './virtual-network';
import { addStunServers } from './virtual-stun';

describe('addStunServers', () => {
  it.each([
    ['none', 'endpoint-independent'],
    ['full', 'endpoint-independent'],
    ['address-restricted', 'endpoint-independent'],
    ['port-restricted', 'endpoint-independent'],
    ['symmetric', 'address-and-port-dependent'],
    ['udp-blocked', 'blocked'],
  ] as const)('shows the engine what kind of mapping %s has', async (nat, expected) => {
    const network = new VirtualNetwork(new VirtualClock(), 1);
    const { ipv4 } = addStunServers(network);
    const host = network.addHost({ access: { nat } });
    const { clock, random, openUdpSocket } = host.createHost();
    const probe = { clock, random, openUdpSocket: openUdpSocket!, targets: ipv4 };
    let result: NatProbeResult | null = null;
    void probeNat({ ...probe, family: 'ipv4' }).then((it) => (result = it));
    await network.runUntil(() => result !== null, 20_000);
    expect(result).toMatchObject({
      mapping: expected,
      precise: true,
      ...(nat === 'udp-blocked' ? {} : { rttMs: 40, portPreserved: nat !== 'symmetric' }),
    });
  });

  it('answers at two addresses with two ports each, on IPv6 as well, until turned off', () => {
    const clock = new VirtualClock();
    const network = new VirtualNetwork(clock, 1);
    const stun = addStunServers(network, reflect);
    const host = new TestSocket(network.addHost({ access: { nat: 'full', ipv6: 'open' } }));
    const host6 = new TestSocket(host.host, undefined, 'ipv6');
    clock.advance(0);
    for (const server of stun.ipv4) host.send('?', server);
    for (const server of stun.ipv6) host6.send('?', server);
    host.send('what', stun.ipv4[0]!);
    clock.advance(100);
    const seen = `seen ${host.host.access!.nat.publicAddress} ${host.local.port} `;
    expect(host.texts).toEqual(Array(4).fill(seen));
    const { address, port } = host6.local;
    expect(host6.texts).toEqual(Array(4).fill(`seen ${address} ${port} `));
    for (const { received } of [host, host6]) {
      expect(new Set(received.map(({ from }) => from.address)).size).toBe(2);
      expect(new Set(received.map(({ from }) => from.port)).size).toBe(2);
    }
    expect(stun.counters).toEqual({ answered: 8, ignored: 1 });
    stun.answers = false;
    host.send('?', stun.ipv4[0]!);
    clock.advance(100);
    expect(host.received).toHaveLength(4);
  });
});
