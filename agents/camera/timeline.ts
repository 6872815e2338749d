/** Farther apart than this, two tags do not belong to the same run of a source. */
const MAX_STEP_MS = 10_000;
/** What lies between the last tag before a break and the first one after it. */
const SEAM_MS = 40;

/**
 * Turns a source's timestamps into one time that never wraps and never breaks off.
 *
 * A source that starts over, or whose clock jumps, goes on where it was: players take a gap for a
 * stall, and a step back for the end.
 */
export class Timeline {
  private lastRawMs: number | null = null;
  private lastMs = -SEAM_MS;
  private latestMs = -SEAM_MS;

  /** @param rawMs the source's timestamp, unsigned 32 bit. */
  next(rawMs: number): number {
    // As signed 32 bit the difference is right across the wrap-around too.
    const stepMs = this.lastRawMs === null ? null : (rawMs - this.lastRawMs) | 0;
    this.lastRawMs = rawMs;
    const continuous = stepMs !== null && Math.abs(stepMs) <= MAX_STEP_MS;
    this.lastMs = continuous ? this.lastMs + stepMs : this.latestMs + SEAM_MS;
    this.latestMs = Math.max(this.latestMs, this.lastMs);
    return this.lastMs;
  }

  /** The source starts over: its next timestamp has nothing to do with the last one. */
  restart(): void {
    this.lastRawMs = null;
  }
}
