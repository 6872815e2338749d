import fc from 'fast-check';
import { backOffMs } from '../../../services/player/back-off';

describe('backOffMs', () => {
  it('doubles from 1 s to 15 s', () => {
    expect([1, 2, 3, 4, 5, 60].map((failures) => backOffMs(failures, 1))).toEqual([
      1_000, 2_000, 4_000, 8_000, 15_000, 15_000,
    ]);
  });

  it('is random in its upper half', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (n, jitter) => {
          const longest = backOffMs(n, 1);
          const delay = backOffMs(n, jitter);
          expect(delay).toBeGreaterThanOrEqual(longest / 2);
          expect(delay).toBeLessThanOrEqual(longest);
        },
      ),
    );
  });
});
