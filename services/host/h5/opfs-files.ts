import { storageFailed, storageFull } from '../file-errors';
import type { FileHandle } from '../files';
import type { BlobSource } from './blob-files';

const FOLDER = 'iot-video-downloads';
/** Names of blocks sort like their offsets. */
const OFFSET_DIGITS = 15;

type Entries = AsyncIterable<[string, FileSystemHandle]>;

/**
 * The page's private file system. A file is a folder of blocks, each closed once it is written: what a
 * writer of the browser holds open is lost with the page, and adding to a file would copy all of it.
 */
export class OpfsFiles implements BlobSource {
  readonly durable = true;

  static isSupported(): boolean {
    return (
      typeof navigator.storage?.getDirectory === 'function' &&
      typeof FileSystemFileHandle !== 'undefined' &&
      'createWritable' in FileSystemFileHandle.prototype
    );
  }

  async open(name: string): Promise<FileHandle> {
    const folder = await (await this.folder()).getDirectoryHandle(name, { create: true });
    let sizeBytes = 0;
    for (const { key, file } of await blocksOf(folder)) {
      // A block that was cut off by the end of the page, and what follows it.
      if (Number(key) === sizeBytes && file.size > 0) sizeBytes += file.size;
      else await folder.removeEntry(key);
    }
    return {
      get sizeBytes() {
        return sizeBytes;
      },
      write: async (offset, block) => {
        await writeBlock(folder, offset, block);
        sizeBytes = offset + block.length;
      },
      read: async (offset, length) => {
        const whole = new Blob((await blocksOf(folder)).map(({ file }) => file));
        return new Uint8Array(await whole.slice(offset, offset + length).arrayBuffer());
      },
      clear: async () => {
        for (const { key } of await blocksOf(folder)) await folder.removeEntry(key);
        sizeBytes = 0;
      },
      close: () => Promise.resolve(),
    };
  }

  async remove(name: string): Promise<void> {
    const folder = await this.folder();
    await folder.removeEntry(name, { recursive: true }).catch((cause: unknown) => {
      if (!(cause instanceof DOMException && cause.name === 'NotFoundError')) throw cause;
    });
  }

  async list(): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const [name] of (await this.folder()) as unknown as Entries) names.push(name);
    return names;
  }

  async freeBytes(): Promise<number | null> {
    const { quota, usage } = await navigator.storage.estimate();
    return quota === undefined || usage === undefined ? null : Math.max(0, quota - usage);
  }

  /** The blocks stay on the disk: a blob of files is a list of where they are. */
  async blob(name: string): Promise<Blob> {
    const folder = await (await this.folder()).getDirectoryHandle(name);
    return new Blob((await blocksOf(folder)).map(({ file }) => file));
  }

  private async folder(): Promise<FileSystemDirectoryHandle> {
    const root = await navigator.storage.getDirectory();
    return root.getDirectoryHandle(FOLDER, { create: true });
  }
}

async function writeBlock(
  folder: FileSystemDirectoryHandle,
  offset: number,
  block: Uint8Array<ArrayBuffer>,
): Promise<void> {
  try {
    const key = String(offset).padStart(OFFSET_DIGITS, '0');
    const handle = await folder.getFileHandle(key, { create: true });
    const writable = await handle.createWritable();
    await writable.write(block);
    await writable.close();
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'QuotaExceededError') {
      throw storageFull(block.length, 0);
    }
    throw storageFailed('a block could not be written', true, cause);
  }
}

async function blocksOf(
  folder: FileSystemDirectoryHandle,
): Promise<{ readonly key: string; readonly file: File }[]> {
  const blocks: { key: string; file: File }[] = [];
  for await (const [key, handle] of folder as unknown as Entries) {
    if (handle.kind === 'file') {
      blocks.push({ key, file: await (handle as FileSystemFileHandle).getFile() });
    }
  }
  return blocks.sort((a, b) => (a.key < b.key ? -1 : 1));
}
