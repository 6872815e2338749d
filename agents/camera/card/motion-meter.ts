/** A stretch of time in which the picture moved, in unix ms. */
export interface Motion {
  readonly startMs: number;
  readonly durationMs: number;
}

/** How fast the measures follow, in ms: the picture's present rate, and what is usual for it. */
const NOW_MS = 800;
const USUAL_MS = 30_000;
/** What is usual is known after this. */
const LEARN_MS = 5_000;
/** Motion begins at so many times the usual rate, and lasts while above the lower one. */
const BEGIN_RATIO = 2.2;
const LAST_RATIO = 1.5;
/** Motion is over after so long without, and is one of at least this length. */
const CALM_MS = 3_000;
const MIN_MS = 1_000;
/** What moves for longer is usual. */
const MAX_MS = 60_000;
/** Frames farther apart do not belong together. */
const MAX_STEP_MS = 2_000;
/** Empty pictures do not make everything else look like motion, in bytes per second. */
const LEAST_RATE = 1_000;

/**
 * Tells motion by the bytes of the pictures between keyframes: an encoder spends them on what has
 * changed. It sees nothing where an encoder keeps its rate constant.
 */
export class MotionMeter {
  private lastMs: number | null = null;
  private sinceMs = 0;
  private nowRate = 0;
  private usualRate = 0;
  private beganMs: number | null = null;
  private lastAboveMs = 0;

  /**
   * @param recordedMs unix ms.
   * @returns the motion that ended with this frame.
   */
  next(recordedMs: number, bytes: number, isKeyframe: boolean): Motion | null {
    const stepMs = this.lastMs === null ? -1 : recordedMs - this.lastMs;
    this.lastMs = recordedMs;
    if (stepMs < 0 || stepMs > MAX_STEP_MS) return this.restart(recordedMs);
    // A keyframe's size says nothing of change; the time it takes is left out.
    if (stepMs === 0 || isKeyframe) return null;
    const rate = (bytes * 1_000) / stepMs;
    this.nowRate = follow(this.nowRate, rate, stepMs / NOW_MS);
    const knownMs = recordedMs - this.sinceMs;
    if (knownMs < LEARN_MS) {
      this.usualRate = follow(this.usualRate, rate, stepMs / Math.max(knownMs, stepMs));
      return null;
    }
    return this.beganMs === null ? this.watch(recordedMs, stepMs) : this.last(recordedMs, stepMs);
  }

  private watch(recordedMs: number, stepMs: number): null {
    const usual = Math.max(this.usualRate, LEAST_RATE);
    if (this.nowRate > BEGIN_RATIO * usual) this.beganMs = this.lastAboveMs = recordedMs;
    else this.usualRate = follow(this.usualRate, this.nowRate, stepMs / USUAL_MS);
    return null;
  }

  private last(recordedMs: number, stepMs: number): Motion | null {
    if (this.nowRate > LAST_RATIO * Math.max(this.usualRate, LEAST_RATE)) {
      this.lastAboveMs = recordedMs;
    }
    const isCalm = recordedMs - this.lastAboveMs >= CALM_MS;
    const isUsual = recordedMs - this.beganMs! >= MAX_MS;
    if (isUsual) this.usualRate = this.nowRate;
    else this.usualRate = follow(this.usualRate, this.nowRate, stepMs / (4 * USUAL_MS));
    return isCalm || isUsual ? this.end() : null;
  }

  private end(): Motion | null {
    const startMs = this.beganMs!;
    const durationMs = this.lastAboveMs - startMs;
    this.beganMs = null;
    return durationMs >= MIN_MS ? { startMs, durationMs } : null;
  }

  private restart(recordedMs: number): Motion | null {
    const motion = this.beganMs === null ? null : this.end();
    this.sinceMs = recordedMs;
    this.nowRate = this.usualRate = 0;
    return motion;
  }
}

function follow(value: number, towards: number, share: number): number {
  return value + (towards - value) * Math.min(1, share);
}
