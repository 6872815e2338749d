import fc from 'fast-check';
import type { SocketAddress } from '../../../../services/host';
import { NatProbe, decodeStunMessage, encodeBindingSuccess } from '../../../../services/p2p/nat';
import type { StunPacket } from '../../../../services/p2p/nat';
import { SeededRandom } from '../../../net/seeded-random';

const TARGETS: SocketAddress[] = [
  { address: '192.0.2.1', port: 3478 },
  { address: '192.0.2.1', port: 3479 },
];

describe('NatProbe', () => {
  const create = (targets = TARGETS) =>
    new NatProbe({ targets, random: new SeededRandom(1), nowMs: 0, localPort: 5 });
  const drain = (probe: NatProbe, nowMs: number): StunPacket[] => {
    const packets: StunPacket[] = [];
    for (let next = probe.nextPacket(nowMs); next; next = probe.nextPacket(nowMs))
      packets.push(next);
    return packets;
  };
  const answer = ({ packet }: StunPacket, port = 5): Uint8Array =>
    encodeBindingSuccess({
      transactionId: decodeStunMessage(packet)!.transactionId,
      mappedAddress: { address: '198.51.100.1', port },
    });

  it('asks all servers at once, and again at growing intervals (RFC 8489 §6.2.1)', () => {
    const probe = create();
    const first = drain(probe, 0);
    expect(first.map(({ to }) => to)).toEqual(TARGETS);
    const times: number[] = [];
    for (let nowMs = 0; ;) {
      const waitMs = probe.nextTimeoutMs(nowMs);
      if (waitMs === null) break;
      nowMs += waitMs;
      probe.onTimeout(nowMs);
      const again = drain(probe, nowMs);
      if (again.length > 0) times.push(nowMs);
      // A retransmission is the same request, transaction id and all.
      for (const { packet, to } of again) {
        expect(packet).toEqual(first.find((one) => one.to === to)!.packet);
      }
    }
    expect(times).toEqual([200, 600, 1_400, 3_000, 6_200]);
    expect(probe.result).toMatchObject({ mapping: 'blocked', precise: true, observations: [] });
  });

  it('leaves servers that have answered in peace', () => {
    const probe = create();
    const [one] = drain(probe, 0);
    expect(probe.receive(answer(one!), one!.to, 30)).toMatchObject({ rttMs: 30 });
    expect(drain(probe, 200).map(({ to }) => to)).toEqual([TARGETS[1]]);
    expect(probe.observations).toHaveLength(1);
    expect(probe.nextTimeoutMs(200)).toBe(400);
  });

  it('ends when all have answered', () => {
    const probe = create();
    for (const sent of drain(probe, 0)) probe.receive(answer(sent), sent.to, 25);
    expect(probe.result).toEqual({
      mapping: 'endpoint-independent',
      precise: false,
      observations: TARGETS.map((target) => ({
        target,
        mapped: { address: '198.51.100.1', port: 5 },
        rttMs: 25,
        otherAddress: null,
      })),
      mappedAddresses: [{ address: '198.51.100.1', port: 5 }],
      portPreserved: true,
      rttMs: 25,
      localPort: 5,
    });
    expect([probe.nextPacket(9_000), probe.nextTimeoutMs(9_000)]).toEqual([null, null]);
  });

  it('tells of servers that are elsewhere as well', () => {
    const probe = create();
    const [sent] = drain(probe, 0);
    const packet = encodeBindingSuccess({
      transactionId: decodeStunMessage(sent!.packet)!.transactionId,
      mappedAddress: { address: '198.51.100.1', port: 5 },
      otherAddress: { address: '203.0.113.1', port: 3479 },
    });
    expect(probe.receive(packet, sent!.to, 5)!.otherAddress).toEqual({
      address: '203.0.113.1',
      port: 3479,
    });
  });

  it('has nothing to do without servers', () => {
    expect(create([]).result).toMatchObject({ mapping: 'unknown', rttMs: null });
  });

  it('asks eight servers at most', () => {
    const many = Array.from({ length: 20 }, (_, i) => ({ address: '192.0.2.1', port: i + 1 }));
    expect(drain(create(many), 0)).toHaveLength(8);
  });

  it('takes answers of a server known by name from its port, wherever it is', () => {
    const probe = create([{ address: 'stun.example', port: 3478 }]);
    const [sent] = drain(probe, 0);
    expect(probe.receive(answer(sent!), { address: '192.0.2.9', port: 1 }, 5)).toBeNull();
    expect(probe.receive(answer(sent!), { address: '192.0.2.9', port: 3478 }, 5)).not.toBeNull();
  });

  it('compares addresses, not their spelling', () => {
    const probe = create([{ address: '2001:DB8:0::1', port: 1 }]);
    const [sent] = drain(probe, 0);
    expect(sent!.to.address).toBe('2001:db8::1');
    expect(probe.receive(answer(sent!), { address: '2001:0db8::0001', port: 1 }, 5)).not.toBeNull();
  });

  it('does not know whether a port is kept that it does not know', () => {
    const probe = new NatProbe({
      targets: [TARGETS[0]!],
      random: new SeededRandom(1),
      nowMs: 0,
      localPort: 0,
    });
    const [sent] = drain(probe, 0);
    probe.receive(answer(sent!), sent!.to, 5);
    expect(probe.result!.portPreserved).toBeNull();
  });

  it('survives whatever arrives, and ends in time', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 30 }), (packets) => {
        const probe = create();
        const [sent] = drain(probe, 0);
        for (const noise of packets) {
          probe.receive(noise, TARGETS[0]!, 10);
          const spoiled = answer(sent!);
          spoiled.set(noise.subarray(0, spoiled.length));
          probe.receive(spoiled, TARGETS[1]!, 10);
        }
        probe.onTimeout(10_000);
        expect(probe.result).not.toBeNull();
      }),
    );
  });
});
