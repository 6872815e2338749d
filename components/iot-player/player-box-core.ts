import type { PlayerView } from '@components/player-view';
import type { PlayerStore } from '@services/player';

/** The classes of the player's element: whether the buttons rest, and whether it fills the page. */
export function boxClass(
  className: string,
  { playing }: Pick<PlayerStore, 'playing'>,
  { active, fullscreen, zoom }: Pick<PlayerView, 'active' | 'fullscreen' | 'zoom'>,
): string {
  return [
    'iot-player',
    className,
    playing ? 'iot-player--playing' : '',
    // Where something is the matter, the buttons stay.
    playing && !active ? 'iot-player--resting' : '',
    fullscreen === 'page' ? 'iot-player--page' : '',
    fullscreen !== 'off' ? 'iot-player--full' : '',
    zoom.scale > 1 ? 'iot-player--zoomed' : '',
  ]
    .filter((name) => name !== '')
    .join(' ');
}
