import { XP2PErrorCode } from '../../errors';
import type { CancelTimer, Clock, Random, SocketAddress } from '../../host';
import { isSameSocketAddress } from './nat-mapping';
import type { NatObservation } from './nat-mapping';
import { NatProbe } from './nat-probe';
import type { NatProbeResult, NatProbeTimings } from './nat-probe';

/** Detail of the seed's `natError`. */
export interface NatError {
  /** -2202, or 103 (ECONNABORTED) when the system took the socket away: local servers are gone too. */
  readonly errcode: number;
  readonly message: string;
}

export interface NatProberEvents {
  /** A server has answered: a candidate that is usable at once, long before the probe ends. */
  onObservation?(observation: NatObservation): void;
  onResult?(result: NatProbeResult): void;
  /** The NAT is another one, or maps the socket differently, than when it was last probed. */
  onNatChanged?(change: { readonly before: NatProbeResult; readonly after: NatProbeResult }): void;
  /** No server answered, or the socket failed while they were asked. */
  onNatError?(error: NatError): void;
}

export interface NatProberOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** STUN servers of the socket's family; see `NatProbeOptions`. Read anew for each probe. */
  readonly targets: () => readonly SocketAddress[];
  /** The port that the socket is bound to, 0 if it is not known. */
  readonly localPort: () => number;
  /** Sends through the socket whose mapping is to be known. */
  readonly send: (packet: Uint8Array, to: SocketAddress) => void;
  readonly events: NatProberEvents;
  readonly timings?: NatProbeTimings;
}

const ECONNABORTED = 103;
const CONNECTION_ABORTED = /connection abort|ECONNABORTED|err\w*\W{0,3}(53|103)\b/i;

/**
 * Probes the NAT in front of a socket that is in use for other things as well, so that the mapped
 * address is that socket's. The owner passes on what arrives and `isStunMessage` accepts.
 */
export class NatProber {
  private readonly options: NatProberOptions;
  private probing: {
    readonly probe: NatProbe;
    readonly promise: Promise<NatProbeResult>;
    readonly finish: (result: NatProbeResult) => void;
  } | null = null;
  private previous: NatProbeResult | null = null;
  private cancelTimer: CancelTimer = () => undefined;
  private isClosed = false;

  constructor(options: NatProberOptions) {
    this.options = options;
  }

  /** The result of the last probe that ended, or null. */
  get result(): NatProbeResult | null {
    return this.previous;
  }

  get isProbing(): boolean {
    return this.probing !== null;
  }

  /**
   * Probes now, or joins the probe that is under way. The socket must be bound.
   * @returns the result; never rejects. A closed prober's is `unknown`.
   */
  probe(): Promise<NatProbeResult> {
    if (this.probing) return this.probing.promise;
    const { clock, random, targets, localPort, timings } = this.options;
    const probe = new NatProbe({
      targets: this.isClosed ? [] : targets(),
      random,
      nowMs: clock.nowMs(),
      localPort: localPort(),
      timings,
    });
    if (probe.result) return Promise.resolve(probe.result);
    let finish!: (result: NatProbeResult) => void;
    const promise = new Promise<NatProbeResult>((resolve) => {
      finish = resolve;
    });
    this.probing = { probe, promise, finish };
    this.advance();
    return promise;
  }

  /** Starts over, since the network under the socket is another: answers under way mean the old one. */
  restart(): Promise<NatProbeResult> {
    const superseded = this.probing;
    this.stop();
    const promise = this.probe();
    if (superseded) void promise.then(superseded.finish);
    return promise;
  }

  /**
   * Takes a datagram.
   * @returns whether it was an answer to the present probe; a STUN message that was not is to be dropped.
   */
  receive(packet: Uint8Array, from: SocketAddress): boolean {
    const { clock, events } = this.options;
    const observation = this.probing?.probe.receive(packet, from, clock.nowMs()) ?? null;
    if (observation !== null) events.onObservation?.(observation);
    // An error response may have ended the probe too.
    this.advance();
    return observation !== null;
  }

  /** To be called when the socket has failed, with the detail that its `onError` gave. */
  socketFailed(detail: string): void {
    const errcode = CONNECTION_ABORTED.test(detail) ? ECONNABORTED : XP2PErrorCode.ProbeFailed;
    this.finishWith((probe) => probe.end());
    this.options.events.onNatError?.({ errcode, message: detail });
  }

  /** Ends the probe that is under way; nothing is told of it. */
  cancel(): void {
    this.finishWith((probe) => probe.end());
  }

  /** As `cancel`, and for good. */
  close(): void {
    this.isClosed = true;
    this.cancel();
  }

  private advance(): void {
    const { probing } = this;
    if (probing === null) return;
    const { clock, send } = this.options;
    const { probe } = probing;
    probe.onTimeout(clock.nowMs());
    if (probe.result) return this.complete(probe.result);
    for (;;) {
      const next = probe.nextPacket(clock.nowMs());
      if (next === null) break;
      send(next.packet, next.to);
      // A socket may fail, or the owner close us, from within `send`.
      if (this.probing !== probing) return;
    }
    this.cancelTimer();
    this.cancelTimer = clock.setTimer(probe.nextTimeoutMs(clock.nowMs()) ?? 0, () =>
      this.advance(),
    );
  }

  private complete(after: NatProbeResult): void {
    const { events } = this.options;
    const before = this.previous;
    const { finish } = this.probing!;
    this.stop();
    this.previous = after;
    finish(after);
    events.onResult?.(after);
    if (after.mapping === 'blocked') {
      events.onNatError?.({
        errcode: XP2PErrorCode.ProbeFailed,
        message: 'no STUN server answered',
      });
    } else if (before && !isSameNat(before, after)) events.onNatChanged?.({ before, after });
  }

  /** Resolves the probe that is under way without counting its result. */
  private finishWith(end: (probe: NatProbe) => void): void {
    const { probing } = this;
    if (probing === null) return;
    this.stop();
    end(probing.probe);
    const { result } = probing.probe;
    // Not heard is not blocked when the waiting was cut short.
    probing.finish(
      result!.mapping === 'blocked' ? { ...result!, mapping: 'unknown', precise: false } : result!,
    );
  }

  private stop(): void {
    this.cancelTimer();
    this.probing = null;
  }
}

/**
 * Whether two results can be of one NAT that has kept its mappings. Kinds of mapping are compared
 * only where both are certain, since a lost answer changes none; ports only for the same local port,
 * and not for a NAT that gives each destination its own, which peers never see.
 */
export function isSameNat(before: NatProbeResult, after: NatProbeResult): boolean {
  if ((before.mapping === 'blocked') !== (after.mapping === 'blocked')) return false;
  if (before.precise && after.precise && before.mapping !== after.mapping) return false;
  if (before.observations.length === 0 || after.observations.length === 0) return true;
  const pairs = after.observations.flatMap(({ target, mapped }) => {
    const then = before.observations.find((one) => isSameSocketAddress(one.target, target));
    return then ? [[then.mapped, mapped] as const] : [];
  });
  const arePortsKept =
    before.localPort === after.localPort &&
    before.mapping === 'endpoint-independent' &&
    after.mapping === 'endpoint-independent';
  const isSame = (a: SocketAddress, b: SocketAddress): boolean =>
    arePortsKept ? isSameSocketAddress(a, b) : a.address === b.address;
  if (pairs.length > 0) return pairs.every(([then, now]) => isSame(then, now));
  // Other servers: one address in common will do.
  const addresses = before.mappedAddresses.map(({ address }) => address);
  return after.mappedAddresses.some(({ address }) => addresses.includes(address));
}
