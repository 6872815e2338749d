export interface GoneNoticeLimiterOptions {
  /** Shortest time between two notices about one destination, in ms (default 200). */
  readonly intervalMs?: number;
  /** Destinations remembered at a time (default 32). */
  readonly maxDestinations?: number;
}

/**
 * Decides whether a sender is told once more that a destination is gone.
 *
 * Each sender has its own, so that one cannot use up another's notices. Whoever tries more
 * destinations within the interval than are remembered gets silence, not an amplifier.
 */
export class GoneNoticeLimiter {
  private readonly intervalMs: number;
  private readonly maxDestinations: number;
  /** When each destination was last named; oldest first, since a repeated notice moves to the end. */
  private readonly noticed = new Map<string, number>();

  constructor(options: GoneNoticeLimiterOptions = {}) {
    this.intervalMs = options.intervalMs ?? 200;
    this.maxDestinations = options.maxDestinations ?? 32;
  }

  allow(destination: string, nowMs: number): boolean {
    for (const [key, atMs] of this.noticed) {
      if (nowMs - atMs < this.intervalMs) break;
      this.noticed.delete(key);
    }
    if (this.noticed.has(destination) || this.noticed.size >= this.maxDestinations) return false;
    this.noticed.set(destination, nowMs);
    return true;
  }
}
