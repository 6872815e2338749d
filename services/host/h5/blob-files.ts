import type { FileHandle, Files } from '../files';

/** Files that can be had as a `Blob`. */
export interface BlobSource extends Files {
  blob(name: string): Promise<Blob>;
}

/** For browsers without a file system for pages: blocks as blobs, which they may move to the disk. */
export class BlobFiles implements BlobSource {
  readonly durable = false;
  private readonly files = new Map<string, Blob[]>();

  open(name: string): Promise<FileHandle> {
    const blocks = this.files.get(name) ?? [];
    this.files.set(name, blocks);
    const whole = (): Blob => new Blob(blocks);
    return Promise.resolve({
      get sizeBytes() {
        return blocks.reduce((sum, { size }) => sum + size, 0);
      },
      write: (_offset, block) => {
        blocks.push(new Blob([block]));
        return Promise.resolve();
      },
      read: async (offset, length) =>
        new Uint8Array(
          await whole()
            .slice(offset, offset + length)
            .arrayBuffer(),
        ),
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

  freeBytes(): Promise<null> {
    return Promise.resolve(null);
  }

  blob(name: string): Promise<Blob> {
    return Promise.resolve(new Blob(this.files.get(name) ?? []));
  }
}
