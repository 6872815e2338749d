import type { CameraFile, DownloadItem } from './types';

const VERSION = 1;
const MAX_ITEMS = 1_000;
const MAX_TEXT = 1_024;

/**
 * The queue as text for the host's storage: everything but errors and tries, and no camera's secret.
 * What ran is queued again, what failed is so once more after a try.
 */
export function encodeQueue(items: readonly DownloadItem[]): string {
  const entries = items.slice(0, MAX_ITEMS).map(({ phase, failures: _, ...item }) => ({
    ...item,
    phase: phase.kind === 'paused' || phase.kind === 'done' ? phase.kind : 'queued',
  }));
  return JSON.stringify({ version: VERSION, items: entries });
}

/** Reads what `encodeQueue` wrote; entries that are broken are left out. */
export function decodeQueue(text: string | null): DownloadItem[] {
  let saved: unknown;
  try {
    saved = JSON.parse(text ?? 'null');
  } catch {
    return [];
  }
  if (!isRecord(saved) || saved['version'] !== VERSION || !Array.isArray(saved['items'])) return [];
  return saved['items'].slice(0, MAX_ITEMS).flatMap((entry: unknown) => {
    const item = isRecord(entry) ? decodeItem(entry) : null;
    return item === null ? [] : [item];
  });
}

function decodeItem(entry: Readonly<Record<string, unknown>>): DownloadItem | null {
  const { id, deviceId, channel, storedName, storedBytes, sizeBytes, phase } = entry;
  const file = isRecord(entry['file']) ? decodeFile(entry['file']) : null;
  if (!isText(id) || !isText(deviceId) || !isText(storedName) || file === null) return null;
  // A name with a folder in it was not made by us.
  if (/[/\\]/.test(storedName) || !isCount(channel) || !isCount(storedBytes)) return null;
  return {
    ...{ id, deviceId, channel, file, storedName, storedBytes },
    sizeBytes: isCount(sizeBytes) ? sizeBytes : null,
    failures: 0,
    phase: { kind: phase === 'paused' || phase === 'done' ? phase : 'queued' },
  };
}

function decodeFile(entry: Readonly<Record<string, unknown>>): CameraFile | null {
  const { name, sizeBytes, type, startS, endS, sha256 } = entry;
  if (!isText(name)) return null;
  return {
    name,
    sizeBytes: isCount(sizeBytes) ? sizeBytes : null,
    type: isText(type) ? type : '0',
    startS: isCount(startS) ? startS : null,
    endS: isCount(endS) ? endS : null,
    sha256: isText(sha256) ? sha256 : null,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
