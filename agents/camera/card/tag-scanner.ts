import type { FileHandle } from 'node:fs/promises';
import type { FlvTag } from '../../../services/media/flv';
import { BlockReader } from './block-reader';

/** Signature, version, flags, offset of the body, and the first PreviousTagSize. */
export const FLV_START_BYTES = 13;
const TAG_HEADER_BYTES = 11;
const TAG_TRAILER_BYTES = 4;
/** As much of a tag's data as its kind takes to tell. */
const HEAD_BYTES = 16;
/** As `FlvReader` by default; nothing larger can have been recorded. */
const MAX_TAG_BYTES = 4 * 1024 * 1024;

const TYPES: Readonly<Record<number, FlvTag['type']>> = { 8: 'audio', 9: 'video', 18: 'script' };

/** A tag of a file. */
export interface ScannedTag {
  /** Its data is cut off after its first bytes. */
  readonly tag: FlvTag;
  readonly offset: number;
  /** Where the next tag begins. */
  readonly endOffset: number;
}

/**
 * Goes through the tags of a recorded file, as far as they are whole and sound.
 *
 * It is stricter than `FlvReader`: what a torn write left behind is no tag, even if it could be read as
 * one.
 */
export class TagScanner {
  private readonly reader: BlockReader;

  /** @param offset of the tag to begin with. */
  constructor(
    handle: FileHandle,
    private readonly fileBytes: number,
    private offset: number = FLV_START_BYTES,
  ) {
    this.reader = new BlockReader(handle);
  }

  /** @returns null at the end, or at the first thing that is no whole tag. */
  async next(): Promise<ScannedTag | null> {
    const { offset } = this;
    const head = await this.bytes(offset, TAG_HEADER_BYTES);
    const type = head && TYPES[head[0]!];
    if (!head || !type || head[8] !== 0 || head[9] !== 0 || head[10] !== 0) return null;
    const size = readUint24(head, 1);
    const timestampMs = (readUint24(head, 4) | (head[7]! << 24)) >>> 0;
    if (size > MAX_TAG_BYTES) return null;
    const trailerAt = offset + TAG_HEADER_BYTES + size;
    const data = await this.bytes(offset + TAG_HEADER_BYTES, Math.min(size, HEAD_BYTES));
    const tag = data && { type, timestampMs, data: data.slice() };
    const trailer = await this.bytes(trailerAt, TAG_TRAILER_BYTES);
    if (!tag || !trailer || readUint32(trailer) !== TAG_HEADER_BYTES + size) return null;
    this.offset = trailerAt + TAG_TRAILER_BYTES;
    return { tag, offset, endOffset: this.offset };
  }

  private async bytes(at: number, length: number): Promise<Uint8Array | null> {
    if (at + length > this.fileBytes) return null;
    return this.reader.peek(at, length) ?? (await this.reader.load(at, length));
  }
}

/** Finds the last tag from the file's end: each tag is followed by its size. */
export async function readLastTag(
  handle: FileHandle,
  fileBytes: number,
): Promise<ScannedTag | null> {
  if (fileBytes < FLV_START_BYTES + TAG_HEADER_BYTES + TAG_TRAILER_BYTES) return null;
  const trailer = new Uint8Array(TAG_TRAILER_BYTES);
  const { bytesRead } = await handle.read(trailer, 0, 4, fileBytes - TAG_TRAILER_BYTES);
  const offset = fileBytes - TAG_TRAILER_BYTES - readUint32(trailer);
  if (bytesRead < TAG_TRAILER_BYTES || offset < FLV_START_BYTES) return null;
  const last = await new TagScanner(handle, fileBytes, offset).next();
  return last?.endOffset === fileBytes ? last : null;
}

/** Whether the file begins as the FLV files of this card do. */
export async function hasFlvStart(handle: FileHandle): Promise<boolean> {
  const start = new Uint8Array(FLV_START_BYTES);
  const { bytesRead } = await handle.read(start, 0, FLV_START_BYTES, 0);
  const expected = [0x46, 0x4c, 0x56, 1, start[4]!, 0, 0, 0, 9, 0, 0, 0, 0];
  return bytesRead === FLV_START_BYTES && expected.every((byte, at) => start[at] === byte);
}

function readUint24(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
}

function readUint32(bytes: Uint8Array): number {
  return bytes[0]! * 0x1000000 + readUint24(bytes, 1);
}
