import { MotionMeter } from '../../../../agents/camera/card/motion-meter';
import type { Motion } from '../../../../agents/camera/card/motion-meter';
import { SeededRandom } from '../../../net/seeded-random';

const STEP_MS = 66;
const START_MS = Date.UTC(2026, 10, 22);

/** Pictures of about so many bytes at a time, with a large keyframe each second. */
function watch(bytesAt: (ms: number) => number, lengthMs: number): Motion[] {
  const meter = new MotionMeter();
  const random = new SeededRandom(5);
  const found: Motion[] = [];
  for (let i = 0; i * STEP_MS < lengthMs; i++) {
    const isKeyframe = i % 15 === 0;
    const bytes = isKeyframe ? 20_000 : bytesAt(i * STEP_MS) * (0.7 + 0.6 * random.next());
    const motion = meter.next(START_MS + i * STEP_MS, Math.round(bytes), isKeyframe);
    if (motion) found.push(motion);
  }
  return found;
}

const within = (ms: number, from: number, to: number): boolean => ms >= from && ms < to;

describe('MotionMeter', () => {
  it('sees nothing in a picture that stands, nor in one that always moves', () => {
    expect(watch(() => 400, 120_000)).toEqual([]);
    expect(watch(() => 4_000, 120_000)).toEqual([]);
  });

  it('tells when something moved, and for how long', () => {
    const found = watch(
      (ms) => (within(ms, 20_000, 26_000) || within(ms, 60_000, 70_000) ? 3_000 : 400),
      100_000,
    );
    expect(found).toHaveLength(2);
    for (const [i, [fromMs, lengthMs]] of [
      [20_000, 6_000],
      [60_000, 10_000],
    ].entries()) {
      expect(Math.abs(found[i]!.startMs - START_MS - fromMs!)).toBeLessThan(1_500);
      expect(Math.abs(found[i]!.durationMs - lengthMs!)).toBeLessThan(2_500);
    }
  });

  it('does not take a flicker for motion, and joins motions with a short rest between', () => {
    expect(watch((ms) => (within(ms, 30_000, 30_100) ? 4_000 : 400), 60_000)).toEqual([]);
    const joined = watch(
      (ms) => (within(ms, 30_000, 33_000) || within(ms, 34_500, 38_000) ? 3_000 : 400),
      60_000,
    );
    expect(joined).toHaveLength(1);
  });

  it('gets used to what does not end', () => {
    const found = watch((ms) => (ms > 20_000 ? 3_000 : 400), 300_000);
    expect(found).toHaveLength(1);
    expect(found[0]!.durationMs).toBeLessThanOrEqual(60_100);
  });

  it('ends a motion where the recording breaks off', () => {
    const meter = new MotionMeter();
    for (let i = 0; i < 100; i++) meter.next(i * 100, i < 80 ? 400 : 4_000, false);
    expect(meter.next(60_000, 400, true)?.startMs).toBeGreaterThanOrEqual(8_000);
    expect(meter.next(60_100, 400, false)).toBeNull();
  });
});
