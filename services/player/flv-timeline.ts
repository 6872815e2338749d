/** Sound and picture of one moment may be this far out of order in the stream, in ms. */
const MAX_STEP_BACK_MS = 500;
/** A larger step ahead is a new clock, not a pause, in ms. */
const MAX_STEP_AHEAD_MS = 10_000;
/** What is put between the end of one clock and the start of the next: a frame at 25 pictures/s. */
const SEAM_MS = 40;

/**
 * Maps a stream's timestamps to a time that begins at 0 and goes on when the camera's clock jumps:
 * it restarts, is set, or wraps at 2^32 ms.
 */
export class FlvTimeline {
  private base: number | null = null;
  private latestMs = 0;

  /** The latest time handed out, in ms. */
  get nowMs(): number {
    return this.latestMs;
  }

  /** @param timestampMs unsigned 32 bit, as the tag has it */
  place(timestampMs: number): number {
    this.base ??= timestampMs;
    // The difference as a signed 32-bit number is right across the wrap.
    let placed = (timestampMs - this.base) | 0;
    const step = placed - this.latestMs;
    if (step < -MAX_STEP_BACK_MS || step > MAX_STEP_AHEAD_MS) {
      placed = this.latestMs + SEAM_MS;
      this.base = timestampMs - placed;
    }
    placed = Math.max(0, placed);
    this.latestMs = Math.max(this.latestMs, placed);
    return placed;
  }
}
