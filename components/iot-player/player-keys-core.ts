import { NO_ZOOM, panBy, zoomBy } from '@components/player-view';
import type { PictureZoom } from '@components/player-view';

/** What a key does while the player has the focus. */
export type PlayerKeyAct =
  | { readonly type: 'zoom'; readonly zoom: PictureZoom }
  | { readonly type: 'toggle-mute' }
  | { readonly type: 'toggle-fullscreen' }
  | { readonly type: 'volume'; readonly by: number }
  | { readonly type: 'leave-page' };

const ZOOM_STEP = 1.25;
/** In parts of the player's size. */
const PAN_STEP = 0.1;
const VOLUME_STEP = 0.1;
const MIDDLE = { x: 0, y: 0 };

/** @returns null for a key that the player leaves to the page */
export function playerKey(key: string, zoom: PictureZoom, fillsPage: boolean): PlayerKeyAct | null {
  const zoomTo = (next: PictureZoom): PlayerKeyAct => ({ type: 'zoom', zoom: next });
  const pan = (dx: number, dy: number): PlayerKeyAct | null =>
    zoom.scale > 1 ? zoomTo(panBy(zoom, dx, dy)) : null;
  switch (key) {
    case '+':
    case '=':
      return zoomTo(zoomBy(zoom, ZOOM_STEP, MIDDLE));
    case '-':
      return zoomTo(zoomBy(zoom, 1 / ZOOM_STEP, MIDDLE));
    case '0':
      return zoomTo(NO_ZOOM);
    // One looks to the left: the picture goes to the right.
    case 'ArrowLeft':
      return pan(PAN_STEP, 0);
    case 'ArrowRight':
      return pan(-PAN_STEP, 0);
    case 'ArrowUp':
      return pan(0, PAN_STEP) ?? { type: 'volume', by: VOLUME_STEP };
    case 'ArrowDown':
      return pan(0, -PAN_STEP) ?? { type: 'volume', by: -VOLUME_STEP };
    case 'm':
      return { type: 'toggle-mute' };
    case 'f':
      return { type: 'toggle-fullscreen' };
    case 'Escape':
      return fillsPage ? { type: 'leave-page' } : null;
    default:
      return null;
  }
}
