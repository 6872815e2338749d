import { decodeUtf8, encodeUtf8 } from '../../encoding';

/**
 * The part of AMF0 that script tags use (Adobe "Action Message Format -- AMF 0", 2007).
 *
 * Objects are maps: a property called `__proto__` is then a property like any other. A date is read
 * as its number of unix ms.
 */
export type Amf0Value =
  number | boolean | string | null | undefined | readonly Amf0Value[] | Amf0Object;

export type Amf0Object = ReadonlyMap<string, Amf0Value>;

const Marker = {
  Number: 0,
  Boolean: 1,
  String: 2,
  Object: 3,
  Null: 5,
  Undefined: 6,
  EcmaArray: 8,
  ObjectEnd: 9,
  StrictArray: 10,
  Date: 11,
  LongString: 12,
} as const;

/** Real metadata is two deep; the bound keeps hostile input from exhausting the stack. */
const MAX_DEPTH = 8;
/** All values of one call together; an index of keyframes, the largest thing seen, has thousands. */
const MAX_VALUES = 65_536;

/**
 * Reads the values that follow each other in `bytes`.
 * @returns null when they are malformed, cut off, nested too deeply or of a type not listed above.
 */
export function decodeAmf0(bytes: Uint8Array): Amf0Value[] | null {
  const reader = new Reader(bytes);
  const values: Amf0Value[] = [];
  while (!reader.atEnd) {
    const value = reader.value(0);
    if (value === MALFORMED) return null;
    values.push(value);
  }
  return values;
}

/** Serialises values one after the other; objects become ECMA arrays, as encoders write metadata. */
export function encodeAmf0(values: readonly Amf0Value[]): Uint8Array {
  const out: number[] = [];
  for (const value of values) write(out, value);
  return Uint8Array.from(out);
}

const MALFORMED = Symbol('malformed');

class Reader {
  private readonly view: DataView;
  private at = 0;
  private values = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  value(depth: number): Amf0Value | typeof MALFORMED {
    if (!this.has(1) || depth > MAX_DEPTH || ++this.values > MAX_VALUES) return MALFORMED;
    switch (this.view.getUint8(this.at++)) {
      case Marker.Number:
        return this.has(8) ? this.view.getFloat64((this.at += 8) - 8) : MALFORMED;
      case Marker.Boolean:
        return this.has(1) ? this.view.getUint8(this.at++) !== 0 : MALFORMED;
      case Marker.String:
        return this.has(2) ? this.text(this.view.getUint16((this.at += 2) - 2)) : MALFORMED;
      case Marker.LongString:
        return this.has(4) ? this.text(this.view.getUint32((this.at += 4) - 4)) : MALFORMED;
      case Marker.Null:
        return null;
      case Marker.Undefined:
        return undefined;
      case Marker.Object:
        return this.properties(depth);
      case Marker.EcmaArray:
        // The count is a hint that encoders get wrong; the end marker decides (§2.10).
        if (!this.has(4)) return MALFORMED;
        this.at += 4;
        return this.properties(depth);
      case Marker.StrictArray:
        return this.has(4) ? this.items(this.view.getUint32((this.at += 4) - 4), depth) : MALFORMED;
      case Marker.Date:
        // The time zone that follows is reserved and 0 (§2.13).
        return this.has(10) ? this.view.getFloat64((this.at += 10) - 10) : MALFORMED;
      default:
        return MALFORMED;
    }
  }

  private properties(depth: number): Amf0Value | typeof MALFORMED {
    const map = new Map<string, Amf0Value>();
    while (this.has(3)) {
      const length = this.view.getUint16(this.at);
      if (length === 0 && this.bytes[this.at + 2] === Marker.ObjectEnd) {
        this.at += 3;
        return map;
      }
      this.at += 2;
      const name = this.text(length);
      const value = name === MALFORMED ? MALFORMED : this.value(depth + 1);
      if (name === MALFORMED || value === MALFORMED) return MALFORMED;
      map.set(name, value);
    }
    return MALFORMED;
  }

  private items(count: number, depth: number): Amf0Value | typeof MALFORMED {
    const items: Amf0Value[] = [];
    for (let i = 0; i < count; i++) {
      const value = this.value(depth + 1);
      if (value === MALFORMED) return MALFORMED;
      items.push(value);
    }
    return items;
  }

  private text(length: number): string | typeof MALFORMED {
    if (!this.has(length)) return MALFORMED;
    this.at += length;
    return decodeUtf8(this.bytes.subarray(this.at - length, this.at));
  }

  private has(count: number): boolean {
    return this.at + count <= this.bytes.length;
  }
}

function write(out: number[], value: Amf0Value): void {
  if (typeof value === 'number') out.push(Marker.Number, ...float64(value));
  else if (typeof value === 'boolean') out.push(Marker.Boolean, value ? 1 : 0);
  else if (typeof value === 'string') writeString(out, value);
  else if (value === null) out.push(Marker.Null);
  else if (value === undefined) out.push(Marker.Undefined);
  else if (isList(value)) {
    out.push(Marker.StrictArray, ...uint32(value.length));
    for (const item of value) write(out, item);
  } else {
    out.push(Marker.EcmaArray, ...uint32(value.size));
    for (const [name, property] of value) {
      const bytes = encodeUtf8(name).subarray(0, 0xffff);
      out.push(bytes.length >>> 8, bytes.length & 0xff);
      append(out, bytes);
      write(out, property);
    }
    out.push(0, 0, Marker.ObjectEnd);
  }
}

function writeString(out: number[], text: string): void {
  const bytes = encodeUtf8(text);
  if (bytes.length > 0xffff) out.push(Marker.LongString, ...uint32(bytes.length));
  else out.push(Marker.String, bytes.length >>> 8, bytes.length & 0xff);
  append(out, bytes);
}

/** `push(...bytes)` would put every byte on the stack. */
function append(out: number[], bytes: Uint8Array): void {
  for (const byte of bytes) out.push(byte);
}

function float64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return bytes;
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function isList(value: readonly Amf0Value[] | Amf0Object): value is readonly Amf0Value[] {
  return Array.isArray(value);
}
