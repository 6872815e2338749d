export { IotPlayer } from './iot-player';
export { IotPlayerFrame } from './iot-player-frame';
export { IotPlayerRoot } from './iot-player-root';
export type { IotPlayerFrameProps, IotPlayerProps, IotPlayerRootProps } from './types';
export type { Availability } from './availability';
export { useMaybePlayer, usePlayer } from './context';
export type { IotPlayerContextValue } from './context';
export { LiveBadge } from './live-badge';
export { liveBadgeState } from './live-badge-core';
export type { LiveBadgeState } from './live-badge-core';
export { MuteButton } from './mute-button';
export { muteButtonState } from './mute-button-core';
export type { MuteButtonState } from './mute-button-core';
export { RefreshButton } from './refresh-button';
export { retryButtonState } from './retry-button-core';
export type { RetryButtonState } from './retry-button-core';
export { QualityMenu } from './quality-menu';
export type { QualityMenuProps } from './quality-menu';
export { MoreMenu } from './more-menu';
export { FullscreenButton } from './fullscreen-button';
export { SnapshotButton } from './snapshot-button';
export { RecordButton, RecordingBadge } from './record-button';
export { VolumeSlider } from './volume-slider';
export { ZoomLayer } from './zoom-layer';
export { ZoomResetButton } from './zoom-reset-button';
export { volumeState } from './volume-core';
export type { VolumeState } from './volume-core';
export {
  ALL_QUALITIES,
  clockText,
  fitButtonState,
  fullscreenButtonState,
  pipButtonState,
  qualityMenuState,
  recordButtonState,
  rotateButtonState,
  snapshotButtonState,
  soundModeState,
  zoomResetState,
} from './picture-controls-core';
export type { ControlState, QualityMenuState } from './picture-controls-core';
export { playerKey } from './player-keys-core';
export type { PlayerKeyAct } from './player-keys-core';
