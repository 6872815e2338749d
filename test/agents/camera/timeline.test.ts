import fc from 'fast-check';
import { Timeline } from '../../../agents/camera/timeline';

const through = (...times: number[]): number[] => {
  const timeline = new Timeline();
  return times.map((timeMs) => timeline.next(timeMs));
};

describe('Timeline', () => {
  it('begins at 0 and keeps distances', () => {
    expect(through(5_000, 5_040, 5_020, 5_080)).toEqual([0, 40, 20, 80]);
  });

  it('runs on across the wrap-around of 32 bits', () => {
    expect(through(0xffffffff - 19, 20)).toEqual([0, 40]);
  });

  it('takes a jump for a break and goes on where it was', () => {
    expect(through(0, 40, 3_600_000, 3_600_040)).toEqual([0, 40, 80, 120]);
    expect(through(3_600_000, 3_600_040, 0, 40)).toEqual([0, 40, 80, 120]);
  });

  it('goes on where it was when the source starts over', () => {
    const timeline = new Timeline();
    timeline.next(0);
    timeline.next(2_000);
    timeline.restart();
    expect([timeline.next(0), timeline.next(40)]).toEqual([2_040, 2_080]);
  });

  it('never runs away, whatever the source says', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0xffffffff), { minLength: 1 }), (times) => {
        const mapped = through(...times);
        for (const [i, timeMs] of mapped.entries()) {
          if (i > 0) expect(Math.abs(timeMs - mapped[i - 1]!)).toBeLessThanOrEqual(100_000);
        }
      }),
    );
  });
});
