import fc from 'fast-check';
import { RangeSet } from '../../../../services/p2p/session/range-set';

const UNIVERSE = 60;
const operation = fc.record({
  add: fc.boolean(),
  start: fc.nat({ max: UNIVERSE }),
  length: fc.nat({ max: 12 }),
});

describe('RangeSet', () => {
  it('behaves as a set of integers, in disjoint ascending ranges that do not touch', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const ranges = new RangeSet();
        const model = new Set<number>();
        for (const { add, start, length } of operations) {
          if (add) ranges.add(start, start + length);
          else ranges.remove(start, start + length);
          for (let i = start; i < start + length; i++) {
            if (add) model.add(i);
            else model.delete(i);
          }
          let previousEnd = -1;
          for (const range of ranges.list()) {
            expect(range.start).toBeGreaterThan(previousEnd);
            expect(range.end).toBeGreaterThan(range.start);
            previousEnd = range.end;
          }
          for (let i = 0; i <= UNIVERSE + 12; i++) expect(ranges.has(i)).toBe(model.has(i));
        }
      }),
    );
  });
});
