import { fieldOf, readNumber } from '../commands';
import { IotError, XP2PErrorCode } from '../errors';
import type { CameraFile } from './types';

const MAX_FILES = 10_000;
const MAX_NAME = 512;

/**
 * Reads the answer to `get_file_list`: `{file_list:[{file_type,file_name,file_size,start_time,end_time}]}`,
 * numbers as numbers or text. Entries without a usable name are left out, so are repeated ones; a size
 * or a time that makes no sense counts as not told.
 * @throws IotError `list-rejected` when there is no list in it, or a status that refuses.
 */
export function readFileList(body: unknown): CameraFile[] {
  const list = fieldOf(body, 'file_list');
  if (!Array.isArray(list)) {
    const status = readNumber(fieldOf(body, 'status'));
    throw badList(status === null ? 'there is no list of files' : `the camera answered ${status}`);
  }
  const seen = new Set<string>();
  return list.slice(0, MAX_FILES).flatMap((entry: unknown) => {
    const file = readEntry(entry);
    if (file === null || seen.has(file.name)) return [];
    seen.add(file.name);
    return [file];
  });
}

function readEntry(entry: unknown): CameraFile | null {
  if (typeof entry !== 'object' || entry === null) return null;
  const fields = entry as Readonly<Record<string, unknown>>;
  const name = fields['file_name'];
  if (typeof name !== 'string' || name === '' || name.length > MAX_NAME) return null;
  const startS = readCount(fields['start_time']);
  const endS = readCount(fields['end_time']);
  const ordered = startS === null || endS === null || startS <= endS;
  const sha256 = textOf(fields['sha256']).toLowerCase();
  return {
    name,
    sizeBytes: readCount(fields['file_size']),
    type: textOf(fields['file_type']).slice(0, 16) || '0',
    startS: ordered ? startS : null,
    endS: ordered ? endS : null,
    sha256: /^[0-9a-f]{64}$/.test(sha256) ? sha256 : null,
  };
}

/** Words, also where firmware writes them as numbers. */
function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function readCount(value: unknown): number | null {
  const number = readNumber(value);
  return number !== null && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

function badList(message: string): IotError {
  return new IotError({
    code: XP2PErrorCode.DownloadFailed,
    phase: 'command',
    reason: 'list-rejected',
    message,
    retryable: false,
  });
}
