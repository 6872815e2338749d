export { DownloadController } from './download-controller';
export type { ClipRange, DownloadControllerOptions } from './download-controller';
export { DownloadStore } from './download-store';
export type { DownloadProgress } from './download-store';
export { safeFileName } from './file-name';
export { BLOCK_BYTES } from './block-writer';
export type { CameraFile, DownloadItem, DownloadPhase, DownloadRequest } from './types';
