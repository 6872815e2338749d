import type { RemoteInfo, Socket } from 'node:dgram';
import type { Clock, SocketAddress } from '../../services/host';
import { formatStunUrl } from '../../services/p2p/nat';
import { bindUdp, closeUdp, udpAddressesOf } from './bind-udp';
import { reachableAddress } from './reachable-address';
import type { RelayCounters } from './relay-counters';
import { SourceLimiter } from './source-limiter';
import type { SourceLimiterOptions } from './source-limiter';
import { answerStunRequest, readStunRequest } from './stun-responder';

export interface StunServerOptions {
  readonly clock: Clock;
  readonly counters: Pick<RelayCounters, 'stunAnswered' | 'stunRefused' | 'stunIgnored'>;
  /** Address to listen at; `::` takes IPv4 as well. */
  readonly host: string;
  /** A second address of this machine: only with one can a client tell every kind of NAT apart. */
  readonly host2?: string;
  /** The first UDP port; the second is the next one. 0 takes free ones. */
  readonly port: number;
  /** Whether other ports will do when these are taken (default false). */
  readonly mayMove?: boolean;
  readonly limits?: SourceLimiterOptions;
}

/** Generous for many clients behind one address: a probe is four requests, or some more. */
const DEFAULT_LIMITS: SourceLimiterOptions = {
  perSource: { ratePerS: 50, burst: 200 },
  total: { ratePerS: 5_000, burst: 5_000 },
  maxSources: 4_096,
};
const MAX_PORT = 65_535;
const WILDCARDS = ['0.0.0.0', '::'];

/**
 * A STUN server (RFC 8489): tells clients the address they are seen with, at one or two addresses
 * with two ports each. It keeps no state but the limiter's table.
 */
export class StunServer {
  private readonly limiter: SourceLimiter;
  private sockets: readonly Socket[] = [];

  /** @throws Error when there is a second address beside "all addresses". */
  constructor(private readonly options: StunServerOptions) {
    const { clock, host, host2, limits = DEFAULT_LIMITS } = options;
    if (host2 !== undefined && [host, host2].some((one) => WILDCARDS.includes(one))) {
      throw new Error('a second STUN address needs one single address as the first');
    }
    this.limiter = new SourceLimiter(limits, clock.nowMs());
  }

  /**
   * Starts listening.
   * @returns `stun:` URLs at which this machine reaches the server: each address with each port.
   * @throws Error saying what to do when an address or a port cannot be had.
   */
  async start(): Promise<{ readonly urls: readonly string[] }> {
    const { host, host2, port, mayMove = false } = this.options;
    const hosts = host2 === undefined ? [host] : [host, host2];
    const addresses = (await Promise.all(hosts.map(udpAddressesOf))).flat();
    const first = this.adopt(await bindUdp(addresses, port, mayMove));
    const nextPort = portOf(first) < MAX_PORT ? portOf(first) + 1 : 0;
    let second: readonly Socket[];
    try {
      second = this.adopt(await bindUdp(addresses, nextPort, mayMove || port === 0));
    } catch (error) {
      await this.close();
      throw error;
    }
    this.serve(first, second);
    this.serve(second, first);
    const urls = hosts.flatMap((one) =>
      [first, second].map((sockets) =>
        formatStunUrl({ address: reachableAddress(one), port: portOf(sockets) }),
      ),
    );
    return { urls };
  }

  async close(): Promise<void> {
    const { sockets } = this;
    this.sockets = [];
    await closeUdp(sockets);
  }

  private adopt(sockets: readonly Socket[]): readonly Socket[] {
    // An error of one datagram, such as an unreachable client, must not end the process.
    for (const socket of sockets) socket.on('error', () => undefined);
    this.sockets = [...this.sockets, ...sockets];
    return sockets;
  }

  /** @param others the sockets at the other port, in the same order of addresses. */
  private serve(sockets: readonly Socket[], others: readonly Socket[]): void {
    for (const socket of sockets) {
      const { address, family } = socket.address();
      // RFC 5780 §7.4: what differs in both address and port.
      const other =
        this.options.host2 === undefined
          ? undefined
          : others
              .map((one) => one.address())
              .find((one) => one.family === family && one.address !== address);
      socket.on('message', (packet, from) => this.answer(socket, packet, from, other));
    }
  }

  private answer(socket: Socket, packet: Buffer, from: RemoteInfo, other?: SocketAddress): void {
    const { clock, counters } = this.options;
    const request = readStunRequest(packet);
    if (typeof request === 'string') {
      counters.stunIgnored[request]++;
      return;
    }
    if (!this.limiter.allow(from.address, clock.nowMs())) {
      counters.stunIgnored.rate++;
      return;
    }
    const answer = answerStunRequest(request, packet.length, from, other);
    if (answer === null) return;
    if (answer.kind === 'success') counters.stunAnswered++;
    else counters.stunRefused++;
    socket.send(answer.packet, from.port, from.address, () => undefined);
  }
}

function portOf(sockets: readonly Socket[]): number {
  return sockets[0]!.address().port;
}
