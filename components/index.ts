export { IotVideoProvider, NEUTRAL_APP_PARAMS, useIotVideo, useMaybeIotVideo } from './provider';
export type { IotVideo, IotVideoConfig, IotVideoPlatform, IotVideoProviderProps } from './provider';
export { MonitorTemplate } from './templates';
export type { MonitorTemplateProps } from './templates';
export {
  IotPlayer,
  IotPlayerFrame,
  IotPlayerRoot,
  LiveBadge,
  MuteButton,
  RefreshButton,
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
