import { IotError, XP2PErrorCode } from '../../errors';
import {
  FLV_HEADER_BYTES,
  FLV_PREVIOUS_TAG_SIZE_BYTES,
  FLV_TAG_HEADER_BYTES,
  FlvTagType,
} from './flv-tag';
import type { FlvHeader, FlvTag } from './flv-tag';

export interface FlvReaderOptions {
  /** Largest body of a tag, in bytes (default 4 MiB); a keyframe of a 4K camera stays below 2 MiB. */
  readonly maxTagBytes?: number;
}

export interface FlvReadResult {
  /** The file header, in the result of the one push that completes it. */
  readonly header: FlvHeader | null;
  readonly tags: readonly FlvTag[];
  /** Set from the first malformed byte on; what came before it is in `tags`. */
  readonly error: IotError | null;
}

export interface FlvReaderStats {
  /** Tags handed out. */
  readonly tags: number;
  /** Tags of a type that FLV reserves, left out. */
  readonly skippedTags: number;
  /** How often PreviousTagSize was wrong. Several cameras write 0, so it is no error by itself. */
  readonly sizeMismatches: number;
}

const DEFAULT_MAX_TAG_BYTES = 4 * 1024 * 1024;
/** Real files have 9; the field exists for headers that grow, which none has. */
const MAX_HEADER_BYTES = 1024;
const INITIAL_CAPACITY_BYTES = 16 * 1024;
const KEPT_CAPACITY_BYTES = 256 * 1024;

/**
 * Reads an FLV stream that arrives in pieces of any size.
 *
 * It keeps at most one unfinished tag and never throws, whatever the bytes are: malformed input ends
 * in `error`, and every further push returns the same error. There is no resynchronisation, because
 * streams come over transports that neither lose nor reorder.
 */
export class FlvReader {
  private readonly maxTagBytes: number;
  private buffer = new Uint8Array(0);
  private start = 0;
  private end = 0;
  private headerSeen = false;
  /** What PreviousTagSize must say next. */
  private previousTagSize = 0;
  private error: IotError | null = null;
  private tagCount = 0;
  private skippedTags = 0;
  private sizeMismatches = 0;

  constructor(options: FlvReaderOptions = {}) {
    this.maxTagBytes = options.maxTagBytes ?? DEFAULT_MAX_TAG_BYTES;
  }

  get stats(): FlvReaderStats {
    const { tagCount: tags, skippedTags, sizeMismatches } = this;
    return { tags, skippedTags, sizeMismatches };
  }

  /** Takes the next piece of the stream; the bytes are copied. */
  push(bytes: Uint8Array): FlvReadResult {
    if (this.error) return { header: null, tags: [], error: this.error };
    this.append(bytes);
    const header = this.headerSeen ? null : this.readHeader();
    const tags: FlvTag[] = [];
    if (this.headerSeen) while (this.readTag(tags));
    this.compact();
    return { header, tags, error: this.error };
  }

  private readHeader(): FlvHeader | null {
    const available = this.end - this.start;
    const at = (offset: number): number => this.buffer[this.start + offset]!;
    // Each byte is judged as soon as it is there, so that an HTML error page fails at once.
    if (available > 0 && at(0) !== 0x46) return this.fail('it does not begin with "FLV"');
    if (available > 1 && at(1) !== 0x4c) return this.fail('it does not begin with "FLV"');
    if (available > 2 && at(2) !== 0x56) return this.fail('it does not begin with "FLV"');
    if (available > 3 && at(3) !== 1) return this.fail(`FLV version ${at(3)} is unknown`);
    if (available > 4 && (at(4) & 0xfa) !== 0) {
      return this.fail(`the header's flags 0x${at(4).toString(16)} are invalid`);
    }
    if (available < FLV_HEADER_BYTES) return null;
    const flags = at(4);
    const size = this.readUint32(this.start + 5);
    if (size < FLV_HEADER_BYTES || size > MAX_HEADER_BYTES) {
      return this.fail(`the header's size of ${size} bytes is invalid`);
    }
    if (available < size) return null;
    this.start += size;
    this.headerSeen = true;
    return { hasAudio: (flags & 4) !== 0, hasVideo: (flags & 1) !== 0 };
  }

  /** @returns false when nothing more can be read for now. */
  private readTag(tags: FlvTag[]): boolean {
    const available = this.end - this.start;
    const headBytes = FLV_PREVIOUS_TAG_SIZE_BYTES + FLV_TAG_HEADER_BYTES;
    if (available < headBytes) return false;
    const head = this.start + FLV_PREVIOUS_TAG_SIZE_BYTES;
    const kind = this.buffer[head]!;
    if ((kind & 0xc0) !== 0) return this.failTag(`a tag begins with 0x${kind.toString(16)}`);
    if ((kind & 0x20) !== 0) {
      return this.failTag('its tags are encrypted (Annex F), which is not supported');
    }
    const size = this.readUint24(head + 1);
    if (size > this.maxTagBytes) {
      return this.failTag(`a tag of ${size} bytes is above the limit of ${this.maxTagBytes}`);
    }
    const type = tagTypeOf(kind);
    const sizeMatches = this.readUint32(this.start) === this.previousTagSize;
    // A reserved type may be skipped, but where the size before it is wrong too, we are off the rails.
    if (type === null && !sizeMatches) return this.failTag(`tag type ${kind} is unknown`);
    if (available < headBytes + size) return false;

    if (!sizeMatches) this.sizeMismatches++;
    this.previousTagSize = FLV_TAG_HEADER_BYTES + size;
    const body = head + FLV_TAG_HEADER_BYTES;
    this.start = body + size;
    if (type === null) {
      this.skippedTags++;
      return true;
    }
    this.tagCount++;
    tags.push({
      type,
      timestampMs: (this.readUint24(head + 4) | (this.buffer[head + 7]! << 24)) >>> 0,
      data: this.buffer.slice(body, body + size),
    });
    return true;
  }

  private append(bytes: Uint8Array): void {
    const needed = this.end + bytes.length;
    if (needed > this.buffer.length) {
      const grown = new Uint8Array(
        Math.max(needed, this.buffer.length * 2, INITIAL_CAPACITY_BYTES),
      );
      grown.set(this.buffer.subarray(0, this.end));
      this.buffer = grown;
    }
    this.buffer.set(bytes, this.end);
    this.end = needed;
  }

  /** Moves the unfinished tag to the front and gives memory back that one large push had needed. */
  private compact(): void {
    const left = this.error ? 0 : this.end - this.start;
    if (left <= KEPT_CAPACITY_BYTES && this.buffer.length > KEPT_CAPACITY_BYTES) {
      const kept = new Uint8Array(KEPT_CAPACITY_BYTES);
      kept.set(this.buffer.subarray(this.start, this.start + left));
      this.buffer = kept;
    } else if (this.start > 0) {
      this.buffer.copyWithin(0, this.start, this.start + left);
    }
    this.start = 0;
    this.end = left;
  }

  private fail(what: string): null {
    this.error = new IotError({
      code: XP2PErrorCode.StreamFailed,
      phase: 'stream',
      reason: 'media-broken',
      message: `The stream is not valid FLV: ${what}`,
      retryable: true,
    });
    return null;
  }

  private failTag(what: string): false {
    this.fail(what);
    return false;
  }

  private readUint24(at: number): number {
    return (this.buffer[at]! << 16) | (this.buffer[at + 1]! << 8) | this.buffer[at + 2]!;
  }

  private readUint32(at: number): number {
    return this.buffer[at]! * 0x1000000 + this.readUint24(at + 1);
  }
}

function tagTypeOf(kind: number): FlvTag['type'] | null {
  switch (kind & 0x1f) {
    case FlvTagType.Audio:
      return 'audio';
    case FlvTagType.Video:
      return 'video';
    case FlvTagType.Script:
      return 'script';
    default:
      return null;
  }
}
