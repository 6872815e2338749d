import type { FlvTag } from '../../services/media/flv';

/** A tag with its time on the hub's timeline, in ms. */
export interface TimedTag {
  readonly tag: FlvTag;
  readonly timeMs: number;
  readonly keyframe: boolean;
}

/** Everything since the last keyframe: what a new viewer needs for a picture at once. */
export class GopCache {
  private items: TimedTag[] = [];
  private bytes = 0;

  /** @param maxBytes beyond it the cache stays empty until the next keyframe. */
  constructor(private readonly maxBytes: number) {}

  /** Begins with a keyframe, or empty. */
  get tags(): readonly TimedTag[] {
    return this.items;
  }

  add(item: TimedTag): void {
    if (item.keyframe) this.clear();
    else if (this.items.length === 0) return;
    this.bytes += item.tag.data.length;
    if (this.bytes > this.maxBytes) this.clear();
    else this.items.push(item);
  }

  clear(): void {
    this.items = [];
    this.bytes = 0;
  }
}
