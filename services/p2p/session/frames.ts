import { decodeUtf8, encodeUtf8 } from '../../encoding';
import type { ByteWriter } from './bytes';
import { ByteReader, MalformedError, MAX_VARINT, varintLength } from './bytes';
import type { Range } from './range-set';

const PADDING_CODE = 0x00;
const STREAM_CODE = 0x08;
const ACK_CODE = 0x22;

/** Bytes of PATH_CHALLENGE and PATH_RESPONSE, RFC 9000 §19.17. */
export const CHALLENGE_BYTES = 8;

/** ACK Delay is in units of 2^3 µs, the default of RFC 9000 §18.2. */
const ACK_DELAY_EXPONENT = 3;
/** ACK ranges that one frame may carry; more would not fit a packet in any case. */
export const MAX_ACK_RANGES = 64;
const MAX_REASON_BYTES = 256;

/** A transport address on the wire: 4 or 16 bytes of IP address. */
export interface PeerAddressBytes {
  readonly ip: Uint8Array;
  readonly port: number;
}

export type Frame =
  | { readonly type: 'ping' }
  | {
      readonly type: 'ack';
      readonly pathId: number;
      readonly ranges: readonly Range[];
      readonly delayMs: number;
    }
  | {
      readonly type: 'reset-stream';
      readonly streamId: number;
      readonly errorCode: number;
      readonly finalSize: number;
    }
  | { readonly type: 'stop-sending'; readonly streamId: number; readonly errorCode: number }
  | {
      readonly type: 'stream';
      readonly streamId: number;
      readonly offset: number;
      readonly data: Uint8Array;
      readonly fin: boolean;
    }
  | { readonly type: 'max-data'; readonly maximum: number }
  | { readonly type: 'max-stream-data'; readonly streamId: number; readonly maximum: number }
  | { readonly type: 'max-streams'; readonly maximum: number }
  | { readonly type: 'path-challenge'; readonly data: Uint8Array }
  | { readonly type: 'path-response'; readonly data: Uint8Array }
  | { readonly type: 'add-address'; readonly sequence: number; readonly address: PeerAddressBytes }
  | { readonly type: 'remove-address'; readonly sequence: number }
  | { readonly type: 'punch-me-now'; readonly round: number }
  | { readonly type: 'connection-close'; readonly errorCode: number; readonly reason: string };

/** Bytes of a STREAM frame before its data; the length field is always present. */
export function streamFrameOverhead(streamId: number, offset: number, dataLength: number): number {
  return (
    1 + varintLength(streamId) + (offset > 0 ? varintLength(offset) : 0) + varintLength(dataLength)
  );
}

type FrameOf<T extends Frame['type']> = Extract<Frame, { type: T }>;

/** How one type of frame looks on the wire. */
interface Codec<F extends Frame> {
  /** First byte. */
  readonly code: number;
  /** Serialised length; null for a frame that is fitted to the room there is. */
  readonly length: ((frame: F) => number) | null;
  /** Writes the frame, first byte included. */
  readonly write: (writer: ByteWriter, frame: F) => void;
  /** Reads what follows the first byte. */
  readonly read: (reader: ByteReader, code: number) => F;
}

/** Codes are those of RFC 9000 §19 where it has the frame. */
const CODECS: { readonly [T in Frame['type']]: Codec<FrameOf<T>> } = {
  ping: integers('ping', 0x01),
  'reset-stream': integers('reset-stream', 0x04, 'streamId', 'errorCode', 'finalSize'),
  'stop-sending': integers('stop-sending', 0x05, 'streamId', 'errorCode'),
  stream: { code: STREAM_CODE, length: null, write: writeStream, read: readStream },
  'max-data': integers('max-data', 0x10, 'maximum'),
  'max-stream-data': integers('max-stream-data', 0x11, 'streamId', 'maximum'),
  'max-streams': integers('max-streams', 0x12, 'maximum'),
  'path-challenge': challenge('path-challenge', 0x1a),
  'path-response': challenge('path-response', 0x1b),
  'connection-close': {
    code: 0x1c,
    length: ({ errorCode, reason }) => {
      const { length } = encodeUtf8(reason);
      return 1 + varintLength(errorCode) + varintLength(length) + length;
    },
    write: (writer, { errorCode, reason }) => {
      const text = encodeUtf8(reason);
      writer.u8(0x1c);
      writer.varint(errorCode);
      writer.varint(text.length);
      writer.raw(text);
    },
    read: (reader) => {
      const errorCode = reader.varint();
      const length = reader.varint();
      if (length > MAX_REASON_BYTES) throw new MalformedError('reason too long');
      return { type: 'connection-close', errorCode, reason: decodeUtf8(reader.raw(length)) };
    },
  },
  // ACK with the path's id in front (draft-ietf-quic-multipath PATH_ACK), at a code of ours.
  ack: { code: ACK_CODE, length: null, write: writeAck, read: readAck },
  // draft-seemann-quic-nat-traversal §3.1, at codes of ours.
  'add-address': {
    code: 0x24,
    length: ({ sequence, address }) => 1 + varintLength(sequence) + 1 + address.ip.length + 2,
    write: (writer, { sequence, address: { ip, port } }) => {
      writer.u8(0x24);
      writer.varint(sequence);
      writer.u8(ip.length);
      writer.raw(ip);
      writer.u8(port >>> 8);
      writer.u8(port & 0xff);
    },
    read: (reader) => ({
      type: 'add-address',
      sequence: reader.varint(),
      address: readAddress(reader),
    }),
  },
  'remove-address': integers('remove-address', 0x25, 'sequence'),
  'punch-me-now': integers('punch-me-now', 0x26, 'round'),
};

const codecOf = (frame: Frame): Codec<Frame> => CODECS[frame.type] as unknown as Codec<Frame>;

const BY_CODE: (Codec<Frame> | undefined)[] = [];
for (const codec of Object.values(CODECS) as unknown as Codec<Frame>[]) BY_CODE[codec.code] = codec;
// STREAM has eight codes: | 0x04 offset present | 0x02 length present | 0x01 fin
for (let bits = 1; bits < 8; bits++) BY_CODE[STREAM_CODE | bits] = BY_CODE[STREAM_CODE];

/** A frame of nothing but variable-length integers, in this order. */
function integers<T extends Frame['type'], K extends Exclude<keyof FrameOf<T>, 'type'> & string>(
  type: T,
  code: number,
  ...fields: readonly K[]
): Codec<FrameOf<T>> {
  type Fields = Record<string, number>;
  return {
    code,
    length: (frame) => {
      let length = 1;
      for (const field of fields) length += varintLength((frame as unknown as Fields)[field]!);
      return length;
    },
    write: (writer, frame) => {
      writer.u8(code);
      for (const field of fields) writer.varint((frame as unknown as Fields)[field]!);
    },
    read: (reader) => {
      const frame: Record<string, unknown> = { type };
      for (const field of fields) frame[field] = reader.varint();
      return frame as FrameOf<T>;
    },
  };
}

function challenge<T extends 'path-challenge' | 'path-response'>(
  type: T,
  code: number,
): Codec<FrameOf<T>> {
  return {
    code,
    length: () => 1 + CHALLENGE_BYTES,
    write: (writer, frame) => {
      writer.u8(code);
      writer.raw((frame as FrameOf<'path-challenge' | 'path-response'>).data);
    },
    read: (reader) => ({ type, data: reader.raw(CHALLENGE_BYTES) }) as FrameOf<T>,
  };
}

/** Serialised length of a frame that is not STREAM or ACK; those are fitted to the room there is. */
export function frameLength(frame: Exclude<Frame, { type: 'stream' | 'ack' }>): number {
  return codecOf(frame).length!(frame);
}

export function writeFrame(writer: ByteWriter, frame: Frame): void {
  codecOf(frame).write(writer, frame);
}

function writeStream(writer: ByteWriter, frame: FrameOf<'stream'>): void {
  writeStreamHeader(writer, frame.streamId, frame.offset, frame.data.length, frame.fin);
  writer.raw(frame.data);
}

/** The head of a STREAM frame; the caller writes `dataLength` bytes after it. */
export function writeStreamHeader(
  writer: ByteWriter,
  streamId: number,
  offset: number,
  dataLength: number,
  fin: boolean,
): void {
  writer.u8(STREAM_CODE | (offset > 0 ? 0x04 : 0) | 0x02 | (fin ? 0x01 : 0));
  writer.varint(streamId);
  if (offset > 0) writer.varint(offset);
  writer.varint(dataLength);
}

/** Writes as many of the newest ranges as fit (RFC 9000 §13.2.3); `ranges` ascend. */
function writeAck(writer: ByteWriter, { pathId, ranges, delayMs }: FrameOf<'ack'>): void {
  const newest = ranges[ranges.length - 1];
  if (newest === undefined) throw new RangeError('an ACK needs a range');
  const delay = Math.max(0, Math.round((delayMs * 1000) / 2 ** ACK_DELAY_EXPONENT));
  const fixed =
    1 +
    varintLength(pathId) +
    varintLength(newest.end - 1) +
    varintLength(delay) +
    2 +
    varintLength(newest.end - newest.start - 1);
  let room = writer.remaining - fixed;
  let count = 0;
  let previous = newest;
  for (let i = ranges.length - 2; i >= 0 && count < MAX_ACK_RANGES - 1; i--) {
    const range = ranges[i]!;
    const length =
      varintLength(previous.start - range.end - 1) + varintLength(range.end - range.start - 1);
    if (length > room) break;
    room -= length;
    count++;
    previous = range;
  }
  writer.u8(ACK_CODE);
  writer.varint(pathId);
  writer.varint(newest.end - 1);
  writer.varint(delay);
  writer.varint(count);
  writer.varint(newest.end - newest.start - 1);
  previous = newest;
  for (let i = ranges.length - 2; i >= ranges.length - 1 - count; i--) {
    const range = ranges[i]!;
    writer.varint(previous.start - range.end - 1);
    writer.varint(range.end - range.start - 1);
    previous = range;
  }
}

/** Bytes that an ACK frame with one range takes at the most. */
export const MIN_ACK_FRAME_BYTES = 1 + 4 + 8 + 8 + 2 + 8;

/**
 * Reads all frames of a packet. STREAM data are views into `payload`.
 * @throws MalformedError for anything that RFC 9000 §12.4 calls a FRAME_ENCODING_ERROR.
 */
export function readFrames(payload: Uint8Array): Frame[] {
  const reader = new ByteReader(payload);
  const frames: Frame[] = [];
  while (reader.remaining > 0) {
    const code = reader.u8();
    if (code === PADDING_CODE) continue;
    const codec = BY_CODE[code];
    if (codec === undefined) throw new MalformedError(`unknown frame type ${code}`);
    frames.push(codec.read(reader, code));
  }
  return frames;
}

function readStream(reader: ByteReader, code: number): FrameOf<'stream'> {
  const streamId = reader.varint();
  const offset = (code & 0x04) !== 0 ? reader.varint() : 0;
  const length = (code & 0x02) !== 0 ? reader.varint() : reader.remaining;
  const data = reader.raw(length);
  if (offset + length > MAX_VARINT) throw new MalformedError('offset too large');
  return { type: 'stream', streamId, offset, data, fin: (code & 0x01) !== 0 };
}

function readAddress(reader: ByteReader): PeerAddressBytes {
  const length = reader.u8();
  if (length !== 4 && length !== 16) throw new MalformedError('neither IPv4 nor IPv6');
  // Copied: the address outlives the packet.
  const ip = reader.raw(length).slice();
  return { ip, port: reader.u8() * 256 + reader.u8() };
}

function readAck(reader: ByteReader): FrameOf<'ack'> {
  const pathId = reader.varint();
  const largest = reader.varint();
  const delayMs = (reader.varint() * 2 ** ACK_DELAY_EXPONENT) / 1000;
  const count = reader.varint();
  if (count >= MAX_ACK_RANGES) throw new MalformedError('too many ACK ranges');
  const descending: Range[] = [];
  let end = largest + 1;
  let start = end - 1 - reader.varint();
  for (let i = 0; ; i++) {
    if (start < 0) throw new MalformedError('ACK range below zero');
    descending.push({ start, end });
    if (i === count) break;
    end = start - reader.varint() - 1;
    start = end - 1 - reader.varint();
  }
  return { type: 'ack', pathId, ranges: descending.reverse(), delayMs };
}
