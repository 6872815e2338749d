import type { FileHost } from '../album';
import { MemoryFiles } from '../memory-files';
import { createMiniAlbum } from './mini-album';
import type { MiniAlbumApi } from './mini-album';
import { MiniFiles } from './mini-files';
import type { MiniFilesApi } from './mini-files';

/**
 * A mini-program's files and album, by an API like WeChat's. Where the file system cannot write at a
 * position (WeChat before base library 2.16.1, and most copies of it) files are kept in memory, from
 * where no album takes them.
 */
export function createMiniFiles(api: MiniFilesApi & MiniAlbumApi): FileHost {
  const files = MiniFiles.of(api);
  if (files === null) return { files: new MemoryFiles(), album: null };
  return { files, album: createMiniAlbum(api, (name) => files.pathOf(name)) };
}
