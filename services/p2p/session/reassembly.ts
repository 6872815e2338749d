import { TransportError, TransportErrorCode } from './transport-error';

/**
 * Gaps one stream may have; flow control bounds the bytes, this bounds the bookkeeping. A window full
 * of whole packets with every second one missing stays below it.
 */
const MAX_SEGMENTS = 4096;

/** Puts the receiving side of a stream in order (RFC 9000 §2.2). */
export class Reassembly {
  /** Disjoint, ascending, all above `deliveredOffset`. */
  private segments: { offset: number; bytes: Uint8Array }[] = [];

  /** Pieces that wait behind a gap. */
  get waiting(): number {
    return this.segments.length;
  }

  deliveredOffset = 0;
  /** One past the highest byte received. */
  highestOffset = 0;

  /**
   * Takes bytes at `offset`; they are copied if they must wait.
   * @returns what can be delivered now, in order; empty when a gap comes first.
   * @throws TransportError when the peer spreads its data over absurdly many gaps.
   */
  insert(offset: number, bytes: Uint8Array): Uint8Array[] {
    const end = offset + bytes.length;
    this.highestOffset = Math.max(this.highestOffset, end);
    if (end <= this.deliveredOffset || bytes.length === 0) return [];
    if (offset <= this.deliveredOffset && this.segments.length === 0) {
      const fresh = bytes.slice(this.deliveredOffset - offset);
      this.deliveredOffset = end;
      return [fresh];
    }
    this.store(Math.max(offset, this.deliveredOffset), end, offset, bytes);
    return this.drain();
  }

  clear(): void {
    this.segments = [];
  }

  /** Stores the parts of `[from, end)` that no segment holds yet. */
  private store(from: number, end: number, offset: number, bytes: Uint8Array): void {
    let at = this.firstEndingAfter(from);
    let start = from;
    while (start < end) {
      const next = this.segments[at];
      if (next !== undefined && next.offset <= start) {
        start = Math.max(start, next.offset + next.bytes.length);
        at++;
        continue;
      }
      const stop = next === undefined ? end : Math.min(end, next.offset);
      if (this.segments.length >= MAX_SEGMENTS) {
        throw new TransportError(TransportErrorCode.ProtocolViolation, 'too many gaps in a stream');
      }
      const piece = { offset: start, bytes: bytes.slice(start - offset, stop - offset) };
      this.segments.splice(at, 0, piece);
      at++;
      start = stop;
    }
  }

  private drain(): Uint8Array[] {
    let count = 0;
    const ready: Uint8Array[] = [];
    while (count < this.segments.length) {
      const segment = this.segments[count]!;
      if (segment.offset !== this.deliveredOffset) break;
      ready.push(segment.bytes);
      this.deliveredOffset += segment.bytes.length;
      count++;
    }
    if (count > 0) this.segments.splice(0, count);
    return ready;
  }

  private firstEndingAfter(offset: number): number {
    let low = 0;
    let high = this.segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const segment = this.segments[middle]!;
      if (segment.offset + segment.bytes.length > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
