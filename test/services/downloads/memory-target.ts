import type { FileHandle, Files } from '../../../services/host';

/** Keeps files in memory, and counts what happens to them. */
export class MemoryTarget implements Files {
  readonly durable: boolean = true;
  readonly files = new Map<string, Uint8Array<ArrayBuffer>[]>();
  readonly removed: string[] = [];
  writes = 0;
  openHandles = 0;
  free: number | null = null;
  /** Runs before each block is kept. */
  beforeWrite: (block: Uint8Array) => Promise<void> = () => Promise.resolve();
  /** Told of each block that is kept; the block itself is then forgotten when this returns false. */
  keep: (name: string, offset: number, block: Uint8Array) => boolean = () => true;
  private readonly sizes = new Map<string, number>();

  open(name: string): Promise<FileHandle> {
    const blocks = this.files.get(name) ?? [];
    this.files.set(name, blocks);
    const { sizes } = this;
    const size = (): number => sizes.get(name) ?? 0;
    this.openHandles++;
    return Promise.resolve({
      get sizeBytes() {
        return size();
      },
      write: async (offset: number, block: Uint8Array<ArrayBuffer>) => {
        if (offset !== size()) throw new Error(`write at ${offset}, the file has ${size()}`);
        await this.beforeWrite(block);
        this.writes++;
        if (this.keep(name, offset, block)) blocks.push(block);
        sizes.set(name, offset + block.length);
      },
      read: (offset: number, length: number) => {
        return Promise.resolve(this.bytes(name).slice(offset, offset + length));
      },
      clear: () => {
        blocks.length = 0;
        sizes.delete(name);
        return Promise.resolve();
      },
      close: () => {
        this.openHandles--;
        return Promise.resolve();
      },
    });
  }

  remove(name: string): Promise<void> {
    this.removed.push(name);
    this.files.delete(name);
    this.sizes.delete(name);
    return Promise.resolve();
  }

  list(): Promise<readonly string[]> {
    return Promise.resolve([...this.files.keys()]);
  }

  freeBytes(): Promise<number | null> {
    return Promise.resolve(this.free);
  }

  bytes(name: string): Uint8Array {
    return Buffer.concat(this.files.get(name) ?? []);
  }
}
