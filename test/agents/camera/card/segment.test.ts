import fc from 'fast-check';
import {
  MAX_WALL_MS,
  formatSegmentName,
  parseSegmentName,
} from '../../../../agents/camera/card/segment';

const arbitraryName = fc.record({
  sequence: fc.integer({ min: 0, max: 9_999_999_999 }),
  startMs: fc.integer({ min: 0, max: MAX_WALL_MS }),
  cause: fc.constantFrom('start', 'next', 'gap', 'clock', 'format'),
  durationMs: fc.option(fc.integer({ min: 0, max: 99_999_999 })),
} as const);

describe('a segment’s name', () => {
  it('tells all there is to know', () => {
    const startMs = Date.UTC(2026, 10, 23, 1, 15, 0, 123);
    const name = { sequence: 12, startMs, cause: 'next', durationMs: 60_040 } as const;
    expect(formatSegmentName(name)).toBe('0000000012-20261123T011500123Z-60040-next.flv');
    expect(formatSegmentName({ ...name, durationMs: null })).toBe(
      '0000000012-20261123T011500123Z-next.part',
    );
  });

  it('is read back as it was', () => {
    fc.assert(
      fc.property(arbitraryName, (name) => {
        expect(parseSegmentName(formatSegmentName(name))).toEqual(name);
      }),
    );
  });

  it('sorts in the order of recording', () => {
    fc.assert(
      fc.property(arbitraryName, arbitraryName, (a, b) => {
        fc.pre(a.sequence < b.sequence);
        expect(formatSegmentName(a) < formatSegmentName(b)).toBe(true);
      }),
    );
  });

  it.each([
    ['', 'nothing'],
    ['notes.txt', 'another file'],
    ['0000000012-20261123T011500123Z-60040-next.flv.bak', 'more behind'],
    ['0000000012-20261323T011500123Z-60040-next.flv', 'a 13th month'],
    ['0000000012-20260230T011500123Z-60040-next.flv', 'a 30th of February'],
    ['0000000012-20261123T011500123Z-060040-next.flv', 'a leading zero'],
    ['0000000012-20261123T011500123Z-60040-other.flv', 'an unknown cause'],
    ['0000000012-20261123T011500123Z-60040-next.part', 'a length though unfinished'],
    ['0000000012-20261123T011500123Z-next.flv', 'no length though finished'],
    ['../0000000012-20261123T011500123Z-60040-next.flv', 'a path'],
  ])('is not %j: %s', (text) => {
    expect(parseSegmentName(text)).toBeNull();
  });
});
