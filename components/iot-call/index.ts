export { IotCall } from './iot-call';
export type { IotCallProps } from './iot-call';
export { useIotCall } from './use-iot-call';
export type { IotCallModel, UseIotCallOptions } from './use-iot-call';
export { CallPreview } from './call-preview';
export type { CallMedia, CallPreviewProps } from './call-media';
