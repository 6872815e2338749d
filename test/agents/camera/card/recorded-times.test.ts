import fc from 'fast-check';
import { RecordedTimes } from '../../../../agents/camera/card/recorded-times';
import { formatSegmentName, segmentOf } from '../../../../agents/camera/card/segment';
import type { Segment } from '../../../../agents/camera/card/segment';

let sequence = 0;
const segment = (startMs: number, endMs: number): Segment => {
  const durationMs = endMs - startMs;
  const name = formatSegmentName({ sequence: ++sequence, startMs, cause: 'next', durationMs });
  return segmentOf(0, name, 100)!;
};
const times = (...added: readonly Segment[]): RecordedTimes => {
  const made = new RecordedTimes();
  for (const one of added) made.add(one);
  return made;
};
const spans = (made: RecordedTimes): number[][] =>
  made.pieces.map(({ startMs, endMs }) => [startMs, endMs]);

describe('RecordedTimes', () => {
  it('orders by time what was recorded in another order', () => {
    expect(spans(times(segment(50, 60), segment(10, 20), segment(30, 40)))).toEqual([
      [10, 20],
      [30, 40],
      [50, 60],
    ]);
  });

  it('lets what was recorded later hide what it overlaps', () => {
    const older = segment(10, 30);
    expect(spans(times(older, segment(20, 40)))).toEqual([
      [10, 20],
      [20, 40],
    ]);
    expect(spans(times(older, segment(5, 15)))).toEqual([
      [5, 15],
      [15, 30],
    ]);
    expect(spans(times(older, segment(5, 35)))).toEqual([[5, 35]]);
    expect(spans(times(older, segment(14, 16)))).toEqual([
      [14, 16],
      [16, 30],
    ]);
  });

  it('lets a segment that grows hide what it reaches', () => {
    const growing = segment(10, 12);
    const made = times(segment(20, 40), growing);
    growing.endMs = 25;
    made.grow(growing);
    expect(spans(made)).toEqual([
      [10, 25],
      [25, 40],
    ]);
    growing.endMs = 24;
    made.grow(growing);
    expect(spans(made)[0]).toEqual([10, 24]);
  });

  it('finds what has a part in a time', () => {
    const made = times(segment(10, 20), segment(30, 40));
    const between = (startMs: number, endMs: number): number[] =>
      made.between(startMs, endMs).map((piece) => piece.startMs);
    expect(between(0, 10)).toEqual([]);
    expect(between(0, 11)).toEqual([10]);
    expect(between(19, 31)).toEqual([10, 30]);
    expect(between(20, 30)).toEqual([]);
    expect(made.hasAny(20, 30)).toBe(false);
    expect(made.hasAny(20, 31)).toBe(true);
    expect(made.from(20)?.startMs).toBe(30);
    expect(made.from(40)).toBeUndefined();
  });

  it('never lists a moment twice, nor one that was not recorded', () => {
    const span = fc.tuple(fc.nat(200), fc.integer({ min: 1, max: 60 }));
    const action = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), span }),
      fc.record({ kind: fc.constant('grow' as const), by: fc.nat(30) }),
      fc.record({ kind: fc.constant('remove' as const) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const made = new RecordedTimes();
        const held: Segment[] = [];
        for (const one of actions) {
          const latest = held.at(-1);
          if (one.kind === 'add') {
            const [startMs, length] = one.span;
            held.push(segment(startMs, startMs + length));
            made.add(held.at(-1)!);
          } else if (one.kind === 'remove') {
            const oldest = held.shift();
            if (oldest) made.remove(oldest);
          } else if (latest) {
            latest.endMs += one.by;
            made.grow(latest);
          }
        }
        const { pieces } = made;
        pieces.forEach((piece, at) => {
          expect(piece.startMs).toBeLessThan(piece.endMs);
          expect(piece.startMs).toBeGreaterThanOrEqual(piece.segment.startMs);
          expect(piece.endMs).toBeLessThanOrEqual(piece.segment.endMs);
          const next = pieces[at + 1];
          if (next) expect(piece.endMs).toBeLessThanOrEqual(next.startMs);
        });
        const newest = held.at(-1);
        if (newest) expect(pieces).toContainEqual(expect.objectContaining({ segment: newest }));
        const listed = pieces.map((piece) => piece.segment);
        expect(new Set(listed).size).toBe(listed.length);
        expect(held).toEqual(expect.arrayContaining(listed));
      }),
    );
  });
});
