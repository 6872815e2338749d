import type { CancelTimer, Clock } from '../../services/host';
import type { Clip } from './clip';
import type { MediaEvents, MediaSource } from './media-source';

/** Further behind than this, e.g. after the machine slept, time lost is not made up for. */
const MAX_LATENESS_MS = 2_000;

/**
 * Plays a clip over and over, in real time.
 *
 * Each frame is due at a time counted from the start, not from the frame before it: timers that fire
 * late delay a frame, never the stream.
 */
export class ClipSource implements MediaSource {
  private cancelTimer: CancelTimer = () => undefined;
  private events: MediaEvents | null = null;
  private startMs = 0;
  private round = 0;
  private next: number;

  /** @param offsetMs where in the clip it begins: several channels can share one. */
  constructor(
    private readonly clip: Clip,
    private readonly clock: Clock,
    offsetMs = 0,
  ) {
    const at = clip.frames.findIndex(({ timestampMs }) => timestampMs >= offsetMs);
    this.next = Math.max(0, at);
  }

  start(events: MediaEvents): Promise<void> {
    this.events = events;
    this.startMs = this.clock.nowMs() - this.streamMs();
    events.onHeader(this.clip.header);
    for (const tag of this.clip.setup) events.onTag(tag);
    this.play();
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.events = null;
    this.cancelTimer();
    return Promise.resolve();
  }

  private play(): void {
    const nowMs = this.clock.nowMs();
    const latenessMs = nowMs - this.dueMs();
    if (latenessMs > MAX_LATENESS_MS) this.startMs += latenessMs;
    while (this.events && this.dueMs() <= nowMs) {
      const tag = this.clip.frames[this.next]!;
      this.events.onTag({ ...tag, timestampMs: this.streamMs() >>> 0 });
      this.next++;
      if (this.next === this.clip.frames.length) {
        this.next = 0;
        this.round++;
      }
    }
    if (this.events)
      this.cancelTimer = this.clock.setTimer(this.dueMs() - nowMs, () => this.play());
  }

  private streamMs(): number {
    return this.round * this.clip.periodMs + this.clip.frames[this.next]!.timestampMs;
  }

  private dueMs(): number {
    return this.startMs + this.streamMs();
  }
}
