const MAX_NAME_LENGTH = 60;

/**
 * What a snapshot is called: `Front door 2026-11-23 02-19-14.png`.
 * @param wallMs unix ms; the name has the local time
 */
export function snapshotName(camera: string, wallMs: number, extension: string): string {
  return `${safe(camera)} ${timeOf(wallMs)}.${extension}`;
}

/** What exported diagnostics are called: `Front door diagnostics 2026-11-23 02-19-14.json`. */
export function diagnosticsName(camera: string, wallMs: number): string {
  return `${safe(camera)} diagnostics ${timeOf(wallMs)}.json`;
}

/** What a file of a recording is called; files after the first one are numbered. */
export function recordingName(
  camera: string,
  wallMs: number,
  index: number,
  extension: string,
): string {
  const part = index === 0 ? '' : ` (${index + 1})`;
  return `${safe(camera)} ${timeOf(wallMs)}${part}.${extension}`;
}

/** Without what some file system does not take. */
function safe(name: string): string {
  const cleaned = name
    .replace(/[\p{Cc}\\/:*?"<>|]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .slice(0, MAX_NAME_LENGTH)
    .replace(/^[\s.]+|[\s.]+$/g, '');
  return cleaned === '' ? 'camera' : cleaned;
}

function timeOf(wallMs: number): string {
  const date = new Date(wallMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join('-');
  return `${day} ${time}`;
}
