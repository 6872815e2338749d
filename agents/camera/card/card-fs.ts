import { mkdir, open, readFile, readdir, rename, stat, unlink, utimes } from 'node:fs/promises';
import type * as fs from 'node:fs/promises';

/** What the card needs of a file system. */
export type CardFs = Pick<
  typeof fs,
  'mkdir' | 'open' | 'readdir' | 'readFile' | 'rename' | 'stat' | 'unlink' | 'utimes'
>;

export const nodeFs: CardFs = {
  ...{ mkdir, open, readdir, readFile, rename, stat, unlink, utimes },
};

/** The system's name of an error, e.g. `ENOSPC`; empty where it has none. */
export function errorCode(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : '';
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Makes renames and deletions in a folder outlast a loss of power, where the system can. */
export async function syncFolder(files: CardFs, path: string): Promise<void> {
  try {
    const handle = await files.open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // Windows cannot open folders; its journal keeps renames in order.
  }
}
