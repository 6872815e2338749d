import { storageFailed, storageFull } from '../file-errors';
import type { FileHandle, Files } from '../files';

interface Settle<Result> {
  readonly success: (result: Result) => void;
  readonly fail: (result: { readonly errMsg?: string }) => void;
}

interface Stat {
  readonly size: number;
}

/** What is used of `FileSystemManager`. */
export interface MiniFileSystem {
  mkdir(options: { dirPath: string; recursive: boolean } & Settle<unknown>): void;
  readdir(options: { dirPath: string } & Settle<{ files: string[] }>): void;
  stat(
    options: { path: string; recursive?: boolean } & Settle<{
      stats: Stat | readonly { readonly path: string; readonly stats: Stat }[];
    }>,
  ): void;
  unlink(options: { filePath: string } & Settle<unknown>): void;
  writeFile(options: { filePath: string; data: string; encoding: 'utf8' } & Settle<unknown>): void;
  open(options: { filePath: string; flag: 'r+' } & Settle<{ fd: string }>): void;
  write(
    options: {
      fd: string;
      data: ArrayBuffer;
      offset: number;
      length: number;
      position: number;
    } & Settle<{ bytesWritten: number }>,
  ): void;
  ftruncate(options: { fd: string; length: number } & Settle<unknown>): void;
  readFile(
    options: { filePath: string; position: number; length: number } & Settle<{ data: ArrayBuffer }>,
  ): void;
  close(options: { fd: string } & Settle<unknown>): void;
}

/** What is used of `wx`; each is looked for before it is used. */
export interface MiniFilesApi {
  readonly env?: { readonly USER_DATA_PATH?: string };
  getFileSystemManager?(): Partial<MiniFileSystem>;
}

const NEEDED = [
  ...(['mkdir', 'readdir', 'stat', 'unlink', 'writeFile', 'open'] as const),
  ...(['write', 'ftruncate', 'readFile', 'close'] as const),
];

/** All user files of a mini-program together may have so much. */
const QUOTA_BYTES = 200 * 1024 * 1024;
const FULL = /maximum size|storage limit|exceed|space/i;

/** User files of a mini-program, in the folder that the plugin's demos use, too. */
export class MiniFiles implements Files {
  readonly durable = true;
  private readonly folder: string;

  private constructor(
    private readonly fs: MiniFileSystem,
    private readonly root: string,
  ) {
    this.folder = `${this.root}/xp2p/downloads`;
  }

  /** @returns null where the host lacks a part of what is needed. */
  static of(api: MiniFilesApi): MiniFiles | null {
    const root = api.env?.USER_DATA_PATH;
    if (typeof root !== 'string' || root === '') return null;
    const fs = api.getFileSystemManager?.();
    return fs !== undefined && isWhole(fs) ? new MiniFiles(fs, root) : null;
  }

  pathOf(name: string): string {
    return `${this.folder}/${name}`;
  }

  async open(name: string): Promise<FileHandle> {
    const { fs } = this;
    const filePath = this.pathOf(name);
    await this.makeFolder();
    let sizeBytes = await this.sizeOf(filePath);
    if (sizeBytes === null) {
      await call((settle) => fs.writeFile({ filePath, data: '', encoding: 'utf8', ...settle }));
      sizeBytes = 0;
    }
    const { fd } = await call<{ fd: string }>((settle) =>
      fs.open({ filePath, flag: 'r+', ...settle }),
    );
    let size: number = sizeBytes;
    return {
      get sizeBytes() {
        return size;
      },
      write: async (offset, block) => {
        const { buffer, byteOffset, length } = block;
        for (let at = 0; at < length;) {
          const { bytesWritten } = await call<{ bytesWritten: number }>((settle) =>
            fs.write({
              ...{ fd, data: buffer, offset: byteOffset + at, length: length - at },
              position: offset + at,
              ...settle,
            }),
          );
          if (!(bytesWritten > 0)) throw storageFailed('nothing was written', true);
          at += bytesWritten;
        }
        size = offset + length;
      },
      read: async (position, length) => {
        const { data } = await call<{ data: ArrayBuffer }>((settle) =>
          fs.readFile({ filePath, position, length, ...settle }),
        );
        return new Uint8Array(data);
      },
      clear: async () => {
        await call((settle) => fs.ftruncate({ fd, length: 0, ...settle }));
        size = 0;
      },
      close: async () => {
        await call((settle) => fs.close({ fd, ...settle }));
      },
    };
  }

  async remove(name: string): Promise<void> {
    const filePath = this.pathOf(name);
    if ((await this.sizeOf(filePath)) === null) return;
    await call((settle) => this.fs.unlink({ filePath, ...settle }));
  }

  async list(): Promise<readonly string[]> {
    await this.makeFolder();
    const { files } = await call<{ files: string[] }>((settle) =>
      this.fs.readdir({ dirPath: this.folder, ...settle }),
    );
    return files;
  }

  async freeBytes(): Promise<number | null> {
    const { stats } = await call<{
      stats: Stat | readonly { readonly path: string; readonly stats: Stat }[];
    }>((settle) => this.fs.stat({ path: this.root, recursive: true, ...settle }));
    const used = Array.isArray(stats)
      ? (stats as readonly { readonly stats: Stat }[]).reduce((sum, one) => sum + one.stats.size, 0)
      : (stats as Stat).size;
    return Math.max(0, QUOTA_BYTES - used);
  }

  private async makeFolder(): Promise<void> {
    const dirPath = this.folder;
    // It fails where the folder is there.
    await call((settle) => this.fs.mkdir({ dirPath, recursive: true, ...settle })).catch(
      async (cause: unknown) => {
        if ((await this.sizeOf(dirPath)) === null) throw cause;
      },
    );
  }

  /** Null where there is nothing. */
  private async sizeOf(path: string): Promise<number | null> {
    try {
      const { stats } = await call<{ stats: Stat | readonly unknown[] }>((settle) =>
        this.fs.stat({ path, ...settle }),
      );
      return Array.isArray(stats) ? 0 : (stats as Stat).size;
    } catch {
      return null;
    }
  }
}

function isWhole(fs: Partial<MiniFileSystem>): fs is MiniFileSystem {
  return NEEDED.every((name) => typeof fs[name] === 'function');
}

function call<Result>(run: (settle: Settle<Result>) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    run({
      success: resolve,
      fail: ({ errMsg = '' }) => {
        reject(FULL.test(errMsg) ? storageFull(0, 0) : storageFailed(errMsg, true));
      },
    });
  });
}
