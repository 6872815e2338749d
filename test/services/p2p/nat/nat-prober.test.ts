import { XP2PErrorCode } from '../../../../services/errors';
import type { SocketAddress } from '../../../../services/host';
import { NatProber, encodeBindingSuccess, isSameNat, probeNat } from '../../../../services/p2p/nat';
import type { NatProbeResult, NatProberEvents } from '../../../../services/p2p/nat';
import { SeededRandom } from '../../../net/seeded-random';
import { VirtualClock } from '../../../net/virtual-clock';
import { LOCAL_PORT, NAT_RULES, StunNet } from './stun-net';

const TARGETS: SocketAddress[] = ['192.0.2.1', '203.0.113.1'].flatMap((address) =>
  [3478, 3479].map((port) => ({ address, port })),
);

const isTarget = ({ address, port }: SocketAddress, index: number): boolean =>
  address === TARGETS[index]!.address && port === TARGETS[index]!.port;

describe('NatProber', () => {
  let clock: VirtualClock;
  let net: StunNet;
  let events: jest.Mocked<Required<NatProberEvents>>;
  let prober: NatProber;
  let targets: SocketAddress[];
  let localPort: number;

  beforeEach(() => {
    clock = new VirtualClock();
    net = new StunNet(clock);
    targets = TARGETS;
    localPort = LOCAL_PORT;
    events = {
      onObservation: jest.fn(),
      onResult: jest.fn(),
      onNatChanged: jest.fn(),
      onNatError: jest.fn(),
    };
    prober = new NatProber({
      clock,
      random: new SeededRandom(3),
      targets: () => targets,
      localPort: () => localPort,
      send: (packet, to) => net.send(packet, to),
      events,
    });
    net.deliver = (packet, from) => void prober.receive(packet, from);
  });

  const run = async (): Promise<NatProbeResult> => {
    net.forgetAttempts();
    const result = prober.probe();
    while (clock.step());
    return result;
  };

  it.each([
    ['endpointIndependent', 'endpoint-independent', 1, false],
    ['portPreserving', 'endpoint-independent', 1, true],
    ['addressDependent', 'address-dependent', 2, false],
    ['addressAndPortDependent', 'address-and-port-dependent', 4, false],
  ] as const)(
    'recognises a NAT that is %s, in one round trip',
    async (rule, mapping, count, kept) => {
      net.rule = NAT_RULES[rule];
      const result = await run();
      expect(result).toMatchObject({ mapping, precise: true, portPreserved: kept, rttMs: 20 });
      expect(result.mappedAddresses).toHaveLength(count);
      expect(prober.result).toBe(result);
      expect(events.onResult.mock.calls).toEqual([[result]]);
      expect(events.onObservation).toHaveBeenCalledTimes(4);
      expect([events.onNatChanged.mock.calls, events.onNatError.mock.calls]).toEqual([[], []]);
      expect(net.sent).toHaveLength(4);
    },
  );

  it('tells a candidate as soon as the first server answers', () => {
    net.delayMs = (to) => (isTarget(to, 2) ? 15 : 900);
    void prober.probe();
    clock.advance(20);
    expect(events.onObservation.mock.calls).toEqual([
      [
        {
          target: TARGETS[2],
          mapped: { address: '198.51.100.20', port: 61_000 },
          rttMs: 15,
          otherAddress: null,
        },
      ],
    ]);
    expect(events.onResult).not.toHaveBeenCalled();
  });

  it('asks again for what was lost', async () => {
    net.isLost = (_, attempt) => attempt < 3;
    const result = await run();
    expect(result).toMatchObject({ mapping: 'endpoint-independent', precise: true });
    expect(net.sent.map(({ atMs }) => atMs)).toEqual([0, 200, 600].flatMap((t) => [t, t, t, t]));
  });

  it('is less certain when one address does not answer, and ends after 2 s', async () => {
    net.rule = NAT_RULES.addressDependent;
    net.isLost = (to) => to.address === '203.0.113.1';
    const result = await run();
    expect(result).toMatchObject({ mapping: 'endpoint-independent', precise: false });
    expect(clock.nowMs()).toBeLessThanOrEqual(2_000);
  });

  it('is less certain with fewer servers', async () => {
    targets = TARGETS.slice(0, 1);
    expect(await run()).toMatchObject({ mapping: 'unknown', precise: false, portPreserved: false });
    targets = [];
    expect(await run()).toMatchObject({ mapping: 'unknown', observations: [] });
    expect(events.onNatError).not.toHaveBeenCalled();
  });

  it('waits up to 10 s for a slow network', async () => {
    net.delayMs = () => 7_000;
    expect(await run()).toMatchObject({ mapping: 'endpoint-independent', rttMs: 7_000 });
  });

  it('reports a blocked network after 10 s', async () => {
    net.isLost = () => true;
    const result = await run();
    expect(result).toMatchObject({
      mapping: 'blocked',
      precise: true,
      portPreserved: null,
      rttMs: null,
    });
    expect(clock.nowMs()).toBe(10_000);
    expect(events.onNatError.mock.calls).toEqual([
      [{ errcode: XP2PErrorCode.ProbeFailed, message: 'no STUN server answered' }],
    ]);
  });

  it('does not call a network blocked whose servers refuse', async () => {
    net.isError = () => true;
    expect(await run()).toMatchObject({ mapping: 'unknown', observations: [] });
    expect(net.sent).toHaveLength(4);
    expect(events.onNatError).not.toHaveBeenCalled();
  });

  it('ignores forged answers', async () => {
    const result = prober.probe();
    const forged = (transactionId: Uint8Array): Uint8Array =>
      encodeBindingSuccess({ transactionId, mappedAddress: { address: '6.6.6.6', port: 666 } });
    const realId = net.sent[0]!.packet.subarray(8, 20);
    expect(prober.receive(forged(new Uint8Array(12).fill(6)), TARGETS[0]!)).toBe(false);
    expect(prober.receive(forged(realId), { address: '6.6.6.6', port: 3478 })).toBe(false);
    expect(prober.receive(forged(realId), { address: '192.0.2.1', port: 3479 })).toBe(false);
    expect(prober.receive(Uint8Array.of(1, 2, 3), TARGETS[0]!)).toBe(false);
    // A request of someone else's with our transaction id is no answer either.
    expect(prober.receive(net.sent[0]!.packet, TARGETS[0]!)).toBe(false);
    while (clock.step());
    expect((await result).mappedAddresses).toEqual([{ address: '198.51.100.20', port: 61_000 }]);
  });

  it('takes an answer once, and none after the end', async () => {
    const result = prober.probe();
    clock.advance(1);
    const late = encodeBindingSuccess({
      transactionId: net.sent[0]!.packet.subarray(8, 20),
      mappedAddress: { address: '198.51.100.99', port: 1 },
    });
    while (clock.step());
    expect(prober.receive(late, TARGETS[0]!)).toBe(false);
    expect((await result).mappedAddresses).toHaveLength(1);
    net.delayMs = (to) => (isTarget(to, 0) ? 3_000 : 20);
    const second = await run();
    expect(second.observations).toHaveLength(3);
    expect(events.onObservation).toHaveBeenCalledTimes(7);
  });

  it('joins a probe that is under way', async () => {
    const [a, b] = [prober.probe(), prober.probe()];
    expect(a).toBe(b);
    while (clock.step());
    await a;
    expect(net.sent).toHaveLength(4);
  });

  it('starts over when the network is another, and answers both who asked', async () => {
    net.delayMs = () => 300;
    const old = prober.probe();
    clock.advance(250);
    net.rule = NAT_RULES.portPreserving;
    const fresh = prober.restart();
    while (clock.step());
    expect(await old).toBe(await fresh);
    expect((await fresh).mappedAddresses).toEqual([{ address: '198.51.100.20', port: LOCAL_PORT }]);
    expect(events.onResult).toHaveBeenCalledTimes(1);
  });

  describe('natChanged', () => {
    const change = async (alter: () => void): Promise<void> => {
      const before = await run();
      alter();
      const after = await run();
      const told = events.onNatChanged.mock.lastCall;
      if (told) expect(told).toEqual([{ before, after }]);
    };

    it('tells of another address, another port and another kind', async () => {
      await change(() => (net.rule = () => ({ address: '198.51.100.99', port: 61_000 })));
      expect(events.onNatChanged).toHaveBeenCalledTimes(1);
      await change(() => (net.rule = () => ({ address: '198.51.100.99', port: 61_001 })));
      expect(events.onNatChanged).toHaveBeenCalledTimes(2);
      await change(() => (net.rule = NAT_RULES.addressAndPortDependent));
      expect(events.onNatChanged).toHaveBeenCalledTimes(3);
    });

    it('is silent when nothing has changed', async () => {
      await change(() => undefined);
      await change(() => (net.delayMs = () => 90));
      expect(events.onNatChanged).not.toHaveBeenCalled();
    });

    it('is silent when a lost answer makes the result less certain', async () => {
      net.rule = NAT_RULES.addressDependent;
      await change(() => (net.isLost = (to) => to.address === '203.0.113.1'));
      await change(() => (net.isLost = () => false));
      expect(events.onNatChanged).not.toHaveBeenCalled();
    });

    it('is silent about ports of another socket, or that no peer sees', async () => {
      await change(() => {
        localPort = 50_001;
        net.rule = () => ({ address: '198.51.100.20', port: 61_001 });
      });
      const shifted = (by: number) => (to: SocketAddress) => {
        const { address, port } = NAT_RULES.addressAndPortDependent(to);
        return { address, port: port + by };
      };
      net.rule = shifted(0);
      await run();
      events.onNatChanged.mockClear();
      await change(() => (net.rule = shifted(1)));
      expect(events.onNatChanged).not.toHaveBeenCalled();
    });

    it('tells that a blocked network has opened', async () => {
      net.isLost = () => true;
      await change(() => (net.isLost = () => false));
      expect(events.onNatChanged).toHaveBeenCalledTimes(1);
      expect(events.onNatError).toHaveBeenCalledTimes(1);
    });

    it('compares addresses when the servers are others', async () => {
      await change(() => (targets = [{ address: '192.0.2.77', port: 1 }]));
      expect(events.onNatChanged).not.toHaveBeenCalled();
      await change(() => {
        targets = [{ address: '192.0.2.78', port: 1 }];
        net.rule = () => ({ address: '198.51.100.1', port: 61_000 });
      });
      expect(events.onNatChanged).toHaveBeenCalledTimes(1);
    });
  });

  it.each([
    ['Software caused connection abort', 103],
    ['errno: 53', 103],
    ['EBADF', XP2PErrorCode.ProbeFailed],
  ])('reports a socket that failed with "%s" as %i', async (detail, errcode) => {
    const result = prober.probe();
    prober.socketFailed(detail);
    expect(events.onNatError.mock.calls).toEqual([[{ errcode, message: detail }]]);
    expect(await result).toMatchObject({ mapping: 'unknown', precise: false });
    expect(events.onResult).not.toHaveBeenCalled();
    expect(await run()).toMatchObject({ mapping: 'endpoint-independent' });
  });

  it('is silent once closed, and lets nobody wait', async () => {
    const result = prober.probe();
    prober.close();
    expect(await result).toMatchObject({ mapping: 'unknown' });
    expect(await prober.probe()).toMatchObject({ mapping: 'unknown' });
    while (clock.step());
    expect(net.sent).toHaveLength(4);
    expect(events.onResult).not.toHaveBeenCalled();
    expect(isSameNat(await result, await prober.probe())).toBe(true);
  });

  it('can be closed from within the socket', async () => {
    const closing = new NatProber({
      clock,
      random: new SeededRandom(4),
      targets: () => TARGETS,
      localPort: () => 1,
      send: () => closing.close(),
      events: {},
    });
    expect(await closing.probe()).toMatchObject({ mapping: 'unknown' });
    expect(clock.step()).toBe(false);
  });
});

describe('probeNat', () => {
  let clock: VirtualClock;
  let net: StunNet;
  let onNatError: jest.Mock;

  beforeEach(() => {
    clock = new VirtualClock();
    net = new StunNet(clock);
    onNatError = jest.fn();
  });

  const start = () =>
    probeNat({
      openUdpSocket: net.openUdpSocket,
      clock,
      random: new SeededRandom(5),
      family: 'ipv4',
      targets: TARGETS,
      events: { onNatError },
    });

  it('probes through a socket of its own, and closes it', async () => {
    net.rule = NAT_RULES.portPreserving;
    const result = start();
    while (clock.step());
    expect(await result).toMatchObject({ mapping: 'endpoint-independent', portPreserved: true });
    expect(net.closedSockets).toBe(1);
  });

  it('ends when the socket fails', async () => {
    const result = start();
    clock.advance(5);
    net.socketEvents!.onError('ECONNABORTED');
    expect(await result).toMatchObject({ mapping: 'unknown' });
    expect(onNatError.mock.calls).toEqual([[{ errcode: 103, message: 'ECONNABORTED' }]]);
    expect(net.closedSockets).toBe(1);
  });

  it('ends when the socket cannot be bound', async () => {
    net.bindDelayMs = null;
    const result = start();
    clock.advance(2_000);
    expect(await result).toMatchObject({ mapping: 'unknown' });
    expect(onNatError).toHaveBeenCalledTimes(1);
    expect(net.closedSockets).toBe(1);
  });
});
