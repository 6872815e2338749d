import type { IpFamily, SocketAddress } from './udp-socket';

/** Longest text of an IPv6 address: eight groups, the last two as a dotted quad. */
const MAX_TEXT_LENGTH = 45;
const V4_BYTES = 4;
const V6_BYTES = 16;
const MAX_PORT = 65_535;

/**
 * Reads an IPv4 address in dotted decimal (RFC 6943 §3.1.1, the strict form) or an IPv6 address
 * (RFC 4291 §2.2). Zone ids are refused: they mean nothing on another machine.
 * @returns 4 or 16 bytes, or null when the text is no address.
 */
export function parseIpAddress(text: string): Uint8Array | null {
  if (text.length > MAX_TEXT_LENGTH) return null;
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

/**
 * Writes 4 or 16 bytes as text, IPv6 in the canonical form of RFC 5952; an IPv4-mapped address ends
 * in a dotted quad (§5).
 * @throws RangeError for any other length.
 */
export function formatIpAddress(bytes: Uint8Array): string {
  if (bytes.length === V4_BYTES) return bytes.join('.');
  if (bytes.length !== V6_BYTES) throw new RangeError('an IP address has 4 or 16 bytes');
  if (isV4Mapped(bytes)) return `::ffff:${bytes.subarray(12).join('.')}`;
  const groups: string[] = [];
  for (let at = 0; at < V6_BYTES; at += 2) {
    groups.push(((bytes[at]! << 8) | bytes[at + 1]!).toString(16));
  }
  const { start, length } = longestZeroRun(groups);
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

/** @returns the same address in its canonical form, or null when the text is no address. */
export function canonicalIpAddress(text: string): string | null {
  const bytes = parseIpAddress(text);
  return bytes === null ? null : formatIpAddress(bytes);
}

/** @returns null when the text is no address. */
export function ipFamilyOf(text: string): IpFamily | null {
  const bytes = parseIpAddress(text);
  if (bytes === null) return null;
  return bytes.length === V4_BYTES ? 'ipv4' : 'ipv6';
}

/** Writes `192.0.2.1:3478`, or `[2001:db8::1]:3478` (RFC 5952 §6). */
export function formatSocketAddress({ address, port }: SocketAddress): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Whether a number is a port that can be sent to. */
export function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port <= MAX_PORT;
}

function parseV4(text: string): Uint8Array | null {
  const parts = text.split('.');
  if (parts.length !== V4_BYTES) return null;
  const bytes = new Uint8Array(V4_BYTES);
  for (const [at, part] of parts.entries()) {
    // No leading zeros: some parsers take them for octal.
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null;
    bytes[at] = Number(part);
  }
  return bytes;
}

function parseV6(text: string): Uint8Array | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head = '', tail] = halves;
  const front = parseGroups(head, tail === undefined);
  const back = tail === undefined ? [] : parseGroups(tail, true);
  if (front === null || back === null) return null;
  const missing = V6_BYTES - front.length - back.length;
  // "::" stands for at least one group of zeros.
  if (tail === undefined ? missing !== 0 : missing < 2) return null;
  const bytes = new Uint8Array(V6_BYTES);
  bytes.set(front);
  bytes.set(back, V6_BYTES - back.length);
  return bytes;
}

/** @param isEnd whether the address ends here, where a dotted quad may stand for two groups. */
function parseGroups(text: string, isEnd: boolean): number[] | null {
  if (text === '') return [];
  const parts = text.split(':');
  const bytes: number[] = [];
  for (const [at, part] of parts.entries()) {
    if (isEnd && at === parts.length - 1 && part.includes('.')) {
      const quad = parseV4(part);
      if (quad === null) return null;
      bytes.push(...quad);
    } else {
      if (!/^[\da-f]{1,4}$/i.test(part)) return null;
      const group = parseInt(part, 16);
      bytes.push(group >>> 8, group & 0xff);
    }
  }
  return bytes.length <= V6_BYTES ? bytes : null;
}

/** RFC 4291 §2.5.5.2. */
function isV4Mapped(bytes: Uint8Array): boolean {
  for (let at = 0; at < 10; at++) if (bytes[at] !== 0) return false;
  return bytes[10] === 0xff && bytes[11] === 0xff;
}

/** The first of the longest runs, RFC 5952 §4.2.3. */
function longestZeroRun(groups: readonly string[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (let at = 0; at <= groups.length; at++) {
    if (groups[at] === '0') continue;
    if (at - start > best.length) best = { start, length: at - start };
    start = at + 1;
  }
  return best;
}
