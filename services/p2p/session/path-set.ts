import { Path, PathTier } from './path';
import type { Route } from './path';

/** Paths a session keeps at once; more candidates are tried one after the other. */
export const MAX_PATHS = 8;
/** A path that broke is preferred again only after it has worked for this long. */
const RECOVERED_AFTER_MS = 2000;
/** A path of the same tier must be better by this much, and by this share, to be changed to. */
const RTT_GAIN_MS = 5;
const RTT_GAIN_SHARE = 0.2;
/** Between two changes for a better round trip. */
const MIN_STAY_MS = 2000;
/** A path that is suspect, or has not answered yet, is given up after this long. */
const GIVE_UP_MS = 10_000;

/** The paths of a session, and which one carries its data. */
export class PathSet {
  private readonly paths = new Map<number, Path>();
  private current: Path;
  private changedAtMs = 0;
  /** Ids are never used again: a nonce must not repeat. */
  private nextId = 1;

  constructor(first: Path) {
    this.paths.set(first.id, first);
    this.current = first;
  }

  /** The path that carries new data. */
  get active(): Path {
    return this.current;
  }

  get(id: number): Path | undefined {
    return this.paths.get(id);
  }

  byRoute(route: Route): Path | undefined {
    for (const path of this.paths.values()) if (path.route === route) return path;
    return undefined;
  }

  all(): IterableIterator<Path> {
    return this.paths.values();
  }

  /** The next id the initiator uses, or the responder expects at the least. */
  get expectedId(): number {
    return this.nextId;
  }

  /** @returns null when there are as many as are kept. */
  open(id: number, route: Route, tier: PathTier, nowMs: number): Path | null {
    if (this.paths.size >= MAX_PATHS) return null;
    this.nextId = Math.max(this.nextId, id + 1);
    const path = new Path(id, route, tier, 0, nowMs);
    this.paths.set(id, path);
    return path;
  }

  remove(path: Path): void {
    this.paths.delete(path.id);
  }

  /** Paths that have not worked for too long; the relay's is never given up. */
  expired(nowMs: number): Path[] {
    return [...this.paths.values()].filter((path) => {
      if (path.tier === PathTier.Relay) return false;
      const sinceMs = path.suspectSinceMs ?? (path.validated ? null : path.goodSinceMs);
      return sinceMs !== null && nowMs - sinceMs >= GIVE_UP_MS;
    });
  }

  /**
   * Chooses the path for new data: by tier, then by round trip, with hysteresis.
   * @returns the one before, when it is another one now; else null.
   */
  choose(nowMs: number): Path | null {
    let best: Path | null = null;
    for (const path of this.paths.values()) {
      if (this.isEligible(path, nowMs) && (best === null || this.isBetter(path, best, nowMs))) {
        best = path;
      }
    }
    // With none that works, the relay's path is where a sign of life is most likely.
    best ??= this.fallback();
    if (best === this.current) return null;
    const before = this.current;
    this.current = best;
    this.changedAtMs = nowMs;
    return before;
  }

  /** When `choose` may come to another result without anything happening; null when it will not. */
  nextChoiceMs(nowMs: number): number | null {
    let due: number | null = null;
    for (const path of this.paths.values()) {
      if (!path.works || path === this.current || path.breaks === 0) continue;
      const provenMs = path.goodSinceMs + RECOVERED_AFTER_MS;
      if (provenMs > nowMs && path.tier < this.current.tier)
        due = Math.min(due ?? Infinity, provenMs);
    }
    return due;
  }

  private isEligible(path: Path, nowMs: number): boolean {
    if (!path.works) return false;
    const proven = path.breaks === 0 || nowMs - path.goodSinceMs >= RECOVERED_AFTER_MS;
    return proven || path === this.current || !this.current.works;
  }

  private isBetter(path: Path, than: Path, nowMs: number): boolean {
    if (path.tier !== than.tier) return path.tier < than.tier;
    if (than !== this.current && path !== this.current) return rtt(path) < rtt(than);
    const stays = nowMs - this.changedAtMs < MIN_STAY_MS;
    const [other, held] = path === this.current ? [than, path] : [path, than];
    const gain = Math.max(RTT_GAIN_MS, rtt(held) * RTT_GAIN_SHARE);
    const otherWins = !stays && rtt(other) + gain < rtt(held);
    return otherWins === (other === path);
  }

  private fallback(): Path {
    for (const path of this.paths.values()) {
      if (path.tier === PathTier.Relay && path.usable) return path;
    }
    for (const path of this.paths.values()) if (path.usable && path.validated) return path;
    return this.current;
  }
}

function rtt(path: Path): number {
  return path.recovery.rtt.hasSample ? path.recovery.rtt.smoothedMs : Infinity;
}
