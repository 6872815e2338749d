import type { Segment } from './segment';

/** The part of a segment that counts; where the clock was set back, a later recording hides the rest. */
export interface Piece {
  readonly segment: Segment;
  /** Unix ms. */
  startMs: number;
  /** Unix ms; grows with the segment while that is being written. */
  endMs: number;
}

/**
 * One channel's recordings in the order of time, without overlap.
 *
 * Where two overlap, the one recorded later counts. What is left of the other is one piece: the
 * longer one, if the later recording lies in its middle.
 */
export class RecordedTimes {
  private readonly sorted: Piece[] = [];

  get pieces(): readonly Piece[] {
    return this.sorted;
  }

  /** Adds a segment that was recorded after all others. */
  add(segment: Segment): void {
    const { startMs, endMs } = segment;
    this.clear(startMs, endMs);
    this.sorted.splice(this.firstEndingAfter(startMs), 0, { segment, startMs, endMs });
  }

  /** A segment reaches up to `segment.endMs` by now; it may hide earlier recordings of that time. */
  grow(segment: Segment): void {
    const at = this.indexOf(segment);
    if (at < 0) return;
    const piece = this.sorted[at]!;
    const { endMs } = piece;
    // The same piece again: whoever plays it sees it grow.
    piece.endMs = Math.max(piece.startMs, segment.endMs);
    if (piece.endMs <= endMs) return;
    this.sorted.splice(at, 1);
    this.clear(piece.startMs, piece.endMs);
    this.sorted.splice(this.firstEndingAfter(piece.startMs), 0, piece);
  }

  remove(segment: Segment): void {
    const at = this.indexOf(segment);
    if (at >= 0) this.sorted.splice(at, 1);
  }

  /** The pieces that have a part between two times, in unix ms. */
  between(startMs: number, endMs: number): readonly Piece[] {
    const first = this.firstEndingAfter(startMs);
    let last = first;
    while (last < this.sorted.length && this.sorted[last]!.startMs < endMs) last++;
    // A segment that has just begun is an empty piece.
    return this.sorted.slice(first, last).filter((piece) => piece.endMs > piece.startMs);
  }

  hasAny(startMs: number, endMs: number): boolean {
    const first = this.sorted[this.firstEndingAfter(startMs)];
    return first !== undefined && first.startMs < endMs;
  }

  /** The piece at a time, or the first one after it. */
  from(ms: number): Piece | undefined {
    return this.sorted[this.firstEndingAfter(ms)];
  }

  /** Makes room: trims, or takes out, what lies between two times. */
  private clear(startMs: number, endMs: number): void {
    let at = this.firstEndingAfter(startMs);
    while (at < this.sorted.length && this.sorted[at]!.startMs < endMs) {
      const piece = this.sorted[at]!;
      const beforeMs = startMs - piece.startMs;
      const afterMs = piece.endMs - endMs;
      if (beforeMs <= 0 && afterMs <= 0) this.sorted.splice(at, 1);
      else {
        if (beforeMs >= afterMs) piece.endMs = startMs;
        else piece.startMs = endMs;
        at++;
      }
    }
  }

  /** Ends of pieces are sorted as their starts are. */
  private firstEndingAfter(ms: number): number {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.sorted[middle]!.endMs > ms) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private indexOf(segment: Segment): number {
    // Mostly the newest, or the oldest.
    if (this.sorted[0]?.segment === segment) return 0;
    for (let at = this.sorted.length - 1; at >= 0; at--) {
      if (this.sorted[at]!.segment === segment) return at;
    }
    return -1;
  }
}
