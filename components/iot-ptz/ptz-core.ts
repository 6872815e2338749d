import type { PlainTextKey } from '@services/i18n';
import type { PtzDirection, PtzProblem } from '@services/ptz';

/** Without a finger there is no distance that tells the speed. */
export const KEY_SPEED = 5;

const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

const BY_SIGNS: Readonly<Record<string, PtzDirection>> = {
  '0,-1': 'up',
  '0,1': 'down',
  '-1,0': 'left',
  '1,0': 'right',
  '-1,-1': 'up_left',
  '1,-1': 'up_right',
  '-1,1': 'down_left',
  '1,1': 'down_right',
};

const ZOOM_KEYS: Readonly<Record<string, PtzDirection>> = {
  '+': 'zoom_in',
  '=': 'zoom_in',
  '-': 'zoom_out',
};

/** Whether a key steers. */
export function isPtzKey(key: string): boolean {
  return key in ARROWS || key in ZOOM_KEYS;
}

/**
 * Where the keys that are held point: two arrows go diagonally where the camera can, else the one
 * pressed last counts.
 * @param held in the order in which they were pressed.
 * @returns null when they cancel out or the camera has no such direction.
 */
export function keysDirection(
  held: readonly string[],
  directions: readonly string[],
): PtzDirection | null {
  const has = (direction: PtzDirection | undefined): PtzDirection | null =>
    direction !== undefined && directions.includes(direction) ? direction : null;
  const last = held[held.length - 1];
  if (last === undefined) return null;
  if (last in ZOOM_KEYS) return has(ZOOM_KEYS[last]);
  let x = 0;
  let y = 0;
  for (const key of held) {
    const [dx, dy] = ARROWS[key] ?? [0, 0];
    x += dx;
    y += dy;
  }
  const both = has(BY_SIGNS[`${Math.sign(x)},${Math.sign(y)}`]);
  return both ?? has(BY_SIGNS[`${ARROWS[last]![0]},${ARROWS[last]![1]}`]);
}

/** What users read of a problem. */
export const PROBLEM_TEXTS: Readonly<Record<PtzProblem, PlainTextKey>> = {
  unanswered: 'ptz.problem.unanswered',
  refused: 'ptz.problem.refused',
  unsupported: 'ptz.problem.unsupported',
  lost: 'ptz.problem.lost',
};

/** The lowest number that no preset has; null when there is room for no more. */
export function freePreset(taken: readonly number[], maxPresets: number): number | null {
  for (let id = 1; id <= maxPresets; id++) if (!taken.includes(id)) return id;
  return null;
}
