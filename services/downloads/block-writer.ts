import { IotError } from '../errors';
import { storageFailed } from '../host';
import type { FileHandle } from '../host';

/** Blocks of this size are written; one write per packet would keep a phone busy with nothing else. */
export const BLOCK_BYTES = 1024 * 1024;
/** So many full blocks may wait before the camera is asked to pause. */
const MAX_WAITING_BLOCKS = 2;
/** A source that does not pause is cut off here. */
const MAX_WAITING_BYTES = 16 * BLOCK_BYTES;

/** Gathers the pieces of a file into blocks and appends them one after the other. */
export class BlockWriter {
  private block = new Uint8Array(BLOCK_BYTES);
  private filled = 0;
  private chain: Promise<void> = Promise.resolve();
  private waitingBytes = 0;
  private offset: number;
  private failure: IotError | null = null;

  /**
   * @param onStored told after each block, with the size of what is kept
   */
  constructor(
    private readonly file: FileHandle,
    private readonly onStored: (storedBytes: number) => void,
  ) {
    this.offset = file.sizeBytes;
  }

  /** Bytes taken, whether they are written yet or not. */
  get takenBytes(): number {
    return this.offset + this.waitingBytes + this.filled;
  }

  /**
   * Takes the next piece.
   * @returns a promise to wait for before more is asked for; undefined where there is room.
   * @throws IotError `storage-failed` when the source went on for too long without waiting.
   */
  push(piece: Uint8Array): Promise<void> | undefined {
    if (this.failure !== null) throw this.failure;
    for (let at = 0; at < piece.length;) {
      const part = piece.subarray(at, at + BLOCK_BYTES - this.filled);
      this.block.set(part, this.filled);
      this.filled += part.length;
      at += part.length;
      if (this.filled === BLOCK_BYTES) this.append();
    }
    if (this.waitingBytes > MAX_WAITING_BYTES) {
      throw storageFailed('the storage is slower than the camera', true);
    }
    return this.waitingBytes > MAX_WAITING_BLOCKS * BLOCK_BYTES ? this.room() : undefined;
  }

  /**
   * Writes what is left. The writer may go on afterwards.
   * @throws IotError of the storage.
   */
  async flush(): Promise<void> {
    if (this.filled > 0) this.append();
    await this.chain;
    if (this.failure !== null) throw this.failure;
  }

  private async room(): Promise<void> {
    await this.chain;
    if (this.failure !== null) throw this.failure;
  }

  private append(): void {
    const bytes = this.filled;
    const block = bytes === BLOCK_BYTES ? this.block : this.block.slice(0, bytes);
    if (bytes === BLOCK_BYTES) this.block = new Uint8Array(BLOCK_BYTES);
    this.filled = 0;
    this.waitingBytes += bytes;
    this.chain = this.chain.then(() => this.write(block));
  }

  private async write(block: Uint8Array<ArrayBuffer>): Promise<void> {
    // What follows a block that is missing must not be kept.
    if (this.failure !== null) return;
    try {
      await this.file.write(this.offset, block);
      this.offset += block.length;
      this.waitingBytes -= block.length;
      this.onStored(this.offset);
    } catch (cause) {
      this.failure =
        cause instanceof IotError ? cause : storageFailed('a block was not written', true, cause);
    }
  }
}
