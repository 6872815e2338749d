import { createH5Files, createH5Host } from '@services/host/h5';
import type { DownloadHost } from './downloads-of';

export const createDownloadHost = (): DownloadHost => ({
  storage: createH5Host().storage,
  ...createH5Files(),
});
