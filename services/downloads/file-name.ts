import { encodeUtf8 } from '../encoding';

/** File systems take 255 bytes; what counts up and what hosts append needs some. */
const MAX_NAME_BYTES = 160;
const MAX_EXTENSION_LENGTH = 10;
/** Windows keeps them for devices, with any extension. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
/** Control characters, what a file system may not take, and what turns the reading direction. */
const FORBIDDEN =
  // eslint-disable-next-line no-control-regex
  /[\x00-\x1f\x7f-\x9f"*/:<>?\\|\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]+/g;
const LONE_SURROGATE = /[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g;

/**
 * A name that every file system takes, and that nobody else in `taken` has, whatever the case.
 *
 * @param parts joined by `-`; the last one is the camera's name of the file
 * @param fallbackExtension for a file without one, e.g. `.mp4`
 * @param taken names in use
 */
export function safeFileName(
  parts: readonly string[],
  fallbackExtension: string,
  taken: Iterable<string>,
): string {
  const joined = parts
    .map(clean)
    .filter((part) => part !== '')
    .join('-');
  const { stem, extension } = split(joined, fallbackExtension);
  const used = new Set([...taken].map((name) => name.toLowerCase()));
  for (let count = 1; ; count++) {
    const suffix = `${count === 1 ? '' : `-${count}`}${extension}`;
    const name = cut(stem, MAX_NAME_BYTES - suffix.length) + suffix;
    if (!used.has(name.toLowerCase())) return name;
  }
}

function clean(part: string): string {
  return part
    .replace(LONE_SURROGATE, (unit) => (unit.length === 2 ? unit : '-'))
    .normalize('NFC')
    .replace(FORBIDDEN, '-')
    .replace(/\s+/g, ' ')
    .replace(/^[-. ]+|[-. ]+$/g, '');
}

function split(name: string, fallback: string): { stem: string; extension: string } {
  const match = /^(.+)(\.[A-Za-z0-9]+)$/.exec(name);
  const known = match !== null && match[2]!.length <= MAX_EXTENSION_LENGTH;
  const stem = (known ? match[1]! : name).replace(/[-. ]+$/, '');
  const extension = (known ? match[2]! : fallback).toLowerCase();
  const usable = stem === '' || RESERVED.test(stem) ? `file-${stem}`.replace(/-$/, '') : stem;
  return { stem: usable, extension };
}

/** The longest beginning that fits, without half a character. */
function cut(text: string, maxBytes: number): string {
  let bytes = 0;
  let out = '';
  for (const character of text) {
    bytes += encodeUtf8(character).length;
    if (bytes > maxBytes) break;
    out += character;
  }
  return out.replace(/[-. ]+$/, '');
}
