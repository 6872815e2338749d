import { createMiniFiles, createMiniStorage } from '@services/host/mini';
import type { MiniAlbumApi, MiniApi, MiniFilesApi } from '@services/host/mini';
import Taro from '@tarojs/taro';
import type { DownloadHost } from './downloads-of';

/** Mini-programs: `Taro` stands for the host's global, and each of its members is looked for. */
export function createDownloadHost(): DownloadHost {
  const api = Taro as unknown as MiniApi & MiniFilesApi & MiniAlbumApi;
  return { storage: createMiniStorage(api), ...createMiniFiles(api) };
}
