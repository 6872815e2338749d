import fc from 'fast-check';
import {
  DROP_AFTER_MS,
  FIRST_HOLD_MS,
  INITIAL_ADAPT_STATE,
  TRY_HOLDS,
  adapt,
} from '../../../../agents/camera/quality/adapt';
import type { AdaptState } from '../../../../agents/camera/quality/adapt';

const RATES = [1_000_000, 300_000, 0];

/** Lets `seconds` pass, one look each. @returns the state and the levels it went through. */
function run(
  state: AdaptState,
  fromS: number,
  seconds: number,
  estimateBps: number | null,
  behind = false,
): AdaptState {
  let next = state;
  for (let s = fromS; s < fromS + seconds; s++) {
    next = adapt(next, { nowMs: s * 1_000, estimateBps, ratesBps: RATES, behind });
  }
  return next;
}

describe('adapt', () => {
  it('drops a level when the path carries too little for 3 s, and no sooner', () => {
    const dropS = DROP_AFTER_MS / 1_000;
    expect(run(INITIAL_ADAPT_STATE, 0, dropS, 500_000).level).toBe(0);
    expect(run(INITIAL_ADAPT_STATE, 0, dropS + 1, 500_000).level).toBe(1);
  });

  it('goes to keyframes when even the lowest quality is too much, and stays there', () => {
    expect(run(INITIAL_ADAPT_STATE, 0, 60, 100_000).level).toBe(2);
  });

  it('forgives a short dip', () => {
    const dip = run(INITIAL_ADAPT_STATE, 0, 3, 500_000);
    const well = run(dip, 3, 1, 2_000_000);
    expect(run(well, 4, 3, 500_000).level).toBe(0);
  });

  it('comes back after 10 s in which the path could have carried more', () => {
    const low = run(INITIAL_ADAPT_STATE, 0, 4, 500_000);
    const holdS = FIRST_HOLD_MS / 1_000;
    expect(run(low, 4, holdS, 1_400_000).level).toBe(1);
    expect(run(low, 4, holdS + 1, 1_400_000).level).toBe(0);
  });

  it('tries the higher level after a minute without trouble, though nothing speaks for it', () => {
    const low = run(INITIAL_ADAPT_STATE, 0, 4, 500_000);
    const trialS = (FIRST_HOLD_MS * TRY_HOLDS) / 1_000;
    expect(run(low, 4, trialS, 310_000).level).toBe(1);
    expect(run(low, 4, trialS + 1, 310_000).level).toBe(0);
  });

  it('waits twice as long after a level that was too much', () => {
    let state = run(INITIAL_ADAPT_STATE, 0, 4, 500_000);
    state = run(state, 4, 11, 1_400_000);
    state = run(state, 15, 4, 500_000);
    expect([state.level, state.holdMs]).toEqual([1, FIRST_HOLD_MS * 2]);
    expect(run(state, 19, 20, 1_400_000).level).toBe(1);
    expect(run(state, 19, 21, 1_400_000).level).toBe(0);
  });

  it('takes frames left out for a path that carries too little', () => {
    expect(run(INITIAL_ADAPT_STATE, 0, 4, 5_000_000, true).level).toBe(1);
  });

  it('changes nothing while nobody knows what the path carries', () => {
    expect(run(INITIAL_ADAPT_STATE, 0, 600, null, true)).toEqual(INITIAL_ADAPT_STATE);
  });

  const look = fc.record({
    estimateBps: fc.option(fc.integer({ min: 0, max: 3_000_000 })),
    behind: fc.boolean(),
    seconds: fc.integer({ min: 1, max: 40 }),
  });

  it('stays within its levels, goes one at a time, and never twice within its waits', () => {
    fc.assert(
      fc.property(fc.array(look, { maxLength: 40 }), (looks) => {
        let state = INITIAL_ADAPT_STATE;
        let second = 0;
        let changedAt = -Infinity;
        for (const { estimateBps, behind, seconds } of looks) {
          for (let i = 0; i < seconds; i++, second++) {
            const before = state.level;
            state = run(state, second, 1, estimateBps, behind);
            expect(state.level).toBeGreaterThanOrEqual(0);
            expect(state.level).toBeLessThan(RATES.length);
            if (state.level === before) continue;
            expect(Math.abs(state.level - before)).toBe(1);
            expect((second - changedAt) * 1_000).toBeGreaterThanOrEqual(DROP_AFTER_MS);
            changedAt = second;
          }
        }
      }),
    );
  });
});
