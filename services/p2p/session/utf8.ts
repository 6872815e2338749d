/** Encodes as UTF-8 (RFC 3629); hosts without TextEncoder exist. Lone surrogates become U+FFFD. */
export function utf8ToBytes(text: string): Uint8Array {
  const out: number[] = [];
  for (const char of text) {
    let code = char.codePointAt(0)!;
    if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
    if (code < 0x80) out.push(code);
    else if (code < 0x800) out.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
    else if (code < 0x1_0000) {
      out.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    } else {
      out.push(
        0xf0 | (code >> 18),
        0x80 | ((code >> 12) & 0x3f),
        0x80 | ((code >> 6) & 0x3f),
        0x80 | (code & 0x3f),
      );
    }
  }
  return Uint8Array.from(out);
}

/** Decodes UTF-8; every malformed byte becomes U+FFFD, so hostile input cannot throw. */
export function bytesToUtf8(bytes: Uint8Array): string {
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at]!;
    if (first < 0x80) {
      text += String.fromCharCode(first);
      at++;
      continue;
    }
    const length = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
    const code = first < 0xf5 && length > 0 ? readSequence(bytes, at, length) : -1;
    if (code < 0) {
      text += '\ufffd';
      at++;
    } else {
      text += String.fromCodePoint(code);
      at += length;
    }
  }
  return text;
}

const SMALLEST = [0, 0, 0x80, 0x800, 0x1_0000];

function readSequence(bytes: Uint8Array, at: number, length: number): number {
  let code = bytes[at]! & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) {
    const next = bytes[at + i];
    if (next === undefined || (next & 0xc0) !== 0x80) return -1;
    code = (code << 6) | (next & 0x3f);
  }
  const valid =
    code >= SMALLEST[length]! && code <= 0x10_ffff && !(code >= 0xd800 && code <= 0xdfff);
  return valid ? code : -1;
}
