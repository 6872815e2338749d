import type { TimeSpan } from './camera-time';
import { nearestRecorded } from './recordings';
import type { TimelineView } from './timeline-view';

/** A small picture of a recording. */
export interface PlaybackThumbnail {
  /** `data:image/jpeg;base64,…` */
  readonly url: string;
}

/** Fetched at a time. */
const MAX_UNDER_WAY = 2;
const MAX_KEPT = 240;

/**
 * Fetches pictures of moments, a few at a time. The latest wish wins: what an earlier one wanted and
 * has not begun is left.
 */
export class Thumbnails {
  private readonly known = new Map<number, PlaybackThumbnail | null>();
  private queue: number[] = [];
  private readonly underWay = new Set<number>();
  private closed = false;

  /**
   * @param fetch of a unix second; null for none. Never rejects.
   * @param onChange with what is there by now, by unix second
   */
  constructor(
    private readonly fetch: (unixS: number) => Promise<PlaybackThumbnail | null>,
    private readonly onChange: (known: ReadonlyMap<number, PlaybackThumbnail>) => void,
  ) {}

  /** @param momentsS unix seconds; the first ones are fetched first */
  want(momentsS: readonly number[]): void {
    this.queue = momentsS.filter((unixS) => !this.known.has(unixS) && !this.underWay.has(unixS));
    this.next();
  }

  /** What could not be had may be there now. */
  forgetMissing(): void {
    for (const [unixS, thumbnail] of this.known) if (thumbnail === null) this.known.delete(unixS);
  }

  close(): void {
    this.closed = true;
    this.queue = [];
  }

  private next(): void {
    while (this.underWay.size < MAX_UNDER_WAY) {
      const unixS = this.queue.shift();
      if (unixS === undefined) return;
      this.underWay.add(unixS);
      void this.fetch(unixS).then((thumbnail) => this.onFetched(unixS, thumbnail));
    }
  }

  private onFetched(unixS: number, thumbnail: PlaybackThumbnail | null): void {
    this.underWay.delete(unixS);
    if (this.closed) return;
    this.known.set(unixS, thumbnail);
    for (const oldest of this.known.keys()) {
      if (this.known.size <= MAX_KEPT) break;
      this.known.delete(oldest);
    }
    if (thumbnail !== null) {
      const present = [...this.known].filter((entry): entry is [number, PlaybackThumbnail] => {
        return entry[1] !== null;
      });
      this.onChange(new Map(present));
    }
    this.next();
  }
}

/** A place for a picture on a timeline. */
export interface ThumbnailSlot extends TimeSpan {
  /** The recorded moment that it shows, in unix s. */
  readonly unixS: number;
}

/**
 * The places for pictures on what is visible of a day: as many as have room, where something is
 * recorded. They lie on a grid of the day, so that they stay when the view moves.
 */
export function thumbnailSlots(
  view: TimelineView,
  recordings: readonly TimeSpan[],
  count: number,
): readonly ThumbnailSlot[] {
  const stepMs = (view.endMs - view.startMs) / Math.max(1, count);
  const slots: ThumbnailSlot[] = [];
  const first = Math.floor((view.startMs - view.limits.startMs) / stepMs + 1e-6);
  for (let i = first; slots.length <= count; i++) {
    const startMs = view.limits.startMs + i * stepMs;
    if (startMs >= view.endMs - 1) break;
    const endMs = startMs + stepMs;
    const atMs = nearestRecorded(recordings, (startMs + endMs) / 2);
    const inSlot = recordings.find((span) => span.startMs < endMs && span.endMs > startMs);
    if (inSlot === undefined) continue;
    const within = atMs !== null && atMs >= startMs && atMs < endMs;
    const shownMs = within ? atMs : Math.max(startMs, inSlot.startMs);
    slots.push({ startMs, endMs, unixS: Math.floor(shownMs / 1_000) });
  }
  return slots;
}
