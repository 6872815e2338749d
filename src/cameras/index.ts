export { addCamera, removeCamera } from './added-cameras';
export { DOWNLOADS_PAGE, livePageUrl, playbackPageUrl, readLiveTarget } from './live-page-url';
export type { LiveTarget } from './live-page-url';
export type { Camera } from './types';
export { useCameras } from './use-cameras';
export type { Cameras } from './use-cameras';
