import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PtzConfig, PtzPosition, PtzPreset } from './ptz-machine';
import { PTZ_AXES } from './ptz-machine';

export interface PresetFile {
  load(config: PtzConfig): readonly PtzPreset[];
  save(presets: readonly PtzPreset[]): void;
}

/** Presets outlive the program. A file that cannot be read or written costs the presets, no more. */
export function openPresetFile(file: string, warn: (message: string) => void): PresetFile {
  return {
    load(config) {
      let text: string;
      try {
        text = readFileSync(file, 'utf8');
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'ENOENT') warn(`cannot read the presets in ${file} (${code})`);
        return [];
      }
      const presets = parsePresets(text, config);
      if (presets === null) warn(`the presets in ${file} are damaged; there are none now`);
      return presets ?? [];
    },
    save(presets) {
      const draft = `${file}.new`;
      try {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(draft, `${JSON.stringify(presets, null, 2)}\n`);
        // Whole or not at all.
        renameSync(draft, file);
      } catch (error) {
        rmSync(draft, { force: true });
        warn(`cannot write the presets to ${file} (${(error as NodeJS.ErrnoException).code})`);
      }
    },
  };
}

/** @returns null when the text is no list of presets. Positions are brought within the limits. */
export function parsePresets(text: string, config: PtzConfig): readonly PtzPreset[] | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(parsed)) return null;
  const presets: PtzPreset[] = [];
  for (const item of parsed as unknown[]) {
    const preset = readPreset(item, config);
    if (preset === null) return null;
    if (!presets.some(({ id }) => id === preset.id)) presets.push(preset);
  }
  return presets.slice(0, config.maxPresets).sort((a, b) => a.id - b.id);
}

function readPreset(item: unknown, config: PtzConfig): PtzPreset | null {
  if (typeof item !== 'object' || item === null) return null;
  const { id, name, position } = item as Readonly<Record<string, unknown>>;
  if (!Number.isInteger(id) || (id as number) < 1 || typeof name !== 'string') return null;
  if (typeof position !== 'object' || position === null) return null;
  const numbers = position as Readonly<Record<string, unknown>>;
  if (!PTZ_AXES.every((axis) => Number.isFinite(numbers[axis]))) return null;
  const within = Object.fromEntries(
    PTZ_AXES.map((axis) => {
      const { min, max } = config.axes[axis] ?? { min: config.home[axis], max: config.home[axis] };
      return [axis, Math.min(max, Math.max(min, numbers[axis] as number))];
    }),
  );
  return { id: id as number, name, position: within as PtzPosition };
}
