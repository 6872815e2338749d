import { RangeSet } from './range-set';

/**
 * The bytes of one stream's sending side that are not acknowledged yet, addressed by stream offset.
 * Chunks are copied once on `append` and dropped as soon as all of a chunk is acknowledged.
 */
export class SendBuffer {
  private chunks: { offset: number; bytes: Uint8Array }[] = [];
  private readonly acknowledged = new RangeSet();
  private readonly lost = new RangeSet();
  /** Offset after the last byte appended. */
  end = 0;
  /** Offset of the first byte never sent. */
  nextOffset = 0;

  get unsentBytes(): number {
    return this.end - this.nextOffset;
  }

  get hasLost(): boolean {
    return !this.lost.isEmpty;
  }

  get isFullyAcknowledged(): boolean {
    const first = this.acknowledged.first();
    return this.end === 0 || (first !== undefined && first.start === 0 && first.end >= this.end);
  }

  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.chunks.push({ offset: this.end, bytes: bytes.slice() });
    this.end += bytes.length;
  }

  /** The next range to put into a packet, lost bytes first; null when there is nothing up to `limit`. */
  nextRange(maxBytes: number, limit: number): { offset: number; length: number } | null {
    const lost = this.lost.first();
    if (lost !== undefined) {
      return { offset: lost.start, length: Math.min(maxBytes, lost.end - lost.start) };
    }
    const length = Math.min(maxBytes, Math.min(this.end, limit) - this.nextOffset);
    return length > 0 ? { offset: this.nextOffset, length } : null;
  }

  /** Copies `[offset, offset + target.length)` into `target` and marks it as sent. */
  take(offset: number, target: Uint8Array): void {
    const end = offset + target.length;
    for (let i = this.chunkAt(offset); i < this.chunks.length; i++) {
      const chunk = this.chunks[i]!;
      if (chunk.offset >= end) break;
      const from = Math.max(offset, chunk.offset);
      const to = Math.min(end, chunk.offset + chunk.bytes.length);
      target.set(chunk.bytes.subarray(from - chunk.offset, to - chunk.offset), from - offset);
    }
    this.lost.remove(offset, end);
    if (end > this.nextOffset) this.nextOffset = end;
  }

  onAcknowledged(offset: number, length: number): void {
    this.acknowledged.add(offset, offset + length);
    this.lost.remove(offset, offset + length);
    const first = this.acknowledged.first();
    if (first === undefined || first.start > 0) return;
    let drop = 0;
    while (drop < this.chunks.length) {
      const chunk = this.chunks[drop]!;
      if (chunk.offset + chunk.bytes.length > first.end) break;
      drop++;
    }
    if (drop > 0) this.chunks.splice(0, drop);
  }

  onLost(offset: number, length: number): void {
    this.lost.add(offset, offset + length);
    for (const range of this.acknowledged.list()) {
      if (range.start >= offset + length) break;
      if (range.end > offset) this.lost.remove(range.start, range.end);
    }
  }

  clear(): void {
    this.chunks = [];
    this.lost.clear();
  }

  private chunkAt(offset: number): number {
    let low = 0;
    let high = this.chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const chunk = this.chunks[middle]!;
      if (chunk.offset + chunk.bytes.length > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
