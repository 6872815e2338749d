import type { PtzAxis, PtzCapabilities } from '../capabilities';
import type { PtzConfig } from './ptz-machine';
import { PTZ_AXES } from './ptz-machine';
import { DIRECTIONS } from './ptz-command';

/** A common dome: it turns almost around, looks down more than up, and zooms optically. */
const AXES = {
  pan: { min: -170, max: 170, speed: 60, step: 10 },
  tilt: { min: -60, max: 30, speed: 30, step: 5 },
  zoom: { min: 1, max: 4, speed: 1.5, step: 0.5 },
} as const;

const SAFETY_MS = 10_000;
const MAX_PRESETS = 16;

/**
 * Reads the value of `--ptz`: axes with commas between them, or `none`.
 * @throws Error for an axis that does not exist.
 */
export function parsePtzAxes(text: string): readonly PtzAxis[] {
  if (text === 'none') return [];
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (PTZ_AXES.some((axis) => axis === name)) continue;
    throw new Error(`there is no axis "${name}"; give ${PTZ_AXES.join(',')} or none`);
  }
  return PTZ_AXES.filter((axis) => names.includes(axis));
}

export function ptzConfigOf(axes: readonly PtzAxis[]): PtzConfig {
  return {
    axes: Object.fromEntries(axes.map((axis) => [axis, AXES[axis]])),
    home: { pan: 0, tilt: 0, zoom: 1 },
    safetyMs: SAFETY_MS,
    maxPresets: MAX_PRESETS,
  };
}

/**
 * The axes whose motion the picture can show. Windows' ffmpeg has no second pipe to be fed through, and
 * no filter changes its magnification while it runs.
 */
export function visibleAxesOf(
  axes: readonly PtzAxis[],
  platform: string = process.platform,
): readonly PtzAxis[] {
  return platform === 'win32' ? [] : axes.filter((axis) => axis !== 'zoom');
}

export function ptzCapabilitiesOf(
  config: PtzConfig,
  visibleAxes: readonly PtzAxis[] = [],
): PtzCapabilities {
  const axes = PTZ_AXES.filter((axis) => config.axes[axis] !== undefined);
  const directions = [...DIRECTIONS]
    .filter(([, vector]) => PTZ_AXES.every((axis) => vector[axis] === 0 || axes.includes(axis)))
    .map(([name]) => name);
  return {
    axes,
    directions,
    zoom: axes.includes('zoom'),
    visibleAxes,
    maxPresets: config.maxPresets,
    range: Object.fromEntries(
      axes.map((axis) => [axis, [config.axes[axis]!.min, config.axes[axis]!.max]]),
    ),
    speed: Object.fromEntries(axes.map((axis) => [axis, config.axes[axis]!.speed])),
    safetyMs: config.safetyMs,
  };
}
