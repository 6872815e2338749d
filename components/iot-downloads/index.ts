export { IotDownloads } from './iot-downloads';
export type { IotDownloadsProps } from './iot-downloads';
export { useIotDownloads } from './use-iot-downloads';
export type { IotDownloadsModel } from './use-iot-downloads';
export type { DownloadHost } from './downloads-of';
