import { storageFull } from './file-errors';
import type { FileHandle, Files } from './files';

/** More than this in memory, and a phone ends the app. */
const MAX_BYTES = 64 * 1024 * 1024;

/** For hosts without a file system that the kit knows: files live as long as the app. */
export class MemoryFiles implements Files {
  readonly durable = false;
  private readonly files = new Map<string, Uint8Array<ArrayBuffer>[]>();

  constructor(private readonly maxBytes = MAX_BYTES) {}

  open(name: string): Promise<FileHandle> {
    const blocks = this.files.get(name) ?? [];
    this.files.set(name, blocks);
    return Promise.resolve({
      get sizeBytes() {
        return sizeOf(blocks);
      },
      write: async (_offset, block) => {
        const free = await this.freeBytes();
        if (block.length > free) throw storageFull(block.length, free);
        blocks.push(block);
      },
      read: (offset, length) => Promise.resolve(readBlocks(blocks, offset, length)),
      clear: () => {
        blocks.length = 0;
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    });
  }

  remove(name: string): Promise<void> {
    this.files.delete(name);
    return Promise.resolve();
  }

  list(): Promise<readonly string[]> {
    return Promise.resolve([...this.files.keys()]);
  }

  freeBytes(): Promise<number> {
    const used = [...this.files.values()].reduce((sum, blocks) => sum + sizeOf(blocks), 0);
    return Promise.resolve(Math.max(0, this.maxBytes - used));
  }
}

function sizeOf(blocks: readonly Uint8Array[]): number {
  return blocks.reduce((sum, { length }) => sum + length, 0);
}

function readBlocks(blocks: readonly Uint8Array[], offset: number, length: number): Uint8Array {
  const end = Math.min(sizeOf(blocks), offset + length);
  const out = new Uint8Array(Math.max(0, end - offset));
  let at = 0;
  for (const block of blocks) {
    const part = block.subarray(Math.max(0, offset - at), Math.max(0, end - at));
    if (part.length > 0) out.set(part, Math.max(at, offset) - offset);
    at += block.length;
  }
  return out;
}
