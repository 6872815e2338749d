import { IotError, XP2PErrorCode } from '../../errors';
import { boundaryOf, MAX_BOUNDARY_BYTES } from './boundary';

export interface MjpgReaderOptions {
  /** The answer's `content-type`; without it the boundary is taken from the first line. */
  readonly contentType?: string | null;
  /** Largest picture, in bytes (default 4 MiB). */
  readonly maxPictureBytes?: number;
}

export interface MjpgReadResult {
  /** Whole JPEGs, in order; each has bytes of its own. */
  readonly pictures: readonly Uint8Array<ArrayBuffer>[];
  /** Set from the first malformed byte on; what came before it is in `pictures`. */
  readonly error: IotError | null;
}

/** What comes next: a delimiter line, a part's head, a body of known or of unknown length. */
type Step = 'delimiter' | 'head' | 'sized' | 'open' | 'over';

interface Delimiter {
  /** Where its line begins, and where what follows the boundary does. */
  readonly start: number;
  readonly after: number;
}

const DEFAULT_MAX_PICTURE_BYTES = 4 * 1024 * 1024;
const MAX_HEAD_BYTES = 8 * 1024;
const KEPT_CAPACITY_BYTES = 256 * 1024;
const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;
const SPACE = 0x20;
const TAB = 0x09;

/**
 * Reads a picture stream (`multipart/x-mixed-replace` of JPEG, RFC 2046 §5.1) that arrives in pieces of
 * any size.
 *
 * It keeps at most one unfinished picture and never throws: malformed input ends in `error`, and every
 * further push returns the same error. Where the boundary is known it may begin anywhere in the stream.
 */
export class MjpgReader {
  private readonly maxPictureBytes: number;
  private buffer = new Uint8Array(0);
  private start = 0;
  private end = 0;
  private step: Step = 'delimiter';
  /** `--` and the boundary without dashes of its own, which cameras count differently. */
  private needle: Uint8Array | null = null;
  /** Where the search for the next delimiter goes on, from `start`. */
  private searched = 0;
  /** Whether a delimiter may stand at `start`. */
  private atLineStart = true;
  /** Bytes between parts that belong to nothing. */
  private skipped = 0;
  private headBytes = 0;
  /** The next line of the head is the rest of the delimiter's. */
  private padding = false;
  private length: number | null = null;
  private isPicture = true;
  private error: IotError | null = null;

  constructor({ contentType, maxPictureBytes }: MjpgReaderOptions = {}) {
    this.maxPictureBytes = maxPictureBytes ?? DEFAULT_MAX_PICTURE_BYTES;
    const boundary = boundaryOf(contentType ?? '');
    if (boundary !== null) this.needle = needleOf(boundary);
  }

  /** Takes the next piece of the stream; the bytes are copied. */
  push(bytes: Uint8Array): MjpgReadResult {
    const pictures: Uint8Array<ArrayBuffer>[] = [];
    if (this.error === null && this.step !== 'over') {
      this.append(bytes);
      while (this.readNext(pictures));
      this.compact();
    }
    return { pictures, error: this.error };
  }

  /** @returns false when nothing more can be read for now. */
  private readNext(pictures: Uint8Array<ArrayBuffer>[]): boolean {
    switch (this.step) {
      case 'delimiter':
        return this.readDelimiter();
      case 'head':
        return this.readHeadLine();
      case 'sized':
        return this.readSized(pictures);
      case 'open':
        return this.readOpen(pictures);
      case 'over':
        return false;
      default:
        return this.step satisfies never;
    }
  }

  private readDelimiter(): boolean {
    if (this.needle === null && !this.sniff()) return false;
    const found = this.findDelimiter();
    const useless = found === null ? this.searched : found.start - this.start;
    this.skipped += useless;
    if (this.skipped > this.maxPictureBytes) return this.fail('it has no boundary');
    if (found !== null) return this.takeDelimiter(found);
    if (useless > 0) {
      this.consumeTo(this.start + useless);
      this.atLineStart = this.buffer[this.start - 1] === LF;
    }
    return false;
  }

  /** The first line names the boundary where the head of the answer does not. */
  private sniff(): boolean {
    while (this.start < this.end && isLineEnd(this.buffer[this.start]!)) {
      this.start++;
      if (++this.skipped > MAX_BOUNDARY_BYTES) return this.fail('it begins with empty lines');
    }
    const { buffer, start, end } = this;
    // Each byte is judged as soon as it is there, so that an HTML error page fails at once.
    for (let i = start; i < Math.min(end, start + 2); i++) {
      if (buffer[i] !== DASH) return this.fail('it does not begin with a boundary');
    }
    const lineEnd = buffer.subarray(start, end).indexOf(LF);
    if ((lineEnd < 0 ? end - start : lineEnd) > MAX_BOUNDARY_BYTES) {
      return this.fail('its first line is too long for a boundary');
    }
    if (lineEnd < 0) return false;
    const boundary = textOf(buffer.subarray(start + 2, start + lineEnd)).trim();
    if (boundary === '') return this.fail('its boundary is empty');
    this.needle = needleOf(boundary);
    return true;
  }

  /** @returns null when there is none yet; `searched` tells how far that is certain. */
  private findDelimiter(): Delimiter | null {
    const needle = this.needle!;
    const { buffer, start, end } = this;
    for (let at = start + this.searched; at < end; at++) {
      if (buffer[at] !== DASH) continue;
      if (at === start ? !this.atLineStart : buffer[at - 1] !== LF) continue;
      this.searched = at - start;
      let dashesEnd = at;
      while (dashesEnd < end && buffer[dashesEnd] === DASH && dashesEnd - at < MAX_BOUNDARY_BYTES) {
        dashesEnd++;
      }
      const core = dashesEnd - 2;
      const after = core + needle.length;
      if (dashesEnd === end || after + 2 > end) {
        // Whether it is one is told by bytes that are still to come.
        if (dashesEnd < end && !this.agrees(core, needle)) continue;
        return null;
      }
      if (core < at || !this.agrees(core, needle) || !endsBoundary(buffer, after)) continue;
      return { start: at, after };
    }
    this.searched = Math.max(this.searched, end - start);
    return null;
  }

  private agrees(at: number, needle: Uint8Array): boolean {
    const length = Math.min(needle.length, this.end - at);
    for (let i = 0; i < length; i++) if (this.buffer[at + i] !== needle[i]) return false;
    return true;
  }

  /** Reads the rest of a delimiter's line. @returns as `readNext` */
  private takeDelimiter({ after }: Delimiter): boolean {
    if (this.buffer[after] === DASH) {
      this.step = 'over';
      this.start = this.end;
      return false;
    }
    this.consumeTo(after);
    this.step = 'head';
    this.skipped = 0;
    this.headBytes = 0;
    this.length = null;
    this.isPicture = true;
    this.padding = true;
    return true;
  }

  private readHeadLine(): boolean {
    const { buffer, start } = this;
    const end = Math.min(this.end, start + MAX_HEAD_BYTES + 1);
    const lineEnd = buffer.subarray(start, end).indexOf(LF);
    const bytes = lineEnd < 0 ? end - start : lineEnd + 1;
    if (this.headBytes + bytes > MAX_HEAD_BYTES) return this.fail('the head of a part is too long');
    if (lineEnd < 0) return false;
    this.headBytes += bytes;
    const line = textOf(buffer.subarray(start, start + lineEnd)).trim();
    this.consumeTo(start + bytes);
    if (this.padding) {
      this.padding = false;
      return true;
    }
    return line === '' ? this.beginBody() : this.takeHeader(line);
  }

  private takeHeader(line: string): boolean {
    const colon = line.indexOf(':');
    if (colon <= 0) return this.fail('the head of a part is malformed');
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'content-type') this.isPicture = /^image\//i.test(value);
    // A length that is none is as good as no length.
    if (name === 'content-length' && /^\d{1,15}$/.test(value)) this.length = Number(value);
    return true;
  }

  private beginBody(): boolean {
    const { length, maxPictureBytes } = this;
    if (length !== null && length > maxPictureBytes) {
      return this.fail(`a picture of ${length} bytes is above the limit of ${maxPictureBytes}`);
    }
    this.step = length === null ? 'open' : 'sized';
    return true;
  }

  private readSized(pictures: Uint8Array<ArrayBuffer>[]): boolean {
    const bodyEnd = this.start + this.length!;
    if (this.end < bodyEnd) return false;
    this.takePicture(pictures, bodyEnd);
    this.consumeTo(bodyEnd);
    this.step = 'delimiter';
    return true;
  }

  private readOpen(pictures: Uint8Array<ArrayBuffer>[]): boolean {
    const found = this.findDelimiter();
    const bytes = found === null ? this.searched : found.start - this.start;
    // The line's end may be the delimiter's.
    if (bytes > this.maxPictureBytes + 2) {
      return this.fail(`a picture is above the limit of ${this.maxPictureBytes} bytes`);
    }
    if (found === null) return false;
    // The line's end before a delimiter belongs to it.
    let bodyEnd = found.start;
    if (bodyEnd > this.start && this.buffer[bodyEnd - 1] === LF) bodyEnd--;
    if (bodyEnd > this.start && this.buffer[bodyEnd - 1] === CR) bodyEnd--;
    this.takePicture(pictures, bodyEnd);
    return this.takeDelimiter(found);
  }

  private takePicture(pictures: Uint8Array<ArrayBuffer>[], bodyEnd: number): void {
    if (this.isPicture && bodyEnd > this.start) {
      pictures.push(this.buffer.slice(this.start, bodyEnd));
    }
  }

  private consumeTo(at: number): void {
    this.start = at;
    this.searched = 0;
    this.atLineStart = true;
  }

  private append(bytes: Uint8Array): void {
    const needed = this.end + bytes.length;
    if (needed > this.buffer.length) {
      const grown = new Uint8Array(Math.max(needed, this.buffer.length * 2));
      grown.set(this.buffer.subarray(0, this.end));
      this.buffer = grown;
    }
    this.buffer.set(bytes, this.end);
    this.end = needed;
  }

  /** Moves what is unfinished to the front, and gives memory back that a large push had needed. */
  private compact(): void {
    const left = this.error === null && this.step !== 'over' ? this.end - this.start : 0;
    if (left <= KEPT_CAPACITY_BYTES && this.buffer.length > KEPT_CAPACITY_BYTES * 2) {
      const kept = new Uint8Array(KEPT_CAPACITY_BYTES);
      kept.set(this.buffer.subarray(this.start, this.start + left));
      this.buffer = kept;
    } else if (this.start > 0) {
      this.buffer.copyWithin(0, this.start, this.start + left);
    }
    this.start = 0;
    this.end = left;
  }

  private fail(what: string): false {
    this.error = new IotError({
      code: XP2PErrorCode.StreamFailed,
      phase: 'stream',
      reason: 'media-broken',
      message: `The stream is no valid picture stream: ${what}`,
      retryable: true,
    });
    return false;
  }
}

function needleOf(boundary: string): Uint8Array {
  const core = boundary.replace(/^-+/, '');
  return Uint8Array.from(`--${core}`, (char) => char.charCodeAt(0) & 0xff);
}

/** Whether the boundary ends here: by `--`, or by padding and a line's end. */
function endsBoundary(buffer: Uint8Array, at: number): boolean {
  const next = buffer[at]!;
  if (next === DASH) return buffer[at + 1] === DASH;
  return isLineEnd(next) || next === SPACE || next === TAB;
}

function isLineEnd(byte: number): boolean {
  return byte === LF || byte === CR;
}

/** Of at most a head's length. */
function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
