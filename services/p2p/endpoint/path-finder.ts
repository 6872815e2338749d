import type { CancelTimer, Clock, SocketAddress } from '../../host';
import type { PathTier, Route } from '../session';
import { PathTier as Tier } from '../session';
import { tierOf } from './routes';

/** Candidates tried in one round: what either side announced, and what probes came from. */
const MAX_CANDIDATES = 32;
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
  /** The tier of the path that carries the data at present. */
  readonly activeTier: () => PathTier;
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
  private lastRoundMs = -Infinity;
  private rounds = MAX_ROUNDS;
  private earnedAtMs = -Infinity;
  private cancelTimer: CancelTimer = () => undefined;
  private stopped = false;

  constructor(options: PathFinderOptions) {
    this.options = options;
  }

  /** The peer has announced these; all of them are tried in the present round and later ones. */
  setPeerAddresses(addresses: readonly SocketAddress[]): void {
    for (const address of addresses) this.add(address, true);
  }

  /** A probe of the peer came from here: its NAT gave it an address nobody knew (peer-reflexive). */
  onProbed(route: Route): void {
    const address = this.options.addressOf(route);
    if (address === undefined) return;
    const isNew = !this.candidates.has(route);
    this.add(address, false);
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

  /** Begins a round, unless one has just begun. @param ask whether the peer is to be asked to join. */
  start(ask: boolean): void {
    const nowMs = this.options.clock.nowMs();
    if (this.stopped || nowMs - this.lastRoundMs < MIN_BETWEEN_ROUNDS_MS) return;
    this.rounds = Math.min(MAX_ROUNDS, this.rounds + (nowMs - this.earnedAtMs) / ROUND_MS);
    this.earnedAtMs = nowMs;
    if (this.rounds < 1) return;
    this.rounds--;
    this.lastRoundMs = nowMs;
    this.startedAtMs = nowMs;
    if (ask) this.options.requestPunch();
    this.tick();
  }

  stop(): void {
    this.stopped = true;
    this.cancelTimer();
  }

  private add(address: SocketAddress, announced: boolean): void {
    const route = this.options.routeTo(address);
    if (route === null) return;
    const known = this.candidates.get(route);
    if (known !== undefined) {
      known.announced ||= announced;
      return;
    }
    if (this.candidates.size >= MAX_CANDIDATES) {
      // The oldest gives way: networks change, and what is announced now counts.
      for (const oldest of this.candidates.keys()) {
        this.candidates.delete(oldest);
        break;
      }
    }
    this.candidates.set(route, { tier: tierOf(address.address), announced });
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
    for (const [route, { tier, announced }] of this.candidates) {
      if (this.wants(tier)) this.options.probe(route, announced);
    }
    this.schedule(elapsed < QUICK_FOR_MS ? QUICK_MS : SLOW_MS, () => this.tick());
  }

  private retry(): void {
    if (this.options.activeTier() === Tier.Relay && this.options.openPath !== null)
      this.start(true);
    else this.schedule(RETRY_MS, () => this.retry());
  }

  /** A way is worth trying while no better or equal one carries the data. */
  private wants(tier: PathTier): boolean {
    return tier < this.options.activeTier();
  }

  private schedule(delayMs: number, call: () => void): void {
    this.cancelTimer();
    this.cancelTimer = this.options.clock.setTimer(delayMs, call);
  }
}
