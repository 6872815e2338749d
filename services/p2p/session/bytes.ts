/** Largest value a variable-length integer carries here: JavaScript's safe range, within RFC 9000's 2^62. */
export const MAX_VARINT = Number.MAX_SAFE_INTEGER;

/** Bytes that `value` takes as a variable-length integer (RFC 9000 §16). */
export function varintLength(value: number): number {
  if (value < 0x40) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x4000_0000) return 4;
  return 8;
}

/** Writes into a buffer of fixed size; the caller checks `remaining` first. */
export class ByteWriter {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get length(): number {
    return this.at;
  }

  get remaining(): number {
    return this.bytes.length - this.at;
  }

  /** What was written so far, as a view. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.at);
  }

  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.at++] = value;
  }

  u32(value: number): void {
    this.reserve(4);
    this.bytes[this.at++] = value >>> 24;
    this.bytes[this.at++] = value >>> 16;
    this.bytes[this.at++] = value >>> 8;
    this.bytes[this.at++] = value;
  }

  varint(value: number): void {
    const length = varintLength(value);
    this.reserve(length);
    if (length === 8) {
      this.u32(0xc000_0000 + Math.floor(value / 0x1_0000_0000));
      this.u32(value >>> 0);
    } else if (length === 4) {
      this.u32(0x8000_0000 + value);
    } else if (length === 2) {
      this.bytes[this.at++] = 0x40 | (value >>> 8);
      this.bytes[this.at++] = value;
    } else {
      this.bytes[this.at++] = value;
    }
  }

  raw(source: Uint8Array): void {
    this.reserve(source.length);
    this.bytes.set(source, this.at);
    this.at += source.length;
  }

  /** Returns the next `length` bytes for the caller to fill. */
  claim(length: number): Uint8Array {
    this.reserve(length);
    const view = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return view;
  }

  private reserve(length: number): void {
    if (length > this.bytes.length - this.at) throw new RangeError('buffer is full');
  }
}

/** Thrown by `ByteReader` and the decoders on it; never leaves the session. */
export class MalformedError extends Error {
  override readonly name = 'MalformedError';
}

/** Reads hostile bytes; whatever does not fit throws `MalformedError`. */
export class ByteReader {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get remaining(): number {
    return this.bytes.length - this.at;
  }

  u8(): number {
    this.need(1);
    return this.bytes[this.at++]!;
  }

  u32(): number {
    this.need(4);
    const { bytes } = this;
    const value =
      bytes[this.at]! * 0x100_0000 +
      ((bytes[this.at + 1]! << 16) | (bytes[this.at + 2]! << 8) | bytes[this.at + 3]!);
    this.at += 4;
    return value;
  }

  varint(): number {
    const first = this.u8();
    const prefix = first >>> 6;
    let value = first & 0x3f;
    for (let rest = (1 << prefix) - 1; rest > 0; rest--) value = value * 256 + this.u8();
    if (value > MAX_VARINT) throw new MalformedError('integer too large');
    return value;
  }

  /** The next `length` bytes, as a view. */
  raw(length: number): Uint8Array {
    this.need(length);
    const view = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return view;
  }

  rest(): Uint8Array {
    return this.raw(this.remaining);
  }

  private need(length: number): void {
    if (length > this.bytes.length - this.at) throw new MalformedError('truncated');
  }
}

/** Compares without telling by its duration where the difference is. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}
