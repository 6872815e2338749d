import type { PtzDirection } from './ptz-state';

/** Counter-clockwise from the right, 45° each. */
const CIRCLE: readonly PtzDirection[] = [
  'right',
  'up_right',
  'up',
  'up_left',
  'left',
  'down_left',
  'down',
  'down_right',
];
const DEAD_ZONE = 0.25;
const FULL_SPEED = 10;
/** Few steps: each one is a command. */
const SPEEDS = [3, 6, FULL_SPEED] as const;

export interface Drag {
  readonly direction: PtzDirection;
  /** 1 to 10. */
  readonly speed: number;
}

/**
 * Where a joystick points.
 * @param x to the right, and
 * @param y downwards, both as shares of the radius.
 * @param directions those that the camera has; the nearest of them is taken.
 * @returns null within the dead zone, or where the camera has nothing near.
 */
export function dragDirection(x: number, y: number, directions: readonly string[]): Drag | null {
  const length = Math.hypot(x, y);
  if (!(length >= DEAD_ZONE)) return null;
  const eighths = Math.atan2(-y, x) / (Math.PI / 4);
  let best: PtzDirection | null = null;
  let bestGap = 2;
  CIRCLE.forEach((direction, index) => {
    if (!directions.includes(direction)) return;
    const turn = (((eighths - index) % 8) + 8) % 8;
    const gap = Math.min(turn, 8 - turn);
    if (gap < bestGap) {
      best = direction;
      bestGap = gap;
    }
  });
  if (best === null) return null;
  const share = (Math.min(1, length) - DEAD_ZONE) / (1 - DEAD_ZONE);
  const speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.floor(share * SPEEDS.length))]!;
  return { direction: best, speed };
}
