import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { RelayCounters } from '../../../agents/relay/relay-counters';
import { createRelayMetrics } from '../../../agents/relay/relay-metrics';
import { StunServer } from '../../../agents/relay/stun-server';
import type { StunServerOptions } from '../../../agents/relay/stun-server';
import type { IpFamily, SocketAddress } from '../../../services/host';
import { createNodeHost } from '../../../services/host/node';
import {
  decodeStunMessage,
  encodeBindingRequest,
  parseStunUrl,
  probeNat,
} from '../../../services/p2p/nat';
import type { StunMessage } from '../../../services/p2p/nat';
import { ManualClock } from '../manual-clock';

const { clock, random, openUdpSocket } = createNodeHost();
const hasIpv6 = Object.values(networkInterfaces()).some((infos) =>
  infos?.some((info) => info.address === '::1'),
);

/** Whether this machine lets a socket be bound to the address: macOS has 127.0.0.1 only. */
const canBind = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.on('error', () => resolve(false));
    socket.bind({ address, port: 0 }, () => socket.close(() => resolve(true)));
  });

describe('StunServer', () => {
  const servers: StunServer[] = [];
  let counters: RelayCounters;

  beforeEach(() => {
    counters = new RelayCounters();
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  const start = async (options: Partial<StunServerOptions> = {}): Promise<SocketAddress[]> => {
    const server = new StunServer({ clock, counters, host: '127.0.0.1', port: 0, ...options });
    servers.push(server);
    return (await server.start()).urls.map((url) => parseStunUrl(url)!);
  };

  /** Sends datagrams in turn from one socket, and collects the answers until `count` are there. */
  const ask = (
    to: SocketAddress,
    packets: readonly Uint8Array[],
    count: number,
    family: IpFamily = 'ipv4',
  ): Promise<{ readonly localPort: number; readonly answers: StunMessage[] }> =>
    new Promise((resolve, reject) => {
      const answers: StunMessage[] = [];
      const socket = openUdpSocket(family, {
        onBound: () => packets.forEach((packet) => socket.send(packet, to)),
        onMessage: (packet) => {
          answers.push(decodeStunMessage(packet)!);
          if (answers.length < count) return;
          const { localPort } = socket;
          socket.close();
          resolve({ localPort, answers });
        },
        onError: reject,
      });
    });
  const request = (): Uint8Array => encodeBindingRequest({ transactionId: random.bytes(12) });

  it('tells clients their address, at two ports', async () => {
    const targets = await start();
    expect(targets).toHaveLength(2);
    expect(targets[1]!.port).not.toBe(targets[0]!.port);
    for (const target of targets) {
      const { localPort, answers } = await ask(target, [request()], 1);
      expect(answers[0]!.mappedAddress).toMatchObject({ address: '127.0.0.1', port: localPort });
    }
    expect(counters.stunAnswered).toBe(2);
  });

  (hasIpv6 ? it : it.skip)('serves IPv4 and IPv6 at the address that means all', async () => {
    const [target] = await start({ host: '::' });
    expect(target!.address).toBe('127.0.0.1');
    const v6 = await ask({ address: '::1', port: target!.port }, [request()], 1, 'ipv6');
    expect(v6.answers[0]!.mappedAddress).toMatchObject({ address: '::1', port: v6.localPort });
    const v4 = await ask(target!, [request()], 1);
    expect(v4.answers[0]!.mappedAddress).toMatchObject({ address: '127.0.0.1' });
  });

  it('is all that a probe needs, with a second address', async () => {
    const host2 = (await canBind('127.0.0.2')) ? '127.0.0.2' : undefined;
    const targets = await start({ host2 });
    expect(targets).toHaveLength(host2 === undefined ? 2 : 4);
    const result = await probeNat({
      openUdpSocket,
      clock,
      random,
      family: 'ipv4',
      targets,
    });
    expect(result).toMatchObject({
      mapping: 'endpoint-independent',
      precise: host2 !== undefined,
      portPreserved: true,
    });
    if (host2 === undefined) return;
    const long = encodeBindingRequest({ transactionId: random.bytes(12), software: 'test' });
    const { answers } = await ask(targets[0]!, [long], 1);
    expect(answers[0]!.otherAddress).toMatchObject(targets[3]!);
  });

  it('answers nothing but requests', async () => {
    const [target] = await start();
    const indication = request();
    indication[1] = 0x11;
    const noise = [new Uint8Array(0), new Uint8Array(500).fill(1), indication];
    const wanted = request();
    const { answers } = await ask(target!, [...noise, wanted], 1);
    expect(answers[0]!.transactionId).toEqual(wanted.subarray(8, 20));
    expect(counters.stunAnswered).toBe(1);
    expect(counters.stunIgnored).toMatchObject({ 'not-stun': 2, 'not-a-request': 1 });
  });

  it('limits the rate of one source', async () => {
    const manual = new ManualClock();
    const [target] = await start({
      clock: manual,
      limits: {
        perSource: { ratePerS: 1, burst: 3 },
        total: { ratePerS: 100, burst: 100 },
        maxSources: 10,
      },
    });
    const { answers } = await ask(target!, [1, 2, 3, 4, 5].map(request), 3);
    expect(answers).toHaveLength(3);
    manual.advance(1_000);
    await ask(target!, [request()], 1);
    expect(counters.stunAnswered).toBe(4);
    expect(counters.stunIgnored.rate).toBe(2);
  });

  it('shows what it does in the metrics of the relay', async () => {
    const [target] = await start();
    await ask(target!, [new Uint8Array(3), request()], 1);
    const registry = createRelayMetrics(counters);
    const text = await registry.metrics();
    registry.clear();
    expect(text).toContain('relay_stun_answered_total 1');
    expect(text).toContain('relay_stun_ignored_total{reason="not-stun"} 1');
  });

  it('moves to free ports when it may, and says what to do when it may not', async () => {
    const [taken] = await start();
    const moved = await start({ port: taken!.port, mayMove: true });
    expect(moved.map(({ port }) => port)).not.toContain(taken!.port);
    await expect(start({ port: taken!.port })).rejects.toThrow(
      `UDP port ${taken!.port} at 127.0.0.1 is taken`,
    );
  });

  it('gives the first port back when it cannot have the second', async () => {
    const [first, second] = await start();
    await servers.pop()!.close();
    const blocker = createSocket('udp4');
    await new Promise<void>((resolve) =>
      blocker.bind({ address: '127.0.0.1', port: second!.port }, resolve),
    );
    await expect(start({ port: first!.port })).rejects.toThrow(`UDP port ${second!.port}`);
    await new Promise<void>((resolve) => blocker.close(() => resolve()));
    await start({ port: first!.port });
  });

  it('refuses addresses that it cannot have', async () => {
    await expect(start({ host: '192.0.2.1' })).rejects.toThrow('no address of this machine');
    const pair = { clock, counters, host: '0.0.0.0', host2: '127.0.0.1', port: 0 };
    expect(() => new StunServer(pair)).toThrow('one single address');
  });

  it('can be closed twice', async () => {
    await start();
    await servers[0]!.close();
    await servers[0]!.close();
  });
});
