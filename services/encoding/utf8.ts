/** UTF-8 (RFC 3629) without TextEncoder, which mini-programs lack. Lone surrogates become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const out: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0)!;
    const code = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    if (code < 0x80) out.push(code);
    else if (code < 0x800) out.push(0xc0 | (code >> 6), tail(code));
    else if (code < 0x10000) out.push(0xe0 | (code >> 12), tail(code >> 6), tail(code));
    else out.push(0xf0 | (code >> 18), tail(code >> 12), tail(code >> 6), tail(code));
  }
  return Uint8Array.from(out);
}

/** Reads UTF-8; each byte that belongs to no valid sequence becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at]!;
    const length = sequenceLength(first);
    let code = length === 1 ? first : first & (0x7f >> length);
    let taken = 1;
    while (taken < length && (bytes[at + taken]! & 0xc0) === 0x80) {
      code = (code << 6) | (bytes[at + taken]! & 0x3f);
      taken++;
    }
    const complete = length > 0 && taken === length && code >= LOWEST_CODE[length]!;
    const valid = complete && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    text += valid ? String.fromCodePoint(code) : '\ufffd';
    at += valid ? length : 1;
  }
  return text;
}

/** Below these a sequence of that length is overlong. */
const LOWEST_CODE = [0, 0, 0x80, 0x800, 0x10000];

function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc0) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf8 ? 4 : 0;
}

function tail(code: number): number {
  return 0x80 | (code & 0x3f);
}
