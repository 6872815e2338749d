import { decodeUtf8, encodeUtf8 } from '../../encoding';
import type { ByteWriter } from './bytes';
import { ByteReader, MalformedError, MAX_VARINT, varintLength } from './bytes';
import type { Range } from './range-set';

/** Frame types of RFC 9000 §19. */
export const FrameType = {
  Padding: 0x00,
  Ping: 0x01,
  ResetStream: 0x04,
  StopSending: 0x05,
  /** 0x08 to 0x0f: | 0x04 offset present | 0x02 length present | 0x01 fin */
  Stream: 0x08,
  MaxData: 0x10,
  MaxStreamData: 0x11,
  MaxStreams: 0x12,
  PathChallenge: 0x1a,
  PathResponse: 0x1b,
  ConnectionClose: 0x1c,
  /** ACK with the path's id in front (draft-ietf-quic-multipath PATH_ACK), at a code of ours. */
  PathAck: 0x22,
  /** draft-seemann-quic-nat-traversal §3.1, at codes of ours. */
  AddAddress: 0x24,
  RemoveAddress: 0x25,
  PunchMeNow: 0x26,
} as const;

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

/** Serialised length of a frame that is not STREAM or ACK; those are fitted to the room there is. */
export function frameLength(frame: Exclude<Frame, { type: 'stream' | 'ack' }>): number {
  switch (frame.type) {
    case 'ping':
      return 1;
    case 'reset-stream':
      return (
        1 +
        varintLength(frame.streamId) +
        varintLength(frame.errorCode) +
        varintLength(frame.finalSize)
      );
    case 'stop-sending':
      return 1 + varintLength(frame.streamId) + varintLength(frame.errorCode);
    case 'max-data':
    case 'max-streams':
      return 1 + varintLength(frame.maximum);
    case 'max-stream-data':
      return 1 + varintLength(frame.streamId) + varintLength(frame.maximum);
    case 'path-challenge':
    case 'path-response':
      return 1 + CHALLENGE_BYTES;
    case 'add-address':
      return 1 + varintLength(frame.sequence) + 1 + frame.address.ip.length + 2;
    case 'remove-address':
      return 1 + varintLength(frame.sequence);
    case 'punch-me-now':
      return 1 + varintLength(frame.round);
    case 'connection-close': {
      const reason = encodeUtf8(frame.reason).length;
      return 1 + varintLength(frame.errorCode) + varintLength(reason) + reason;
    }
  }
}

export function writeFrame(writer: ByteWriter, frame: Frame): void {
  switch (frame.type) {
    case 'ping':
      writer.u8(FrameType.Ping);
      return;
    case 'ack':
      writeAck(writer, frame.pathId, frame.ranges, frame.delayMs);
      return;
    case 'reset-stream':
      writer.u8(FrameType.ResetStream);
      writer.varint(frame.streamId);
      writer.varint(frame.errorCode);
      writer.varint(frame.finalSize);
      return;
    case 'stop-sending':
      writer.u8(FrameType.StopSending);
      writer.varint(frame.streamId);
      writer.varint(frame.errorCode);
      return;
    case 'stream':
      writeStreamHeader(writer, frame.streamId, frame.offset, frame.data.length, frame.fin);
      writer.raw(frame.data);
      return;
    case 'max-data':
      writer.u8(FrameType.MaxData);
      writer.varint(frame.maximum);
      return;
    case 'max-stream-data':
      writer.u8(FrameType.MaxStreamData);
      writer.varint(frame.streamId);
      writer.varint(frame.maximum);
      return;
    case 'max-streams':
      writer.u8(FrameType.MaxStreams);
      writer.varint(frame.maximum);
      return;
    case 'path-challenge':
      writer.u8(FrameType.PathChallenge);
      writer.raw(frame.data);
      return;
    case 'path-response':
      writer.u8(FrameType.PathResponse);
      writer.raw(frame.data);
      return;
    case 'add-address':
      writer.u8(FrameType.AddAddress);
      writer.varint(frame.sequence);
      writer.u8(frame.address.ip.length);
      writer.raw(frame.address.ip);
      writer.u8(frame.address.port >>> 8);
      writer.u8(frame.address.port & 0xff);
      return;
    case 'remove-address':
      writer.u8(FrameType.RemoveAddress);
      writer.varint(frame.sequence);
      return;
    case 'punch-me-now':
      writer.u8(FrameType.PunchMeNow);
      writer.varint(frame.round);
      return;
    case 'connection-close': {
      const reason = encodeUtf8(frame.reason);
      writer.u8(FrameType.ConnectionClose);
      writer.varint(frame.errorCode);
      writer.varint(reason.length);
      writer.raw(reason);
      return;
    }
  }
}

/** The head of a STREAM frame; the caller writes `dataLength` bytes after it. */
export function writeStreamHeader(
  writer: ByteWriter,
  streamId: number,
  offset: number,
  dataLength: number,
  fin: boolean,
): void {
  writer.u8(FrameType.Stream | (offset > 0 ? 0x04 : 0) | 0x02 | (fin ? 0x01 : 0));
  writer.varint(streamId);
  if (offset > 0) writer.varint(offset);
  writer.varint(dataLength);
}

/** Writes as many of the newest ranges as fit (RFC 9000 §13.2.3); `ranges` ascend. */
function writeAck(
  writer: ByteWriter,
  pathId: number,
  ranges: readonly Range[],
  delayMs: number,
): void {
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
  writer.u8(FrameType.PathAck);
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
    const type = reader.u8();
    if (type !== FrameType.Padding) frames.push(readFrame(reader, type));
  }
  return frames;
}

function readFrame(reader: ByteReader, type: number): Frame {
  if (type >= FrameType.Stream && type <= FrameType.Stream + 7) return readStream(reader, type);
  switch (type) {
    case FrameType.Ping:
      return { type: 'ping' };
    case FrameType.PathAck:
      return readAck(reader);
    case FrameType.ResetStream:
      return {
        type: 'reset-stream',
        streamId: reader.varint(),
        errorCode: reader.varint(),
        finalSize: reader.varint(),
      };
    case FrameType.StopSending:
      return { type: 'stop-sending', streamId: reader.varint(), errorCode: reader.varint() };
    case FrameType.MaxData:
      return { type: 'max-data', maximum: reader.varint() };
    case FrameType.MaxStreamData:
      return { type: 'max-stream-data', streamId: reader.varint(), maximum: reader.varint() };
    case FrameType.MaxStreams:
      return { type: 'max-streams', maximum: reader.varint() };
    case FrameType.PathChallenge:
      return { type: 'path-challenge', data: reader.raw(CHALLENGE_BYTES) };
    case FrameType.PathResponse:
      return { type: 'path-response', data: reader.raw(CHALLENGE_BYTES) };
    case FrameType.AddAddress:
      return { type: 'add-address', sequence: reader.varint(), address: readAddress(reader) };
    case FrameType.RemoveAddress:
      return { type: 'remove-address', sequence: reader.varint() };
    case FrameType.PunchMeNow:
      return { type: 'punch-me-now', round: reader.varint() };
    case FrameType.ConnectionClose: {
      const errorCode = reader.varint();
      const length = reader.varint();
      if (length > MAX_REASON_BYTES) throw new MalformedError('reason too long');
      return { type: 'connection-close', errorCode, reason: decodeUtf8(reader.raw(length)) };
    }
    default:
      throw new MalformedError(`unknown frame type ${type}`);
  }
}

function readStream(reader: ByteReader, type: number): Frame {
  const streamId = reader.varint();
  const offset = (type & 0x04) !== 0 ? reader.varint() : 0;
  const length = (type & 0x02) !== 0 ? reader.varint() : reader.remaining;
  const data = reader.raw(length);
  if (offset + length > MAX_VARINT) throw new MalformedError('offset too large');
  return { type: 'stream', streamId, offset, data, fin: (type & 0x01) !== 0 };
}

function readAddress(reader: ByteReader): PeerAddressBytes {
  const length = reader.u8();
  if (length !== 4 && length !== 16) throw new MalformedError('neither IPv4 nor IPv6');
  // Copied: the address outlives the packet.
  const ip = reader.raw(length).slice();
  return { ip, port: reader.u8() * 256 + reader.u8() };
}

function readAck(reader: ByteReader): Frame {
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
