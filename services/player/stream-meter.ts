import { isKeyframe, isVideoSequenceHeader } from '../media/flv';
import type { FlvTag } from '../media/flv';

/** How the stream of a pull comes. */
export interface StreamStats {
  readonly bytes: number;
  readonly chunks: number;
  /** Of the latest second or so, in bit/s. */
  readonly bitrateBps: number;
  /** Pictures per second of the stream's own time; null before two have come, or where it is no FLV. */
  readonly framesPerS: number | null;
  /** Pictures that have come. */
  readonly frames: number;
  /** Between two keyframes, in ms: the longest of the latest three; null before two have come. */
  readonly keyframeIntervalMs: number | null;
  /**
   * How much later the newest data came than the quickest did, measured on the stream's own time, in
   * ms: what queues on the way. Null before any.
   */
  readonly driftMs: number | null;
}

/** A step of the stream's time beyond this is another clock, in ms. */
const CLOCK_JUMP_MS = 10_000;
const KEPT_INTERVALS = 3;

/** Measures a stream as it arrives; knows no clock. */
export class StreamMeter {
  private bytes = 0;
  private chunks = 0;
  private frames = 0;
  private videoMs: number | null = null;
  private keyframeMs: number | null = null;
  private intervals: number[] = [];
  private offsetMs: number | null = null;
  private leastOffsetMs = 0;
  private mediaAtMs = -Infinity;
  private window = { atMs: -Infinity, bytes: 0, frames: 0, videoMs: 0 };
  private bitrateBps = 0;
  private framesPerS: number | null = null;

  /** When the latest picture came, or the latest bytes where there are none; monotonic ms. */
  get latestMs(): number {
    return this.mediaAtMs;
  }

  /** What has come so far. */
  get received(): { readonly chunks: number; readonly bytes: number } {
    return { chunks: this.chunks, bytes: this.bytes };
  }

  onBytes(count: number, nowMs: number): void {
    this.bytes += count;
    this.chunks++;
    if (this.frames === 0) this.mediaAtMs = nowMs;
  }

  onTags(tags: readonly FlvTag[], nowMs: number): void {
    for (const tag of tags) {
      if (tag.type === 'video' && !isVideoSequenceHeader(tag)) this.onFrame(tag, nowMs);
    }
  }

  /** Closes a window of the rates; call it about once a second. */
  stats(nowMs: number): StreamStats {
    const { window, bytes, frames } = this;
    const elapsedMs = nowMs - window.atMs;
    if (window.atMs > -Infinity && elapsedMs > 0) {
      this.bitrateBps = Math.round(((bytes - window.bytes) * 8_000) / elapsedMs);
      const streamMs = (this.videoMs ?? 0) - window.videoMs;
      const count = frames - window.frames;
      if (count > 0 && streamMs > 0 && window.frames > 0) {
        this.framesPerS = Math.round((count * 10_000) / streamMs) / 10;
      }
    }
    this.window = { atMs: nowMs, bytes, frames, videoMs: this.videoMs ?? 0 };
    return {
      bytes,
      chunks: this.chunks,
      bitrateBps: this.bitrateBps,
      framesPerS: this.framesPerS,
      frames,
      keyframeIntervalMs: this.intervals.length === 0 ? null : Math.max(...this.intervals),
      driftMs: this.offsetMs === null ? null : Math.round(this.offsetMs - this.leastOffsetMs),
    };
  }

  private onFrame(tag: FlvTag, nowMs: number): void {
    const { timestampMs } = tag;
    const jumped =
      this.videoMs !== null && Math.abs((timestampMs - this.videoMs) | 0) > CLOCK_JUMP_MS;
    if (jumped) {
      this.keyframeMs = null;
      this.offsetMs = null;
    }
    this.frames++;
    this.mediaAtMs = nowMs;
    this.videoMs = timestampMs;
    const offsetMs = nowMs - timestampMs;
    this.leastOffsetMs = this.offsetMs === null ? offsetMs : Math.min(this.leastOffsetMs, offsetMs);
    this.offsetMs = offsetMs;
    if (!isKeyframe(tag)) return;
    const intervalMs = this.keyframeMs === null ? 0 : timestampMs - this.keyframeMs;
    if (intervalMs > 0) this.intervals = [...this.intervals, intervalMs].slice(-KEPT_INTERVALS);
    this.keyframeMs = timestampMs;
  }
}
