import { mkdir, open, readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { storageFailed, storageFull } from '../file-errors';
import type { FileHandle, Files } from '../files';

/** @param folder where the files are; made when the first one is opened. */
export function createNodeFiles(folder: string): Files {
  const pathOf = (name: string): string => {
    if (!/^[^/\\\0]+$/.test(name) || name === '.' || name === '..') {
      throw storageFailed(`not the name of a file: ${JSON.stringify(name)}`, false);
    }
    return join(folder, name);
  };
  return {
    durable: true,
    open: async (name) => {
      const path = pathOf(name);
      await mkdir(folder, { recursive: true });
      return openFile(path);
    },
    remove: async (name) => rm(pathOf(name), { force: true }),
    list: async () => {
      try {
        const entries = await readdir(folder, { withFileTypes: true });
        return entries.flatMap((entry) => (entry.isFile() ? [entry.name] : []));
      } catch (cause) {
        if (codeOf(cause) === 'ENOENT') return [];
        throw storageFailed('the folder cannot be read', true, cause);
      }
    },
    freeBytes: async () => {
      try {
        const { bavail, bsize } = await statfs(folder);
        return bavail * bsize;
      } catch {
        return null;
      }
    },
  };
}

async function openFile(path: string): Promise<FileHandle> {
  // For reading and writing; made where it is not there, never emptied.
  const file = await open(path, 'a').then(async (made) => {
    await made.close();
    return open(path, 'r+');
  });
  let { size } = await file.stat();
  return {
    get sizeBytes() {
      return size;
    },
    write: async (offset, block) => {
      try {
        for (let at = 0; at < block.length;) {
          const { bytesWritten } = await file.write(block, at, block.length - at, offset + at);
          at += bytesWritten;
        }
      } catch (cause) {
        if (codeOf(cause) === 'ENOSPC') throw storageFull(block.length, 0);
        throw storageFailed('a block could not be written', true, cause);
      }
      size = offset + block.length;
    },
    read: async (offset, length) => {
      const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
    clear: async () => {
      await file.truncate(0);
      size = 0;
    },
    close: () => file.close(),
  };
}

function codeOf(cause: unknown): unknown {
  return (cause as { readonly code?: unknown } | null)?.code;
}
