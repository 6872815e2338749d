import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pid } from 'node:process';
import type { KeyValueStorage } from '../storage';

const MAX_FILE_BYTES = 1024 * 1024;

/**
 * Keeps values in one JSON file, readable by its owner only. A file that cannot be read counts as
 * empty, one that cannot be written is forgotten at exit, as `KeyValueStorage` promises.
 */
export function createFileStorage(path: string): KeyValueStorage {
  const values = readValues(path);
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => {
      values.set(key, value);
      writeValues(path, values);
    },
  };
}

function readValues(path: string): Map<string, string> {
  const values = new Map<string, string>();
  try {
    if (statSync(path).size > MAX_FILE_BYTES) return values;
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof parsed !== 'object' || parsed === null) return values;
    for (const [key, value] of Object.entries(parsed)) {
      if (typeof value === 'string') values.set(key, value);
    }
  } catch {
    return values;
  }
  return values;
}

function writeValues(path: string, values: ReadonlyMap<string, string>): void {
  const draft = `${path}.${pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(draft, JSON.stringify(Object.fromEntries(values)), { mode: 0o600 });
    renameSync(draft, path);
  } catch {
    removeQuietly(draft);
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    return;
  }
}
