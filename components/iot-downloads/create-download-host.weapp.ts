import { createMiniFiles, createMiniStorage } from '@services/host/mini';
import type { MiniAlbumApi, MiniApi, MiniFilesApi } from '@services/host/mini';
import type { DownloadHost } from './downloads-of';

declare const wx: MiniApi & MiniFilesApi & MiniAlbumApi;

export const createDownloadHost = (): DownloadHost => ({
  storage: createMiniStorage(wx),
  ...createMiniFiles(wx),
});
