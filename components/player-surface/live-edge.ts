/** A stretch of the stream that can be shown, in s. */
export interface BufferedRange {
  readonly startS: number;
  readonly endS: number;
}

/** What can be seen of a media element at one moment. */
export interface PlaybackView {
  /** Monotonic ms. */
  readonly nowMs: number;
  readonly currentTimeS: number;
  readonly ranges: readonly BufferedRange[];
  /** It stands still because somebody paused it. */
  readonly paused: boolean;
}

/** What to do with the element. */
export interface EdgeDecision {
  readonly playbackRate: number;
  /** Where to jump to, in s; null: nowhere. */
  readonly seekToS: number | null;
  /** Whether the picture stands still although it should move. */
  readonly stalled: boolean;
  /** How far the picture is behind the newest data, in s. */
  readonly latencyS: number;
}

/** How far behind the newest data it plays: the least, and the most after stalls, in s. */
const MIN_TARGET_S = 0.5;
const MAX_TARGET_S = 0.9;
/** Each stall asks for so much more, each quiet period for so much less, in s. */
const TARGET_UP_S = 0.2;
const TARGET_DOWN_S = 0.1;
const QUIET_PERIOD_MS = 30_000;
/** It speeds up when it is so much behind the target, and goes on until it is there, in s. */
const CATCH_UP_SLACK_S = 0.3;
const MAX_RATE = 1.5;
/** Beyond this it jumps, in s. */
const JUMP_BEYOND_S = 4;
/** A position counts as stuck, and as stalled, after so long, in ms. */
const STUCK_AFTER_MS = 250;
const STALLED_AFTER_MS = 1_500;
/** How often a stalled picture with data ahead is pushed on, in ms. */
const NUDGE_EVERY_MS = 2_000;
/** Ends of ranges are this inexact, in s. */
const TOLERANCE_S = 0.08;

/**
 * Keeps a live picture close to the newest data, and moving: catches up gently, jumps when it is far
 * behind or in front of a gap, and leaves a little more room after each stall. Decides only; knows no
 * element and no clock.
 */
export class LiveEdge {
  private targetS = MIN_TARGET_S;
  private catchingUp = false;
  private positionS = -1;
  private movedAtMs = 0;
  private stalled = false;
  private quietSinceMs = 0;
  private nudgedAtMs = -Infinity;

  update(view: PlaybackView): EdgeDecision {
    const newest = view.ranges[view.ranges.length - 1];
    if (newest === undefined) return this.decide(1, null, 0);
    const latencyS = Math.max(0, newest.endS - view.currentTimeS);
    this.watchMovement(view);
    this.adaptTarget(view.nowMs);

    const seekToS = this.jumpFrom(view, newest, latencyS);
    if (seekToS !== null) this.catchingUp = false;
    else if (latencyS > this.targetS + CATCH_UP_SLACK_S) this.catchingUp = true;
    else if (latencyS <= this.targetS) this.catchingUp = false;
    // In steps, as each change of the rate costs the element a little.
    const wanted = 1 + Math.round((latencyS - this.targetS) * 5) / 20;
    return this.decide(this.catchingUp ? Math.min(MAX_RATE, wanted) : 1, seekToS, latencyS);
  }

  private decide(playbackRate: number, seekToS: number | null, latencyS: number): EdgeDecision {
    return { playbackRate, seekToS, stalled: this.stalled, latencyS };
  }

  private watchMovement({ nowMs, currentTimeS, paused }: PlaybackView): void {
    if (currentTimeS !== this.positionS || paused) {
      this.positionS = currentTimeS;
      this.movedAtMs = nowMs;
      this.stalled = false;
      return;
    }
    if (this.stalled || nowMs - this.movedAtMs < STALLED_AFTER_MS) return;
    this.stalled = true;
    this.quietSinceMs = nowMs;
    this.targetS = Math.min(MAX_TARGET_S, this.targetS + TARGET_UP_S);
  }

  private adaptTarget(nowMs: number): void {
    if (nowMs - this.quietSinceMs < QUIET_PERIOD_MS) return;
    this.quietSinceMs = nowMs;
    this.targetS = Math.max(MIN_TARGET_S, this.targetS - TARGET_DOWN_S);
  }

  private jumpFrom(view: PlaybackView, newest: BufferedRange, latencyS: number): number | null {
    const { nowMs, currentTimeS, ranges } = view;
    const edgeS = Math.max(newest.startS, newest.endS - this.targetS);
    if (latencyS > JUMP_BEYOND_S) return edgeS;
    const stuckMs = nowMs - this.movedAtMs;
    if (stuckMs < STUCK_AFTER_MS) return null;
    const playable = ranges.some(
      ({ startS, endS }) => startS <= currentTimeS && currentTimeS < endS - TOLERANCE_S,
    );
    if (!playable) {
      const next = ranges.find(({ startS }) => startS > currentTimeS);
      return next === undefined ? null : next.startS + 0.001;
    }
    if (this.stalled && nowMs - this.nudgedAtMs >= NUDGE_EVERY_MS && edgeS > currentTimeS) {
      this.nudgedAtMs = nowMs;
      return edgeS;
    }
    return null;
  }
}
