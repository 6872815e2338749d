import type { FileHandle } from 'node:fs/promises';

const BLOCK_BYTES = 256 * 1024;

/** Reads a file from any place on, a block at a time. */
export class BlockReader {
  private block: Uint8Array<ArrayBufferLike> = new Uint8Array(0);
  private blockAt = 0;

  constructor(private readonly handle: FileHandle) {}

  /** Bytes of the block at hand, or null where it does not hold them all; then `load`. */
  peek(at: number, length: number): Uint8Array | null {
    const from = at - this.blockAt;
    if (from < 0 || from + length > this.block.length) return null;
    return this.block.subarray(from, from + length);
  }

  /** @returns the bytes, or null where the file ends before them. */
  async load(at: number, length: number): Promise<Uint8Array | null> {
    const wanted = Math.max(length, BLOCK_BYTES);
    const buffer = new Uint8Array(wanted);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.handle.read(buffer, filled, wanted - filled, at + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    this.block = buffer.subarray(0, filled);
    this.blockAt = at;
    return this.peek(at, length);
  }
}
