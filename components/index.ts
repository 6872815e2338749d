export { createHostFileLog } from './file-log';
export type { HostFileLog, HostLogFiles } from './file-log';
export { IotVideoProvider, NEUTRAL_APP_PARAMS, useIotVideo, useMaybeIotVideo } from './provider';
export type { IotVideo, IotVideoConfig, IotVideoPlatform, IotVideoProviderProps } from './provider';
export { MonitorTemplate } from './templates';
export type { MonitorTemplateProps } from './templates';
export {
  FullscreenButton,
  IotPlayer,
  IotPlayerFrame,
  IotPlayerRoot,
  LiveBadge,
  MoreMenu,
  MuteButton,
  QualityMenu,
  RecordButton,
  RecordingBadge,
  RefreshButton,
  SnapshotButton,
  VolumeSlider,
  ZoomLayer,
  ZoomResetButton,
  useMaybePlayer,
  usePlayer,
} from './iot-player';
export type {
  Availability,
  IotPlayerContextValue,
  IotPlayerFrameProps,
  IotPlayerProps,
  IotPlayerRootProps,
} from './iot-player';
export { useIotPlayer, useText } from './hooks';
export type { IotPlayerHandle, IotPlayerModel, UseIotPlayerOptions } from './hooks';
export { PlayerSurface, preloadPlayerSurface } from './player-surface';
export type { PlayerSurfaceProps } from './player-surface';
export { IotPtz, useIotPtz } from './iot-ptz';
export type { DigitalMove, IotPtzProps, UseIotPtzOptions } from './iot-ptz';
export { IotTalk, TalkPusherSurface, useIotTalk, useTalkPusher } from './iot-talk';
export type {
  IotTalkProps,
  MicrophoneConstraints,
  PusherSettings,
  TalkCapture,
  TalkPusher,
  TalkPusherSurfaceProps,
  UseIotTalkOptions,
} from './iot-talk';
export { CallPreview, IotCall, useIotCall } from './iot-call';
export type {
  CallMedia,
  CallPreviewProps,
  IotCallModel,
  IotCallProps,
  UseIotCallOptions,
} from './iot-call';
export { IotPlayback, useIotPlayback } from './iot-playback';
export type {
  IotPlaybackHandle,
  IotPlaybackModel,
  IotPlaybackProps,
  UseIotPlaybackOptions,
} from './iot-playback';
export { IotDownloads, useIotDownloads } from './iot-downloads';
export type { DownloadHost, IotDownloadsModel, IotDownloadsProps } from './iot-downloads';
