import { canonicalIpAddress } from '../../host';
import type { Random, SocketAddress } from '../../host';
import { equalBytes } from '../session';
import { classifyMapping, isSameSocketAddress } from './nat-mapping';
import type { NatMapping, NatObservation } from './nat-mapping';
import { STUN_BINDING, STUN_TRANSACTION_ID_BYTES, decodeStunMessage } from './stun';
import { encodeBindingRequest } from './stun-encoder';

export interface NatProbeTimings {
  /** Time to the first retransmission, doubled for each further one (RFC 8489 §6.2.1), in ms (default 200). */
  readonly rtoMs?: number;
  /**
   * Time after which the probe ends with what has been answered, in ms (default 2 000); when the first
   * answer comes later, the others get another `rtoMs`.
   */
  readonly quickMs?: number;
  /** Time after which the probe ends without any answer, in ms (default 10 000). */
  readonly hardMs?: number;
}

export interface NatProbeOptions {
  /**
   * STUN servers of the socket's family, at most 8; best are two addresses with two ports each. A
   * host name is as good as an address, but two names are taken for two addresses.
   */
  readonly targets: readonly SocketAddress[];
  readonly random: Random;
  readonly nowMs: number;
  /** The port that the socket is bound to, 0 if it is not known. */
  readonly localPort: number;
  readonly timings?: NatProbeTimings;
}

export interface NatProbeResult {
  readonly mapping: NatMapping;
  /** Whether `mapping` is certain, see `NatClassification`. */
  readonly precise: boolean;
  /** One for each server that answered, in the order of the targets. */
  readonly observations: readonly NatObservation[];
  /** The addresses seen from outside, each once: server-reflexive candidates. */
  readonly mappedAddresses: readonly SocketAddress[];
  /** Whether every mapping has the local port's number; null when one or the other is not known. */
  readonly portPreserved: boolean | null;
  /** The smallest round trip to a server, in ms; null without an answer. */
  readonly rttMs: number | null;
  readonly localPort: number;
}

export interface StunPacket {
  readonly packet: Uint8Array;
  readonly to: SocketAddress;
}

interface Transaction {
  readonly target: SocketAddress;
  readonly request: Uint8Array;
  readonly id: Uint8Array;
  state: 'open' | 'answered' | 'failed';
  /** When the request goes out next, and after which further interval then. */
  sendAtMs: number;
  intervalMs: number;
  observation: NatObservation | null;
}

const MAX_TARGETS = 8;
const DEFAULT_RTO_MS = 200;
const DEFAULT_QUICK_MS = 2_000;
const DEFAULT_HARD_MS = 10_000;
/** Also makes the request long enough for an answer with OTHER-ADDRESS from a server that must not amplify. */
const SOFTWARE = 'taro-iot-video';

/**
 * Asks several STUN servers at once how they see one socket (RFC 8489 Binding, RFC 5780 §4.3). It
 * does no I/O: `nextPacket` until null, then `onTimeout` after `nextTimeoutMs`, and `receive`, until
 * `result` is there.
 */
export class NatProbe {
  private readonly transactions: readonly Transaction[];
  private readonly startMs: number;
  private readonly rtoMs: number;
  private readonly quickMs: number;
  private readonly hardMs: number;
  private readonly localPort: number;
  private firstAnswerMs: number | null = null;
  private ended: NatProbeResult | null = null;

  constructor(options: NatProbeOptions) {
    const { targets, random, nowMs, timings = {} } = options;
    this.startMs = nowMs;
    this.localPort = options.localPort;
    this.rtoMs = timings.rtoMs ?? DEFAULT_RTO_MS;
    this.quickMs = timings.quickMs ?? DEFAULT_QUICK_MS;
    this.hardMs = timings.hardMs ?? DEFAULT_HARD_MS;
    this.transactions = targets.slice(0, MAX_TARGETS).map((target) => {
      const id = random.bytes(STUN_TRANSACTION_ID_BYTES);
      return {
        target: { ...target, address: canonicalIpAddress(target.address) ?? target.address },
        id,
        request: encodeBindingRequest({ transactionId: id, software: SOFTWARE, fingerprint: true }),
        state: 'open',
        sendAtMs: nowMs,
        intervalMs: this.rtoMs,
        observation: null,
      };
    });
    this.onTimeout(nowMs);
  }

  /** Null until the probe has ended. */
  get result(): NatProbeResult | null {
    return this.ended;
  }

  /** What has been answered so far. */
  get observations(): readonly NatObservation[] {
    return this.transactions.flatMap(({ observation }) => observation ?? []);
  }

  /** The next request that is due, or null. */
  nextPacket(nowMs: number): StunPacket | null {
    if (this.ended) return null;
    const due = this.transactions.find((one) => one.state === 'open' && one.sendAtMs <= nowMs);
    if (due === undefined) return null;
    due.sendAtMs = nowMs + due.intervalMs;
    due.intervalMs *= 2;
    return { packet: due.request, to: due.target };
  }

  /**
   * Takes a datagram.
   * @returns the new observation, or null for anything that is not the first answer to a request of
   *   this probe, from the server it was sent to.
   */
  receive(packet: Uint8Array, from: SocketAddress, nowMs: number): NatObservation | null {
    if (this.ended) return null;
    const message = decodeStunMessage(packet);
    if (message === null || message.method !== STUN_BINDING) return null;
    const transaction = this.transactions.find(
      ({ state, id }) => state === 'open' && equalBytes(id, message.transactionId),
    );
    if (transaction === undefined || !isFrom(transaction.target, from)) return null;
    if (message.messageClass === 'success') {
      // RFC 8489 §6.3.3: one that cannot be processed ends its transaction.
      const understood = message.unknownRequired.length === 0 && message.mappedAddress !== null;
      transaction.state = understood ? 'answered' : 'failed';
    } else if (message.messageClass === 'error') {
      transaction.state = 'failed';
    } else return null;
    this.firstAnswerMs ??= nowMs;
    if (transaction.state === 'answered') {
      const { mappedAddress, otherAddress } = message;
      transaction.observation = {
        target: transaction.target,
        mapped: { address: mappedAddress!.address, port: mappedAddress!.port },
        rttMs: nowMs - this.startMs,
        otherAddress: otherAddress && { address: otherAddress.address, port: otherAddress.port },
      };
    }
    this.onTimeout(nowMs);
    return transaction.observation;
  }

  /** Time until `onTimeout` or `nextPacket` has something to do, in ms; null once the probe has ended. */
  nextTimeoutMs(nowMs: number): number | null {
    if (this.ended) return null;
    const sends = this.transactions
      .filter(({ state }) => state === 'open')
      .map(({ sendAtMs }) => sendAtMs);
    return Math.max(0, Math.min(this.deadlineMs, ...sends) - nowMs);
  }

  /** Ends the probe when its time is over or nothing is left to wait for. */
  onTimeout(nowMs: number): void {
    if (this.ended) return;
    const isOver =
      nowMs >= this.deadlineMs || this.transactions.every(({ state }) => state !== 'open');
    if (isOver) this.end();
  }

  /** Ends the probe now, with what has been answered. */
  end(): void {
    this.ended ??= this.summary();
  }

  private get deadlineMs(): number {
    const hardMs = this.startMs + this.hardMs;
    if (this.firstAnswerMs === null) return hardMs;
    const quickMs = Math.max(this.startMs + this.quickMs, this.firstAnswerMs + this.rtoMs);
    return Math.min(quickMs, hardMs);
  }

  private summary(): NatProbeResult {
    const { observations, localPort } = this;
    const isBlocked = this.transactions.length > 0 && this.firstAnswerMs === null;
    const mappedAddresses = observations
      .map(({ mapped }) => mapped)
      .filter((one, at, all) => all.findIndex((other) => isSameSocketAddress(one, other)) === at);
    return {
      ...classifyMapping(observations),
      ...(isBlocked && { mapping: 'blocked', precise: true }),
      observations,
      mappedAddresses,
      portPreserved:
        observations.length > 0 && localPort > 0
          ? mappedAddresses.every(({ port }) => port === localPort)
          : null,
      rttMs: observations.length > 0 ? Math.min(...observations.map(({ rttMs }) => rttMs)) : null,
      localPort,
    };
  }
}

/** A server that is known by name may answer from any address; its transaction id has to do. */
function isFrom(target: SocketAddress, from: SocketAddress): boolean {
  if (canonicalIpAddress(target.address) === null) return from.port === target.port;
  return from.port === target.port && canonicalIpAddress(from.address) === target.address;
}
