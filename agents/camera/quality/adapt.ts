/**
 * Which of a viewer's levels it can bear: a pure machine.
 *
 * Level 0 is what the viewer asked for, the last one is keyframes only. A level is left for a lower one
 * when the path has carried too little for `DROP_AFTER_MS`, and for a higher one when it could have
 * carried that one for a while. An estimate seldom exceeds what is being sent, so after a longer while
 * without trouble the higher level is simply tried. Both whiles double each time the higher level turns
 * out to be too much, so that a path between two levels does not swing.
 */
export interface AdaptState {
  readonly level: number;
  /** Since when the path carries too little; null while it does not. */
  readonly shortSinceMs: number | null;
  /** Since when the path carries enough for the level above; null while it does not. */
  readonly ampleSinceMs: number | null;
  /** Since when there was no trouble at this level; null while there is. */
  readonly calmSinceMs: number | null;
  /** How long it has to before the viewer goes up. */
  readonly holdMs: number;
  /** When the viewer last went up. */
  readonly roseAtMs: number | null;
}

export interface AdaptInput {
  readonly nowMs: number;
  /** What the path carries, bit per second; null while nobody knows: nothing changes then. */
  readonly estimateBps: number | null;
  /** Bit rates of the levels, the highest first. */
  readonly ratesBps: readonly number[];
  /** The viewer is so far behind that frames are being left out. */
  readonly behind: boolean;
}

export const DROP_AFTER_MS = 3_000;
export const FIRST_HOLD_MS = 10_000;
export const MAX_HOLD_MS = 160_000;
/** A level above that nothing speaks for is tried after so many holds. */
export const TRY_HOLDS = 6;
/** A level that is left so soon after it was reached was too much. */
const RELAPSE_MS = 30_000;
/** An estimate this much below the rate is no noise. */
const SHORT = 0.95;
/** A higher level needs this much more than its rate. */
const AMPLE = 1.3;

export const INITIAL_ADAPT_STATE: AdaptState = {
  level: 0,
  shortSinceMs: null,
  ampleSinceMs: null,
  calmSinceMs: null,
  holdMs: FIRST_HOLD_MS,
  roseAtMs: null,
};

export function adapt(state: AdaptState, input: AdaptInput): AdaptState {
  const { nowMs, estimateBps, ratesBps, behind } = input;
  const last = Math.max(0, ratesBps.length - 1);
  const level = Math.min(state.level, last);
  if (estimateBps === null) {
    return { ...state, level, shortSinceMs: null, ampleSinceMs: null, calmSinceMs: null };
  }
  const short = behind || estimateBps < (ratesBps[level] ?? 0) * SHORT;
  const ample = !short && level > 0 && estimateBps >= (ratesBps[level - 1] ?? Infinity) * AMPLE;
  const next: AdaptState = {
    ...state,
    level,
    shortSinceMs: short ? (state.shortSinceMs ?? nowMs) : null,
    ampleSinceMs: ample ? (state.ampleSinceMs ?? nowMs) : null,
    calmSinceMs: short ? null : (state.calmSinceMs ?? nowMs),
  };
  if (short && level < last && lasts(next.shortSinceMs, DROP_AFTER_MS, nowMs)) {
    const relapsed = state.roseAtMs !== null && nowMs - state.roseAtMs < RELAPSE_MS;
    const holdMs = relapsed ? Math.min(state.holdMs * 2, MAX_HOLD_MS) : state.holdMs;
    return { ...next, level: level + 1, shortSinceMs: null, holdMs };
  }
  const { holdMs } = state;
  const mayRise =
    lasts(next.ampleSinceMs, holdMs, nowMs) || lasts(next.calmSinceMs, holdMs * TRY_HOLDS, nowMs);
  if (level > 0 && mayRise) {
    return { ...next, level: level - 1, ampleSinceMs: null, calmSinceMs: null, roseAtMs: nowMs };
  }
  // A level that was borne for long earns its trust back.
  return lasts(state.roseAtMs, MAX_HOLD_MS, nowMs)
    ? { ...next, holdMs: FIRST_HOLD_MS, roseAtMs: null }
    : next;
}

function lasts(sinceMs: number | null, forMs: number, nowMs: number): boolean {
  return sinceMs !== null && nowMs - sinceMs >= forMs;
}
