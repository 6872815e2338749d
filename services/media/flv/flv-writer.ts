import {
  FLV_HEADER_BYTES,
  FLV_PREVIOUS_TAG_SIZE_BYTES,
  FLV_TAG_HEADER_BYTES,
  FlvTagType,
} from './flv-tag';
import type { FlvHeader, FlvTag } from './flv-tag';

/** Largest body that the format's 24-bit size can express, in bytes. */
const MAX_BODY_BYTES = 0xffffff;

/** The file header with the PreviousTagSize that follows it: 13 bytes. */
export function encodeFlvHeader(header: FlvHeader): Uint8Array {
  const out = new Uint8Array(FLV_HEADER_BYTES + FLV_PREVIOUS_TAG_SIZE_BYTES);
  out.set([0x46, 0x4c, 0x56, 1, (header.hasAudio ? 4 : 0) | (header.hasVideo ? 1 : 0)]);
  out[8] = FLV_HEADER_BYTES;
  return out;
}

/**
 * One tag with the PreviousTagSize that follows it.
 * @param timestampMs replaces the tag's own time; whole ms, taken modulo 2^32.
 * @throws RangeError when the tag's data is larger than 16 MiB - 1.
 */
export function encodeFlvTag(tag: FlvTag, timestampMs: number = tag.timestampMs): Uint8Array {
  const size = tag.data.length;
  if (size > MAX_BODY_BYTES) throw new RangeError(`An FLV tag cannot hold ${size} bytes`);
  const out = new Uint8Array(FLV_TAG_HEADER_BYTES + size + FLV_PREVIOUS_TAG_SIZE_BYTES);
  out[0] = TYPE_BYTES[tag.type];
  writeUint24(out, 1, size);
  writeUint24(out, 4, timestampMs);
  // The format grew from 24 to 32 bits: the highest byte comes last (TimestampExtended).
  out[7] = timestampMs >>> 24;
  out.set(tag.data, FLV_TAG_HEADER_BYTES);
  const end = FLV_TAG_HEADER_BYTES + size;
  out[end] = end >>> 24;
  writeUint24(out, end + 1, end);
  return out;
}

const TYPE_BYTES: Readonly<Record<FlvTag['type'], number>> = {
  audio: FlvTagType.Audio,
  video: FlvTagType.Video,
  script: FlvTagType.Script,
};

function writeUint24(out: Uint8Array, at: number, value: number): void {
  out[at] = value >>> 16;
  out[at + 1] = value >>> 8;
  out[at + 2] = value;
}
