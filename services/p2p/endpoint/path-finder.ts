import type { CancelTimer, Clock, SocketAddress } from '../../host';
import type { PathTier, Route } from '../session';
import { PathTier as Tier } from '../session';
import { tierOf } from './routes';

/** Candidates tried in one round: what the peer announced, and what its probes came from. */
const MAX_CANDIDATES = 32;
/** Probes at a time; more candidates take turns, so that nobody turns us into a flood. */
const MAX_AT_A_TIME = 8;
/** Quick at first, for the moment when both sides punch; then with patience. */
const QUICK_MS = 50;
const QUICK_FOR_MS = 2000;
const SLOW_MS = 250;
const ROUND_MS = 10_000;
/** While the relay carries the data, a new round is begun this often. */
const RETRY_MS = 60_000;
/** A peer can bring rounds about, so their number is bounded: nobody shall turn us into a source of packets. */
const MIN_BETWEEN_ROUNDS_MS = 2000;
/** Rounds that may be begun at once; one more is earned with each `ROUND_MS`. */
const MAX_ROUNDS = 6;

export interface PathFinderOptions {
  readonly clock: Clock;
  /** The route to an address, null when there is no way to try it. */
  readonly routeTo: (address: SocketAddress) => Route | null;
  readonly addressOf: (route: Route) => SocketAddress | undefined;
  /** Sends a sealed probe. @param announced whether the peer has named the address itself. */
  readonly probe: (route: Route, announced: boolean) => void;
  /** Asks the peer to punch at the same time. */
  readonly requestPunch: () => void;
  /** Makes sure that the candidates we have announced still hold. */
  readonly refresh: () => void;
  /** The tier of the path that carries the data at present; the relay's while none works. */
  readonly workingTier: () => PathTier;
  /** Makes a route that answered into a path; only the initiator does. */
  readonly openPath: ((route: Route, tier: PathTier) => void) | null;
}

/**
 * Looks for ways past the relay: probes the peer's candidates while the peer probes ours, so that each
 * side's packets open its NAT for the other's (RFC 8445's checks, without its roles' ceremony). It runs
 * beside the video and is never waited for.
 */
export class PathFinder {
  private readonly options: PathFinderOptions;
  private readonly candidates = new Map<Route, { readonly tier: PathTier; announced: boolean }>();
  private startedAtMs: number | null = null;
  private punchedAtMs = -Infinity;
  private nextCandidate = 0;
  private rounds = MAX_ROUNDS;
  private earnedAtMs = -Infinity;
  private cancelTimer: CancelTimer = () => undefined;
  private stopped = false;

  constructor(options: PathFinderOptions) {
    this.options = options;
  }

  /** The peer has announced these; they are tried in the present round and later ones. */
  setPeerAddresses(addresses: readonly SocketAddress[]): void {
    let isNew = false;
    for (const address of addresses) isNew = this.add(address, true) || isNew;
    // The peer has moved, and finds us where we are.
    const isIdle = this.startedAtMs === null;
    if (isNew && isIdle && this.options.openPath !== null && this.mayPunch()) this.start();
  }

  /** A probe of the peer came from here: its NAT gave it an address nobody knew (peer-reflexive). */
  onProbed(route: Route): void {
    const address = this.options.addressOf(route);
    if (address === undefined) return;
    const isNew = this.add(address, false);
    // The peer's packets get through to us, so the way back is likely open: ask at once.
    if (isNew && this.wants(tierOf(address.address))) this.options.probe(route, false);
  }

  onAnswered(route: Route): void {
    const { openPath, addressOf } = this.options;
    const address = addressOf(route);
    if (address === undefined || openPath === null) return;
    const tier = tierOf(address.address);
    if (this.wants(tier)) openPath(route, tier);
  }

  /** Begins a round, for a reason of our own, and asks the peer to join. */
  start(): void {
    if (this.stopped) return;
    this.options.requestPunch();
    this.begin();
  }

  /** A path is gone or silent, which may be the peer's doing. */
  onPathLost(): void {
    if (this.mayPunch()) this.start();
  }

  /** The peer has begun a round. */
  onPunch(): void {
    if (this.stopped || !this.mayPunch()) return;
    this.options.refresh();
    this.begin();
  }

  stop(): void {
    this.stopped = true;
    this.cancelTimer();
  }

  /** Whether the peer may cause a round now. */
  private mayPunch(): boolean {
    const nowMs = this.options.clock.nowMs();
    if (nowMs - this.punchedAtMs < MIN_BETWEEN_ROUNDS_MS) return false;
    this.rounds = Math.min(MAX_ROUNDS, this.rounds + (nowMs - this.earnedAtMs) / ROUND_MS);
    this.earnedAtMs = nowMs;
    if (this.rounds < 1) return false;
    this.rounds--;
    this.punchedAtMs = nowMs;
    return true;
  }

  private begin(): void {
    this.startedAtMs = this.options.clock.nowMs();
    this.tick();
  }

  /** @returns whether the address was not known yet. */
  private add(address: SocketAddress, announced: boolean): boolean {
    const route = this.options.routeTo(address);
    if (route === null) return false;
    const known = this.candidates.get(route);
    if (known !== undefined) {
      known.announced ||= announced;
      return false;
    }
    if (this.candidates.size >= MAX_CANDIDATES) {
      // The oldest gives way: networks change, and what is announced now counts.
      for (const oldest of this.candidates.keys()) {
        this.candidates.delete(oldest);
        break;
      }
    }
    this.candidates.set(route, { tier: tierOf(address.address), announced });
    return true;
  }

  private tick(): void {
    if (this.stopped || this.startedAtMs === null) return;
    const nowMs = this.options.clock.nowMs();
    const elapsed = nowMs - this.startedAtMs;
    if (elapsed >= ROUND_MS) {
      this.startedAtMs = null;
      this.schedule(RETRY_MS, () => this.retry());
      return;
    }
    this.probeSome();
    this.schedule(elapsed < QUICK_FOR_MS ? QUICK_MS : SLOW_MS, () => this.tick());
  }

  private probeSome(): void {
    const wanted = [...this.candidates].filter(([, { tier }]) => this.wants(tier));
    const count = Math.min(wanted.length, MAX_AT_A_TIME);
    for (let i = 0; i < count; i++) {
      const [route, { announced }] = wanted[this.nextCandidate++ % wanted.length]!;
      this.options.probe(route, announced);
    }
  }

  private retry(): void {
    if (this.options.workingTier() === Tier.Relay && this.options.openPath !== null) {
      this.options.refresh();
      this.start();
    } else this.schedule(RETRY_MS, () => this.retry());
  }

  /** A way is worth trying while no better or equal one carries the data. */
  private wants(tier: PathTier): boolean {
    return tier < this.options.workingTier();
  }

  private schedule(delayMs: number, call: () => void): void {
    this.cancelTimer();
    this.cancelTimer = this.options.clock.setTimer(delayMs, call);
  }
}
