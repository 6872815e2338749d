export { IotPlayback } from './iot-playback';
export type { IotPlaybackProps } from './iot-playback';
export type { PlaybackClip } from './clip-bar';
export { useIotPlayback } from './use-iot-playback';
export type {
  IotPlaybackHandle,
  IotPlaybackModel,
  UseIotPlaybackOptions,
} from './use-iot-playback';
