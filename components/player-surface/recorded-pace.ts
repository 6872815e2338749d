import type { EdgeDecision, PlaybackView } from './live-edge';

/** So much is buffered before a picture that has run dry goes on, in s. */
const ENOUGH_S = 0.5;
/** After so long any picture will do: at high speeds there is one now and then only. */
const ANY_AFTER_MS = 1_000;
const STUCK_AFTER_MS = 250;
const STALLED_AFTER_MS = 1_500;
/** Ends of ranges are this inexact, in s. */
const TOLERANCE_S = 0.08;

/**
 * Plays recorded pictures at their own pace: catches up with nothing and leaves nothing out, but steps
 * over holes. Decides only; knows no element and no clock.
 */
export class RecordedPace {
  private positionS = -1;
  private movedAtMs = 0;
  private stalled = false;
  private behindS: number | null = null;

  /** From a seek on: what follows this moment of the stream is wanted, as soon as it is there. */
  jumpBehind(streamS: number): void {
    this.behindS = streamS;
  }

  update({ nowMs, currentTimeS, ranges, paused }: PlaybackView): EdgeDecision {
    const newest = ranges[ranges.length - 1];
    if (newest === undefined) return this.decide(null, 0);
    this.watchMovement(nowMs, currentTimeS, paused);
    const latencyS = Math.max(0, newest.endS - currentTimeS);
    const { behindS } = this;
    if (behindS !== null && newest.endS > behindS + TOLERANCE_S) {
      this.behindS = null;
      const startS = Math.max(behindS + 0.001, newest.startS + 0.001);
      return this.decide(startS > currentTimeS ? startS : null, latencyS);
    }
    const isStuck = !paused && nowMs - this.movedAtMs >= STUCK_AFTER_MS;
    return this.decide(isStuck ? this.overHole(nowMs, currentTimeS, ranges) : null, latencyS);
  }

  private overHole(
    nowMs: number,
    currentTimeS: number,
    ranges: PlaybackView['ranges'],
  ): number | null {
    const enoughS = nowMs - this.movedAtMs >= ANY_AFTER_MS ? 0 : ENOUGH_S;
    const isPlayable = ranges.some(
      ({ startS, endS }) => startS <= currentTimeS && currentTimeS < endS - TOLERANCE_S,
    );
    if (isPlayable) return null;
    const next = ranges.find(
      ({ startS, endS }) => startS > currentTimeS && endS - startS >= enoughS,
    );
    return next === undefined ? null : next.startS + 0.001;
  }

  private watchMovement(nowMs: number, currentTimeS: number, paused: boolean): void {
    if (currentTimeS !== this.positionS || paused) {
      this.positionS = currentTimeS;
      this.movedAtMs = nowMs;
      this.stalled = false;
    } else if (nowMs - this.movedAtMs >= STALLED_AFTER_MS) this.stalled = true;
  }

  private decide(seekToS: number | null, latencyS: number): EdgeDecision {
    return { playbackRate: 1, seekToS, stalled: this.stalled, latencyS };
  }
}
