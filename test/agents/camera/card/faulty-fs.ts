import type { FileHandle } from 'node:fs/promises';
import { nodeFs } from '../../../../agents/camera/card/card-fs';
import type { CardFs } from '../../../../agents/camera/card/card-fs';

/** A file system that runs full, or cannot be written, when it is told to. */
export class FaultyFs {
  freeBytes = Infinity;
  isReadOnly = false;
  /** Set: nothing is written until it resolves. */
  stalled: Promise<void> | null = null;
  writes = 0;
  syncs = 0;

  readonly fs: CardFs = {
    ...nodeFs,
    mkdir: ((path: string, options?: object) => {
      this.check();
      return nodeFs.mkdir(path, options);
    }) as CardFs['mkdir'],
    open: async (path, flags, mode) => {
      if (flags !== 'r') this.check();
      return this.wrap(await nodeFs.open(path, flags, mode));
    },
    rename: (from, to) => {
      this.check();
      return nodeFs.rename(from, to);
    },
    unlink: async (path) => {
      const { size } = await nodeFs.stat(path);
      await nodeFs.unlink(path);
      this.freeBytes += size;
    },
  };

  private check(): void {
    if (this.isReadOnly) throw systemError('EROFS', 'read-only file system');
  }

  private wrap(handle: FileHandle): FileHandle {
    const write = handle.write.bind(handle) as (
      bytes: Uint8Array,
      offset: number,
      length: number,
      position: number,
    ) => Promise<{ bytesWritten: number; buffer: Uint8Array }>;
    const datasync = handle.datasync.bind(handle);
    handle.write = (async (bytes: Uint8Array, offset: number, length: number, position: number) => {
      this.check();
      await this.stalled;
      const { size } = await handle.stat();
      const growth = Math.max(0, position + length - size);
      if (growth > this.freeBytes && this.freeBytes <= 0) throw systemError('ENOSPC', 'no space');
      // A disk that runs full takes what still fits.
      const fitting = Math.min(length, Math.max(0, size - position) + this.freeBytes);
      this.freeBytes -= Math.max(0, position + fitting - size);
      this.writes++;
      return write(bytes, offset, fitting, position);
    }) as FileHandle['write'];
    handle.datasync = () => {
      this.syncs++;
      return datasync();
    };
    return handle;
  }
}

function systemError(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code });
}
