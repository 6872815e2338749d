import fc from 'fast-check';
import { decodeUtf8, encodeUtf8 } from '../../../services/encoding';

describe('encodeUtf8', () => {
  it('agrees with the platform’s encoder', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(Array.from(encodeUtf8(text))).toEqual(Array.from(new TextEncoder().encode(text)));
      }),
    );
  });

  it('replaces lone surrogates', () => {
    expect(Array.from(encodeUtf8('\ud800'))).toEqual([0xef, 0xbf, 0xbd]);
  });
});

describe('decodeUtf8', () => {
  it('agrees with the platform’s decoder on valid text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeUtf8(new TextEncoder().encode(text))).toBe(text);
      }),
    );
  });

  it.each([
    ['an overlong sequence', [0xc0, 0x80]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a code point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['a sequence that is cut off', [0xe2, 0x82]],
    ['a stray continuation', [0x80]],
  ])('marks %s', (_name, bytes) => {
    const text = decodeUtf8(Uint8Array.from(bytes));
    expect(text).toBe('\ufffd'.repeat(bytes.length));
  });
});
