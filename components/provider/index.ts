export { IotVideoProvider } from './provider';
export type { IotVideoProviderProps } from './provider';
export { useIotVideo, useMaybeIotVideo } from './context';
export type { IotVideo } from './context';
export { NEUTRAL_APP_PARAMS } from './neutral-app-params';
export type { IotVideoConfig, IotVideoPlatform } from './types';
