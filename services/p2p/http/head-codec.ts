import { decodeUtf8, encodeUtf8 } from '../../encoding';
import type { HeaderFields, QueryParams, RequestHead, ResponseHead } from './types';

/** A head longer than this is refused (RFC 9110 §5.4 leaves the limit to us). */
export const MAX_HEAD_BYTES = 16 * 1024;
const MAX_FIELDS = 64;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Anything but CR, LF, NUL: what a value could use to forge another field. */

const FIELD_VALUE = /^[^\r\n\0]*$/;

const REASON: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/**
 * Serialises a request head as RFC 9112 §3 has it.
 * @param target path and query, already percent-encoded.
 * @throws RangeError when a part holds characters that would break the head.
 */
export function encodeRequestHead(
  method: string,
  target: string,
  headers: HeaderFields = {},
): Uint8Array {
  if (!TOKEN.test(method)) throw new RangeError('method is not a token');
  if (!/^\/[\x21-\x7e]*$/.test(target)) throw new RangeError('target has characters to be encoded');
  return encodeUtf8(`${method} ${target} HTTP/1.1\r\n${fieldLines(headers)}\r\n`);
}

/** Serialises a response head, RFC 9112 §4. @throws RangeError as `encodeRequestHead`. */
export function encodeResponseHead(status: number, headers: HeaderFields = {}): Uint8Array {
  if (!Number.isInteger(status) || status < 100 || status > 599) {
    throw new RangeError('status is not between 100 and 599');
  }
  const reason = REASON[status] ?? '';
  return encodeUtf8(`HTTP/1.1 ${status} ${reason}\r\n${fieldLines(headers)}\r\n`);
}

/** @returns null for anything that is not a request head. */
export function parseRequestHead(text: string): RequestHead | null {
  const [startLine = '', ...lines] = text.split('\r\n');
  const match = /^([A-Z]{1,16}) (\/[\x21-\x7e]*) HTTP\/1\.1$/.exec(startLine);
  const headers = parseFields(lines);
  if (match === null || headers === null) return null;
  const target = parseTarget(match[2]!);
  return target === null ? null : { method: match[1]!, ...target, headers };
}

/** Splits path and query; @returns null when a percent escape of the query is broken. */
export function parseTarget(target: string): Pick<RequestHead, 'path' | 'query'> | null {
  const queryAt = target.indexOf('?');
  const path = queryAt < 0 ? target : target.slice(0, queryAt);
  const query = queryAt < 0 ? {} : parseQuery(target.slice(queryAt + 1));
  return query === null ? null : { path, query };
}

/** @returns null for anything that is not a response head. */
export function parseResponseHead(text: string): ResponseHead | null {
  const [startLine = '', ...lines] = text.split('\r\n');
  const match = /^HTTP\/1\.1 ([1-5][0-9]{2})(?: [^\r\n]*)?$/.exec(startLine);
  const headers = parseFields(lines);
  return match === null || headers === null ? null : { status: Number(match[1]), headers };
}

/** Decodes `a=b&c=d`; @returns null when a percent escape is broken. */
export function parseQuery(text: string): QueryParams | null {
  const params: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = equals < 0 ? pair : pair.slice(0, equals);
    const value = equals < 0 ? '' : pair.slice(equals + 1);
    try {
      params[decodeURIComponent(name)] = decodeURIComponent(value.replace(/\+/g, '%20'));
    } catch {
      return null;
    }
  }
  return params;
}

/** Splits a stream into its head and what follows, whatever the sizes it arrives in. */
export class HeadReader {
  private held = new Uint8Array(0);
  private done = false;

  /**
   * Takes the next bytes.
   * @returns null while the head is incomplete; `'too-long'` above `MAX_HEAD_BYTES`.
   */
  push(bytes: Uint8Array): { text: string; rest: Uint8Array } | 'too-long' | null {
    if (this.done) throw new Error('the head was read already');
    const searchFrom = Math.max(0, this.held.length - 3);
    const joined = new Uint8Array(this.held.length + bytes.length);
    joined.set(this.held);
    joined.set(bytes, this.held.length);
    const end = indexOfBlankLine(joined, searchFrom);
    if (end > MAX_HEAD_BYTES || (end < 0 && joined.length > MAX_HEAD_BYTES)) return 'too-long';
    if (end < 0) {
      this.held = joined;
      return null;
    }
    this.done = true;
    this.held = new Uint8Array(0);
    return { text: decodeUtf8(joined.subarray(0, end)), rest: joined.subarray(end + 4) };
  }
}

function indexOfBlankLine(bytes: Uint8Array, from: number): number {
  for (let i = from; i + 3 < bytes.length; i++) {
    if (bytes[i] === 13 && bytes[i + 1] === 10 && bytes[i + 2] === 13 && bytes[i + 3] === 10) {
      return i;
    }
  }
  return -1;
}

function fieldLines(headers: HeaderFields): string {
  let lines = '';
  for (const [name, value] of Object.entries(headers)) {
    if (!TOKEN.test(name)) throw new RangeError(`header name ${name} is not a token`);
    if (!FIELD_VALUE.test(value)) throw new RangeError(`header ${name} has a line break`);
    lines += `${name}: ${value}\r\n`;
  }
  return lines;
}

function parseFields(lines: readonly string[]): HeaderFields | null {
  if (lines.length > MAX_FIELDS) return null;
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0));
    if (!TOKEN.test(name)) return null;
    headers[name.toLowerCase()] = line.slice(colon + 1).trim();
  }
  return headers;
}
