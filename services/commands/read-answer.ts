import type { XP2PCommandResult } from '../p2p/module';
import { decodeUtf8 } from '../encoding';

/** What came of a command. */
export type CommandAnswer =
  /** The camera answered with JSON. */
  | {
      readonly kind: 'answer';
      readonly body: unknown;
      /** Its `status`; null where there is none that can be read. */
      readonly status: number | null;
    }
  /** The camera answered with what is no JSON. */
  | { readonly kind: 'malformed'; readonly text: string }
  /** The camera does not take the command. */
  | { readonly kind: 'refused'; readonly httpStatus: number; readonly text: string }
  /** No whole answer came: the command may have been carried out or not. */
  | { readonly kind: 'no-answer'; readonly reason: 'timeout' | 'connection-lost' };

/** What a `status` says (behaviour of the seed's devices: 0, 1, 404 to 407). */
export type DeviceStatus =
  'ok' | 'busy' | 'bad-request' | 'too-many-viewers' | 'unsupported' | 'device-error' | 'unknown';

const STATUSES: ReadonlyMap<number, DeviceStatus> = new Map([
  [0, 'ok'],
  [1, 'busy'],
  [404, 'bad-request'],
  [405, 'too-many-viewers'],
  [406, 'unsupported'],
  [407, 'device-error'],
]);

/** How much of a text that is no JSON is kept. */
const MAX_TEXT = 200;

/** Makes an answer of what the module's `sendCommand` gives; never throws. */
export function readAnswer({ type, status, data }: XP2PCommandResult): CommandAnswer {
  if (type === 'timeout') return { kind: 'no-answer', reason: 'timeout' };
  if (type === 'error') return { kind: 'no-answer', reason: 'connection-lost' };
  const text = textOf(data);
  if (type === 'failure') {
    return { kind: 'refused', httpStatus: status, text: text.slice(0, MAX_TEXT) };
  }
  const body = readJson(text);
  return body === undefined
    ? { kind: 'malformed', text: text.slice(0, MAX_TEXT) }
    : { kind: 'answer', body, status: statusIn(body) };
}

/** What a device wrote, which may end with NULs; undefined for what is no JSON. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(withoutEnd(text));
  } catch {
    return undefined;
  }
}

/** What a camera's `status` means; null and unknown numbers are `unknown`. */
export function deviceStatus(status: number | null): DeviceStatus {
  return (status === null ? undefined : STATUSES.get(status)) ?? 'unknown';
}

/** A field of an answer, of its first element where it is a list; undefined where it is missing. */
export function fieldOf(body: unknown, name: string): unknown {
  const object: unknown = Array.isArray(body) ? body[0] : body;
  if (typeof object !== 'object' || object === null) return undefined;
  return Object.prototype.hasOwnProperty.call(object, name)
    ? (object as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** A finite number; devices write numbers as strings as well. Null for anything else. */
export function readNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** `true`, `1`, `'1'`, `'yes'`, `'true'`: devices differ. */
export function readFlag(value: unknown): boolean {
  return value === true || ['1', 'yes', 'true'].includes(String(value).toLowerCase());
}

function statusIn(body: unknown): number | null {
  return readNumber(fieldOf(body, 'status'));
}

function textOf(data: string | ArrayBuffer): string {
  return withoutEnd(typeof data === 'string' ? data : decodeUtf8(new Uint8Array(data)));
}

/** Some devices end their answers with NULs. */
function withoutEnd(text: string): string {
  return text.replace(/[\0\s]+$/, '');
}
