export { PlayerView } from './player-view';
export type {
  FullscreenView,
  PlayerNotice,
  PlayerViewOptions,
  RecordingOptions,
  RecordingView,
} from './player-view';
export type {
  HostMode,
  PictureControl,
  PictureFit,
  PictureRotation,
  Snapshot,
  SoundMode,
} from './picture-control';
export { ALL_ROTATIONS, UPRIGHT } from './picture-control';
export { MAX_SCALE, NO_ZOOM, panBy, zoomBy } from './picture-zoom';
export type { PicturePoint, PictureZoom } from './picture-zoom';
export { initialZoomGesture, zoomGesture } from './zoom-gesture';
export type { PointerInput, ZoomGestureOutcome, ZoomGestureState } from './zoom-gesture';
export type { HostFiles, RecordingFormat, RecordingStore } from './files';
export { hostFiles } from './host-files';
export { albumDenied, cancelled, saveFailed, snapshotFailed, unsupported } from './view-errors';
