/** A half-open range `[start, end)`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Disjoint ascending ranges of integers, merged when they touch. Used for packet numbers and for
 * stream offsets. The number of ranges is the caller's to bound, through `rangeCount`.
 */
export class RangeSet {
  private ranges: { start: number; end: number }[] = [];

  get rangeCount(): number {
    return this.ranges.length;
  }

  get isEmpty(): boolean {
    return this.ranges.length === 0;
  }

  /** Ascending; not to be kept across changes. */
  list(): readonly Range[] {
    return this.ranges;
  }

  first(): Range | undefined {
    return this.ranges[0];
  }

  last(): Range | undefined {
    return this.ranges[this.ranges.length - 1];
  }

  has(value: number): boolean {
    const range = this.ranges[this.indexOf(value)];
    return range !== undefined && range.start <= value;
  }

  add(start: number, end: number): void {
    if (start >= end) return;
    const { ranges } = this;
    const tail = ranges[ranges.length - 1];
    if (tail === undefined || start > tail.end) {
      ranges.push({ start, end });
      return;
    }
    if (start >= tail.start) {
      if (end > tail.end) tail.end = end;
      return;
    }
    let from = this.indexOf(start);
    const before = ranges[from - 1];
    if (before !== undefined && before.end === start) from--;
    let to = from;
    let mergedStart = start;
    let mergedEnd = end;
    while (to < ranges.length && ranges[to]!.start <= mergedEnd) {
      mergedStart = Math.min(mergedStart, ranges[to]!.start);
      mergedEnd = Math.max(mergedEnd, ranges[to]!.end);
      to++;
    }
    ranges.splice(from, to - from, { start: mergedStart, end: mergedEnd });
  }

  remove(start: number, end: number): void {
    if (start >= end) return;
    const { ranges } = this;
    const from = this.indexOf(start);
    let to = from;
    const kept: { start: number; end: number }[] = [];
    while (to < ranges.length && ranges[to]!.start < end) {
      const range = ranges[to]!;
      if (range.start < start) kept.push({ start: range.start, end: start });
      if (range.end > end) kept.push({ start: end, end: range.end });
      to++;
    }
    if (to > from) ranges.splice(from, to - from, ...kept);
  }

  /** Takes away the lowest range. */
  shift(): Range | undefined {
    return this.ranges.shift();
  }

  clear(): void {
    this.ranges = [];
  }

  /** Index of the first range that ends after `value`. */
  private indexOf(value: number): number {
    let low = 0;
    let high = this.ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.ranges[middle]!.end > value) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
