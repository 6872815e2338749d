import fc from 'fast-check';
import { QUALITIES } from '../../../../agents/camera/capabilities';
import { ladderOf, renditionOf } from '../../../../agents/camera/quality/ladder';
import type { SourceFacts } from '../../../../agents/camera/quality/ladder';

const facts = (more: Partial<SourceFacts> = {}): SourceFacts => ({
  width: 640,
  bps: 700_000,
  canEncode: true,
  maxKbps: null,
  ...more,
});

describe('renditionOf', () => {
  it('sends a small source as it is, and something smaller as standard', () => {
    expect(renditionOf('super', facts())).toEqual({ kind: 'source' });
    expect(renditionOf('high', facts())).toEqual({ kind: 'source' });
    expect(renditionOf('standard', facts())).toEqual({ kind: 'encoded', width: 320, kbps: 250 });
  });

  it('makes three of a large source', () => {
    const large = facts({ width: 2560, bps: 6_000_000 });
    expect(renditionOf('super', large)).toEqual({ kind: 'source' });
    expect(renditionOf('high', large)).toEqual({ kind: 'encoded', width: 1280, kbps: 1_500 });
    expect(renditionOf('standard', large)).toEqual({ kind: 'encoded', width: 640, kbps: 500 });
  });

  it('encodes what is above the limit of the bit rate', () => {
    const limited = facts({ maxKbps: 400 });
    expect(renditionOf('super', limited)).toEqual({ kind: 'encoded', width: 640, kbps: 400 });
  });

  it('has the source only where there is no encoder', () => {
    for (const quality of QUALITIES) {
      expect(ladderOf(quality, facts({ canEncode: false, maxKbps: 100 }))).toEqual([
        { kind: 'source' },
      ]);
    }
  });

  it('never encodes wider than the source, nor above the limit', () => {
    const any = fc.record({
      width: fc.option(fc.integer({ min: 160, max: 4_000 })),
      bps: fc.option(fc.integer({ min: 1_000, max: 20_000_000 })),
      canEncode: fc.constant(true),
      maxKbps: fc.option(fc.integer({ min: 100, max: 10_000 })),
    });
    fc.assert(
      fc.property(any, fc.constantFrom(...QUALITIES), (source, quality) => {
        for (const rendition of ladderOf(quality, source)) {
          if (rendition.kind === 'source') continue;
          expect(rendition.width % 2).toBe(0);
          expect(rendition.width).toBeLessThanOrEqual((source.width ?? 1280) + 1);
          expect(rendition.kbps).toBeLessThanOrEqual(source.maxKbps ?? Infinity);
        }
      }),
    );
  });
});
