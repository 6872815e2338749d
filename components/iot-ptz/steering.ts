import type { PtzController, PtzDirection } from '@services/ptz';
import type { DigitalMove } from './types';

/** What a pad acts on: a camera, or a window over its picture. */
export interface Steering {
  readonly directions: readonly string[];
  press(direction: PtzDirection, speed: number): void;
  release(): void;
  cancel(): void;
}

const DIGITAL_DIRECTIONS: readonly PtzDirection[] = [
  'up',
  'down',
  'left',
  'right',
  'up_left',
  'up_right',
  'down_left',
  'down_right',
  'zoom_in',
  'zoom_out',
];
const FULL_SPEED = 10;

export function steerCamera(ptz: PtzController, directions: readonly string[]): Steering {
  return {
    directions,
    press: (direction, speed) => ptz.press(direction, speed),
    release: () => ptz.release(),
    cancel: () => ptz.cancel(),
  };
}

/** Digital PTZ: the app moves the picture. */
export function steerPicture(onMove: (move: DigitalMove | null) => void): Steering {
  return {
    directions: DIGITAL_DIRECTIONS,
    press(direction, speed) {
      const share = speed / FULL_SPEED;
      const [x, y] = [sign(direction, 'right', 'left'), sign(direction, 'down', 'up')];
      const zoom = direction === 'zoom_in' ? 1 : direction === 'zoom_out' ? -1 : 0;
      onMove(zoom === 0 ? { x: x * share, y: y * share, zoom } : { x: 0, y: 0, zoom });
    },
    release: () => onMove(null),
    cancel: () => onMove(null),
  };
}

function sign(direction: PtzDirection, plus: string, minus: string): number {
  const words = direction.split('_');
  return words.includes(plus) ? 1 : words.includes(minus) ? -1 : 0;
}
