/** The inner commands that change the speed, and what they take. */
export interface SpeedCommand {
  readonly cmd: 'playback_speed' | 'playback_ff';
  /** `playback_speed`: ms per picture; `playback_ff`: every n-th keyframe; 0 is normal. */
  readonly speed: number;
}

export interface SpeedFeatures {
  /** It has `playback_speed`: every picture is shown for so long. */
  readonly intervals: boolean;
  /** The most that `playback_ff` takes; 1 where it has none. */
  readonly maxKeyframeStep: number;
}

const SLOW = 0.5;
const FAST = [2, 4, 8];

/** How many times as fast such a camera can play; 1 among them, in order. */
export function speedsOf({ intervals, maxKeyframeStep }: SpeedFeatures): readonly number[] {
  const fast = FAST.filter((speed) => speed <= maxKeyframeStep || (intervals && speed === 2));
  return [...(intervals ? [SLOW] : []), 1, ...fast];
}

/**
 * What to send for a speed; null where it cannot be had in this stream.
 * @param last the command that is in force; null for none
 * @param frameIntervalMs how long a picture is shown normally; null where that is not known
 */
export function speedCommand(
  speed: number,
  { intervals, maxKeyframeStep }: SpeedFeatures,
  last: SpeedCommand['cmd'] | null,
  frameIntervalMs: number | null,
): SpeedCommand | null {
  // What is in force is undone by its own command: firmware may keep the two apart.
  if (speed === 1) return { cmd: last ?? 'playback_ff', speed: 0 };
  const byInterval = intervals && frameIntervalMs !== null && speed <= 2;
  if (byInterval) {
    return { cmd: 'playback_speed', speed: Math.max(1, Math.round(frameIntervalMs / speed)) };
  }
  return speed > 1 && speed <= maxKeyframeStep ? { cmd: 'playback_ff', speed } : null;
}
