import fc from 'fast-check';
import { decodeAmf0, encodeAmf0 } from '../../../../services/media/flv';
import type { Amf0Value } from '../../../../services/media/flv';

const { value: arbitraryValue } = fc.letrec<{ value: Amf0Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(null, undefined),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.string({ minLength: 1 }), tie('value')), { maxLength: 4 })
      .map((entries) => new Map(entries)),
  ),
}));

describe('AMF0', () => {
  it('reads back what it wrote', () => {
    fc.assert(
      fc.property(fc.array(arbitraryValue, { maxLength: 3 }), (values) => {
        expect(decodeAmf0(encodeAmf0(values))).toEqual(values);
      }),
    );
  });

  it('writes strings above 64 KiB as long strings', () => {
    const text = 'x'.repeat(70_000);
    expect(decodeAmf0(encodeAmf0([text]))).toEqual([text]);
  });

  it('reads objects and dates', () => {
    const object = [3, 0, 1, 0x61, 1, 1, 0, 0, 9];
    const date = [11, 0x42, 0x77, 0x9c, 0xfe, 0x20, 0, 0, 0, 0, 0];
    const values = decodeAmf0(Uint8Array.from([...object, ...date]))!;
    expect(values[0]).toEqual(new Map([['a', true]]));
    expect(typeof values[1]).toBe('number');
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        decodeAmf0(bytes);
        decodeAmf0(Uint8Array.of(8, 0, 0, 0, 1, ...bytes));
      }),
      { numRuns: 1000 },
    );
  });

  it('gives up on values that are cut off', () => {
    const bytes = encodeAmf0([new Map<string, Amf0Value>([['width', 640]])]);
    for (let length = 1; length < bytes.length; length++) {
      expect(decodeAmf0(bytes.subarray(0, length))).toBeNull();
    }
  });

  it('gives up on nesting that is too deep', () => {
    const nested = Array.from({ length: 10_000 }, () => [10, 0, 0, 0, 1]).flat();
    expect(decodeAmf0(Uint8Array.from([...nested, 5]))).toBeNull();
  });

  it('gives up on a list that claims more than there is', () => {
    expect(decodeAmf0(Uint8Array.of(10, 0xff, 0xff, 0xff, 0xff, 5, 5))).toBeNull();
  });
});
