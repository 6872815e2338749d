import { createHash } from 'node:crypto';

/** 25 frames a second of this size are 2 Mbit/s. */
export const FRAME_BYTES = 10_000;
export const FRAME_MS = 40;

const HASH_BYTES = 16;
const HEAD_BYTES = 4 + HASH_BYTES;

/** A frame of a live stream: its number, a hash, and bytes that no other frame has. */
export function writeFrame(sequence: number): Uint8Array {
  const frame = Buffer.alloc(FRAME_BYTES);
  frame.writeUInt32BE(sequence);
  for (let i = HEAD_BYTES; i < FRAME_BYTES; i++)
    frame[i] = (sequence * 31 + i * 7 + (i >> 8)) & 255;
  hashOf(frame).copy(frame, 4);
  return frame;
}

/** Takes a live stream apart; throws when a frame is missing, repeated or damaged. */
export class FrameReader {
  frames = 0;
  private waiting: Buffer = Buffer.alloc(0);

  /** @returns how many frames have become complete. */
  read(bytes: Uint8Array): number {
    const before = this.frames;
    this.waiting = Buffer.concat([this.waiting, bytes]);
    while (this.waiting.length >= FRAME_BYTES) {
      this.check(this.waiting.subarray(0, FRAME_BYTES));
      this.waiting = this.waiting.subarray(FRAME_BYTES);
      this.frames++;
    }
    return this.frames - before;
  }

  private check(frame: Buffer): void {
    const sequence = frame.readUInt32BE();
    if (sequence !== this.frames) throw new Error(`frame ${sequence} instead of ${this.frames}`);
    if (!hashOf(frame).equals(frame.subarray(4, HEAD_BYTES))) {
      throw new Error(`frame ${sequence} is damaged`);
    }
  }
}

/** Bytes of a file that has no two places alike in any window that could be mixed up. */
export function writeBulk(offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = bulkByte(offset + i);
  return bytes;
}

/** @throws Error when bytes are not those that belong at `offset`. */
export function checkBulk(bytes: Uint8Array, offset: number): void {
  const wrong = bytes.findIndex((byte, i) => byte !== bulkByte(offset + i));
  if (wrong >= 0) throw new Error(`byte ${offset + wrong} of the file is wrong or missing`);
}

/** Upper bits stir the lower ones, so that a lost or repeated packet shifts the sequence visibly. */
function bulkByte(at: number): number {
  return (Math.imul(at >>> 8, 0x9e3779b1) >>> 24) ^ (at & 255);
}

function hashOf(frame: Buffer): Buffer {
  const hash = createHash('sha256').update(frame.subarray(0, 4)).update(frame.subarray(HEAD_BYTES));
  return hash.digest().subarray(0, HASH_BYTES);
}
