import { readWhole } from '../commands/parameters';
import { Refusal } from '../refusal';
import type { PtzEvent, PtzVector } from './ptz-machine';

/** A PTZ command that a viewer sent. */
export type PtzCommand =
  | Exclude<PtzEvent, { kind: 'viewer-gone' | 'tick' | 'press' }>
  | { readonly kind: 'press'; readonly vector: PtzVector; readonly speed: number }
  | { readonly kind: 'preset-list' }
  | { readonly kind: 'position' };

const FULL_SPEED = 10;
const DEFAULT_SPEED = 5;
const MAX_PRESET_ID = 255;
const MAX_NAME_LENGTH = 64;

const vector = (pan: number, tilt: number, zoom = 0): PtzVector => ({ pan, tilt, zoom });

/** The names under which the directions are offered. */
export const DIRECTIONS: ReadonlyMap<string, PtzVector> = new Map([
  ['up', vector(0, 1)],
  ['down', vector(0, -1)],
  ['left', vector(-1, 0)],
  ['right', vector(1, 0)],
  ['up_left', vector(-1, 1)],
  ['up_right', vector(1, 1)],
  ['down_left', vector(-1, -1)],
  ['down_right', vector(1, -1)],
  ['zoom_in', vector(0, 0, 1)],
  ['zoom_out', vector(0, 0, -1)],
]);

/** Other names that apps use for them. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['top', 'up'],
  ['bottom', 'down'],
  ['left_up', 'up_left'],
  ['right_up', 'up_right'],
  ['left_down', 'down_left'],
  ['right_down', 'down_right'],
]);

const RELEASES = ['ptz_release_pre', 'ptz_release', 'ptz_stop'];

/** Whether a plain command (`cmd=ptz_left`) is for the PTZ. */
export function isPtzName(name: string): boolean {
  return name.startsWith('ptz_') || name === 'get_ptz_position';
}

/**
 * Reads a command of either dialect: `ptz_up_press` drives until `ptz_release_pre`, `ptz_up` goes a step.
 * @param fields what came with it: `speed` 1 to 10, `preset`, `name`.
 * @throws Refusal 404 for an unknown command; 400 for a wrong field.
 */
export function parsePtzCommand(
  name: string,
  fields: Readonly<Record<string, unknown>>,
): PtzCommand {
  if (RELEASES.includes(name)) return { kind: 'release' };
  switch (name) {
    case 'get_ptz_position':
      return { kind: 'position' };
    case 'ptz_home':
      return { kind: 'home' };
    case 'ptz_preset_list':
      return { kind: 'preset-list' };
    case 'ptz_preset_set':
      return { kind: 'preset-set', id: presetOf(fields), name: nameOf(fields) };
    case 'ptz_preset_go':
      return { kind: 'preset-go', id: presetOf(fields) };
    case 'ptz_preset_delete':
      return { kind: 'preset-delete', id: presetOf(fields) };
  }
  const [, word = '', press] = /^ptz_([a-z_]+?)(_press)?$/.exec(name) ?? [];
  const direction = DIRECTIONS.get(ALIASES.get(word) ?? word);
  if (!direction) throw new Refusal(404, `there is no user command "${name}"`);
  if (press === undefined) return { kind: 'step', vector: direction };
  const speed = fields['speed'] === undefined ? DEFAULT_SPEED : fields['speed'];
  return {
    kind: 'press',
    vector: direction,
    speed: readWhole(speed, 'speed', 1, FULL_SPEED) / FULL_SPEED,
  };
}

function presetOf(fields: Readonly<Record<string, unknown>>): number {
  if (fields['preset'] === undefined) throw new Refusal(400, 'preset is missing');
  return readWhole(fields['preset'], 'preset', 1, MAX_PRESET_ID);
}

function nameOf({ name = '' }: Readonly<Record<string, unknown>>): string {
  if (typeof name === 'string' && name.length <= MAX_NAME_LENGTH) return name;
  throw new Refusal(400, `name must be a text of at most ${MAX_NAME_LENGTH} characters`);
}
