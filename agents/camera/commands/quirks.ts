import type { CancelTimer, Clock } from '../../../services/host';
import type { ResponseWriter } from '../../../services/p2p/http';

/**
 * How answers of bad firmware differ, so that apps can be tried against it:
 * `strings` numbers as strings · `numbers` status as a number · `nul` trailing NULs · `slow` 3 s late ·
 * `missing` the last field of each object left out · `garbled` cut in the middle · `silent` no answer.
 * `corrupt` is about streams: a stretch of the first one after the start is garbage.
 */
export const QUIRKS = [
  'strings',
  'numbers',
  'nul',
  'slow',
  'missing',
  'garbled',
  'silent',
  'corrupt',
] as const;

export type Quirk = (typeof QUIRKS)[number];

const SLOW_MS = 3_000;
const NULS = 4;

/**
 * Reads the value of `--quirks`: names with commas between them.
 * @throws Error for a name that does not exist.
 */
export function parseQuirks(text: string): ReadonlySet<Quirk> {
  const names = text.split(',').map((name) => name.trim());
  return new Set(
    names.map((name) => {
      const quirk = QUIRKS.find((one) => one === name);
      if (quirk) return quirk;
      throw new Error(`there is no quirk "${name}"; there are ${QUIRKS.join(', ')}`);
    }),
  );
}

/** A command's answer as the given firmware would write it. */
export function writeQuirky(value: unknown, quirks: ReadonlySet<Quirk>): Uint8Array {
  let answer = value;
  if (quirks.has('missing')) answer = mapObjects(answer, dropLast);
  if (quirks.has('strings')) answer = mapNumbers(answer);
  if (quirks.has('numbers')) answer = mapObjects(answer, numericStatus);
  let text = JSON.stringify(answer);
  if (quirks.has('garbled')) text = text.slice(0, Math.floor(text.length / 2));
  return Buffer.from(quirks.has('nul') ? text + '\0'.repeat(NULS) : text);
}

/** Sends a command's answer, or not, as the firmware would. */
export function answerQuirky(
  response: ResponseWriter,
  value: unknown,
  quirks: ReadonlySet<Quirk>,
  clock: Clock,
): void {
  const send = (): void => {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
    response.end(writeQuirky(value, quirks));
  };
  // Whoever waits gives up by itself.
  if (quirks.has('silent')) return;
  if (!quirks.has('slow')) return send();
  const cancel: CancelTimer = clock.setTimer(SLOW_MS, send);
  response.onClose = cancel;
}

type Fields = readonly (readonly [string, unknown])[];

function mapObjects(value: unknown, change: (fields: Fields) => Fields): unknown {
  if (Array.isArray(value)) return value.map((item) => mapObjects(item, change));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([k, v]) => [k, mapObjects(v, change)] as const);
  return Object.fromEntries(change(fields));
}

const dropLast = (fields: Fields): Fields => fields.slice(0, -1);

const numericStatus = (fields: Fields): Fields =>
  fields.map(([name, value]) => [name, name === 'status' ? Number(value) : value]);

function mapNumbers(value: unknown): unknown {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map(mapNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, mapNumbers(v)]));
}
