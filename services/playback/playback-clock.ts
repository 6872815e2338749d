import type { TimeSpan } from './camera-time';
import { walk } from './recordings';

/**
 * Tells which recorded moment a moment of the stream is. The stream runs on where the recordings have
 * gaps or were sought in; a pair of both times, from the camera's word, ties them together.
 */
export class PlaybackClock {
  private recordedMs = 0;
  private streamMs = 0;
  private speed = 1;
  private shownMs = 0;
  private newestMs = 0;
  /** What is shown of the time before a seek tells nothing. */
  private fromStreamMs = 0;

  /** A new stream begins at a recorded moment. */
  begin(recordedMs: number, speed: number): void {
    this.recordedMs = recordedMs;
    this.speed = speed;
    this.streamMs = this.shownMs = this.newestMs = this.fromStreamMs = 0;
  }

  /** What is shown, and the newest that is there, in ms of the stream. */
  onTime(shownMs: number, newestMs: number): void {
    this.shownMs = shownMs;
    this.newestMs = Math.max(shownMs, newestMs);
  }

  /** The camera's word: it has sent everything up to a recorded moment. */
  tie(recordedMs: number): void {
    this.recordedMs = recordedMs;
    this.streamMs = this.newestMs;
  }

  /** The stream goes on at another recorded moment. */
  jump(recordedMs: number): void {
    this.tie(recordedMs);
    this.fromStreamMs = this.newestMs;
  }

  setSpeed(speed: number, recordings: readonly TimeSpan[]): void {
    this.tie(this.newest(recordings));
    this.speed = speed;
  }

  /** The recorded moment that is shown; null while it is one from before a seek. */
  shown(recordings: readonly TimeSpan[]): number | null {
    return this.shownMs < this.fromStreamMs ? null : this.at(this.shownMs, recordings);
  }

  /** The last recorded moment that arrived. */
  newest(recordings: readonly TimeSpan[]): number {
    return this.at(this.newestMs, recordings);
  }

  /** How much is there that was not shown yet, in ms of the stream. */
  get aheadMs(): number {
    return this.newestMs - this.shownMs;
  }

  private at(streamMs: number, recordings: readonly TimeSpan[]): number {
    return walk(recordings, this.recordedMs, (streamMs - this.streamMs) * this.speed);
  }
}
