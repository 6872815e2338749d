export { IotPlayback } from './iot-playback';
export type { IotPlaybackProps } from './iot-playback';
export { useIotPlayback } from './use-iot-playback';
export type {
  IotPlaybackHandle,
  IotPlaybackModel,
  UseIotPlaybackOptions,
} from './use-iot-playback';
