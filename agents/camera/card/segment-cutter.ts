import type { SegmentCause } from './segment';

/** A frame as it arrives. */
export interface ArrivingFrame {
  /** Its time on the source's own line, in ms. */
  readonly timeMs: number;
  /** Whether a file can begin with it. */
  readonly canStart: boolean;
  /** Clocks at its arrival: wall in unix ms, monotonic. */
  readonly wallMs: number;
  readonly nowMs: number;
}

export interface Placement {
  /** The open segment ends at this time, in unix ms, before the frame. */
  readonly endMs: number | null;
  /** A segment begins with the frame. */
  readonly start: { readonly startMs: number; readonly cause: SegmentCause } | null;
  /** The frame's time within its segment; null when it is not recorded. */
  readonly timestampMs: number | null;
}

interface OpenSegment {
  readonly startMs: number;
  readonly startTimeMs: number;
  /** Wall clock minus monotonic clock. */
  readonly wallOffsetMs: number;
  lastTimeMs: number;
  /** The least delay with which a frame came, against the time that it is recorded under. */
  leastLatenessMs: number;
}

/** A wall clock that departs this far from the monotonic one within a segment was set. */
const CLOCK_STEP_MS = 1_000;
/** Frames this far apart have a gap between them. */
const MAX_STEP_MS = 2_000;
/** A source may hold frames back for so long, and deliver them late, in a burst. */
const MAX_LATENESS_MS = 10_000;
/** From one segment to the next, recorded time is brought this far towards the wall clock unseen. */
const MAX_SLEW_MS = 50;
/** A source that is later than this throughout a segment has left something out. */
const MAX_UNSEEN_MS = 500;
/** How long the last picture of a segment lasts when none follows it. */
export const LAST_FRAME_MS = 40;

/**
 * Decides where segments begin and end, and which time they are recorded under.
 *
 * Within a segment time is the source's. Wall clock and source drift apart, slowly: that is made up
 * for from segment to segment. When they come apart at once, a new segment begins with a gap before.
 */
export class SegmentCutter {
  private open: OpenSegment | null = null;
  private cause: SegmentCause = 'start';
  private lastEndMs = 0;

  constructor(private readonly segmentMs: number) {}

  /** @param full the open segment is large enough, whatever its length. */
  next(frame: ArrivingFrame, full = false): Placement {
    const endMs = this.endBefore(frame, full);
    if (endMs !== null) this.finish(endMs);
    if (this.open) {
      const timestampMs = frame.timeMs - this.open.startTimeMs;
      // Sound that belongs to a picture before the first one.
      if (timestampMs < 0) return { endMs, start: null, timestampMs: null };
      this.open.lastTimeMs = Math.max(this.open.lastTimeMs, frame.timeMs);
      this.open.leastLatenessMs = Math.min(this.open.leastLatenessMs, this.lateness(frame));
      return { endMs, start: null, timestampMs };
    }
    if (!frame.canStart) return { endMs, start: null, timestampMs: null };
    const start = { startMs: this.startOf(frame), cause: this.cause };
    this.open = {
      startMs: start.startMs,
      startTimeMs: frame.timeMs,
      wallOffsetMs: frame.wallMs - frame.nowMs,
      lastTimeMs: frame.timeMs,
      leastLatenessMs: frame.wallMs - start.startMs,
    };
    this.cause = 'gap';
    return { endMs, start, timestampMs: 0 };
  }

  /**
   * Ends the open segment at its last frame.
   * @returns the time at which it ends, in unix ms; null when none is open.
   */
  stop(cause: SegmentCause): number | null {
    const endMs = this.open && this.endOfLastFrame(this.open);
    if (endMs === null) return null;
    this.finish(endMs);
    this.cause = cause;
    return endMs;
  }

  private endBefore(frame: ArrivingFrame, full: boolean): number | null {
    const { open } = this;
    if (!open) return null;
    const clockStepMs = frame.wallMs - frame.nowMs - open.wallOffsetMs;
    const latenessMs = this.lateness(frame);
    if (Math.abs(clockStepMs) > CLOCK_STEP_MS || latenessMs < -MAX_LATENESS_MS) {
      this.cause = 'clock';
      return this.endOfLastFrame(open);
    }
    if (frame.timeMs - open.lastTimeMs > MAX_STEP_MS || latenessMs > MAX_LATENESS_MS) {
      this.cause = 'gap';
      return this.endOfLastFrame(open);
    }
    const elapsedMs = frame.timeMs - open.startTimeMs;
    const mayEnd = frame.canStart && (elapsedMs >= this.segmentMs || full);
    const mustEnd = elapsedMs > 2 * this.segmentMs + MAX_LATENESS_MS;
    if (!mayEnd && !mustEnd) return null;
    if (!mayEnd || open.leastLatenessMs > MAX_UNSEEN_MS) {
      this.cause = 'gap';
      return this.endOfLastFrame(open);
    }
    this.cause = 'next';
    const slewMs = Math.max(-MAX_SLEW_MS, Math.min(MAX_SLEW_MS, open.leastLatenessMs));
    return open.startMs + elapsedMs + slewMs;
  }

  private startOf({ wallMs }: ArrivingFrame): number {
    if (this.cause === 'next') return this.lastEndMs;
    // A source that ran ahead by a little would otherwise hide its own last pictures.
    const aheadMs = this.lastEndMs - wallMs;
    const ahead = this.cause !== 'clock' && aheadMs > 0 && aheadMs <= MAX_LATENESS_MS;
    return ahead ? this.lastEndMs : wallMs;
  }

  private lateness({ timeMs, wallMs }: ArrivingFrame): number {
    const { startMs, startTimeMs } = this.open!;
    return wallMs - (startMs + timeMs - startTimeMs);
  }

  private endOfLastFrame({ startMs, startTimeMs, lastTimeMs }: OpenSegment): number {
    return startMs + lastTimeMs - startTimeMs + LAST_FRAME_MS;
  }

  private finish(endMs: number): void {
    this.open = null;
    this.lastEndMs = endMs;
  }
}
