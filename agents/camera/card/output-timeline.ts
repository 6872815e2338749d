/** How recorded time becomes the stream's. */
export type Pace =
  | { readonly kind: 'factor'; readonly factor: number }
  /** Each picture is shown for so long. */
  | { readonly kind: 'interval'; readonly ms: number };

/** What lies between the last frame before a break and the first one after it. */
const SEAM_MS = 40;

/** The timestamps of a playback: they begin at 0 and never step back or break off. */
export class OutputTimeline {
  pace: Pace = { kind: 'factor', factor: 1 };
  private lastMs: number | null = null;
  private lastRecordedMs: number | null = null;

  get isNormal(): boolean {
    return this.pace.kind === 'factor' && this.pace.factor === 1;
  }

  /** The timestamp given out last, in whole ms. */
  get latestMs(): number {
    return Math.round(this.lastMs ?? 0);
  }

  /** When a frame is to be shown, if it is the next one, in ms. */
  peek(recordedMs: number, type: 'audio' | 'video' | 'script'): number {
    if (this.lastMs === null) return 0;
    if (this.lastRecordedMs === null) return this.lastMs + SEAM_MS;
    if (this.pace.kind === 'interval') return this.lastMs + (type === 'video' ? this.pace.ms : 0);
    return this.lastMs + Math.max(0, recordedMs - this.lastRecordedMs) / this.pace.factor;
  }

  /** Takes a frame; its timestamp is `latestMs` from then on. */
  take(recordedMs: number, type: 'audio' | 'video' | 'script'): void {
    this.lastMs = this.peek(recordedMs, type);
    this.lastRecordedMs = Math.max(recordedMs, this.lastRecordedMs ?? recordedMs);
  }

  /** The next frame follows the last one, whenever it was recorded. */
  breakOff(): void {
    this.lastRecordedMs = null;
  }
}
