export { PlayerSurface, preloadPlayerSurface } from './player-surface';
export type { PlayerSurfaceProps } from './types';
