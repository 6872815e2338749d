/** How much waits to be sent: below the low mark, between the marks, above the high one. */
export type WaterLevel = -1 | 0 | 1;

/** How much the source is to send. */
export type TalkProfile = 'high' | 'low';

export interface WaterMarks {
  /** Bytes; the seed's 0 and 500 KB. */
  readonly lowBytes: number;
  readonly highBytes: number;
  /** How long a level must last before it counts, in ms; the seed's 3 s. */
  readonly holdMs: number;
}

export interface WaterState {
  readonly profile: TalkProfile;
  readonly level: WaterLevel;
  readonly sinceMs: number;
}

export const DEFAULT_WATER_MARKS: WaterMarks = {
  lowBytes: 0,
  highBytes: 500_000,
  holdMs: 3_000,
};

export function initialWaterState(nowMs: number): WaterState {
  return { profile: 'high', level: -1, sinceMs: nowMs };
}

/**
 * Too much waiting for 3 s asks for the low profile, none of that for 3 s for the high one again; what
 * lies between the marks counts as none.
 * @param bufferedBytes what was written and is not sent yet.
 */
export function waterMachine(
  state: WaterState,
  bufferedBytes: number,
  nowMs: number,
  marks: WaterMarks = DEFAULT_WATER_MARKS,
): WaterState {
  const level: WaterLevel =
    bufferedBytes > marks.highBytes ? 1 : bufferedBytes <= marks.lowBytes ? -1 : 0;
  const sameSide = level > 0 === state.level > 0;
  const sinceMs = sameSide ? state.sinceMs : nowMs;
  const isDue = nowMs - sinceMs >= marks.holdMs;
  const profile: TalkProfile = isDue ? (level > 0 ? 'low' : 'high') : state.profile;
  if (level === state.level && sinceMs === state.sinceMs && profile === state.profile) return state;
  return { profile, level, sinceMs };
}
