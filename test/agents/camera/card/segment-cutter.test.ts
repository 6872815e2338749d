import fc from 'fast-check';
import { SegmentCutter } from '../../../../agents/camera/card/segment-cutter';
import type { Placement } from '../../../../agents/camera/card/segment-cutter';

const WALL_MS = 1_700_000_000_000;

/** A source of 10 pictures per second, with a keyframe each second. */
class Source {
  nowMs = 1_000;
  timeMs = 70_000;
  wallStepMs = 0;
  private step = 0;
  readonly begun: string[] = [];
  readonly starts: number[] = [];
  readonly ends: number[] = [];

  constructor(readonly cutter: SegmentCutter) {}

  frames(count: number, stepMs = 100, passMs = stepMs): Placement[] {
    return Array.from({ length: count }, () => {
      const placement = this.cutter.next({
        timeMs: this.timeMs,
        canStart: this.step++ % 10 === 0,
        wallMs: WALL_MS + this.nowMs + this.wallStepMs,
        nowMs: this.nowMs,
      });
      if (placement.endMs !== null) this.ends.push(placement.endMs - WALL_MS);
      if (placement.start) {
        this.begun.push(placement.start.cause);
        this.starts.push(placement.start.startMs - WALL_MS);
      }
      this.timeMs += stepMs;
      this.nowMs += passMs;
      return placement;
    });
  }
}

describe('SegmentCutter', () => {
  let source: Source;
  beforeEach(() => (source = new Source(new SegmentCutter(3_000))));

  it('cuts at keyframes, without a gap', () => {
    const placements = source.frames(75);
    expect(source.begun).toEqual(['start', 'next', 'next']);
    expect(source.starts).toEqual([1_000, 4_000, 7_000]);
    expect(source.ends).toEqual([4_000, 7_000]);
    expect(placements.map((one) => one.timestampMs).slice(28, 33)).toEqual([
      2_800, 2_900, 0, 100, 200,
    ]);
  });

  it('begins with a keyframe', () => {
    source.cutter.next({ timeMs: 0, canStart: false, wallMs: WALL_MS, nowMs: 0 });
    source.frames(1);
    const late = source.cutter.next({
      ...{ timeMs: source.timeMs - 150, canStart: false },
      ...{ wallMs: WALL_MS + source.nowMs, nowMs: source.nowMs },
    });
    expect(source.begun).toEqual(['start']);
    expect(late.timestampMs).toBeNull();
  });

  it('waits for the next keyframe when a segment is large enough early', () => {
    const cutter = new SegmentCutter(60_000);
    const next = (ms: number, canStart: boolean, full: boolean): Placement =>
      cutter.next({ timeMs: ms, canStart, wallMs: WALL_MS + ms, nowMs: ms }, full);
    next(0, true, false);
    expect(next(100, false, true).start).toBeNull();
    expect(next(200, true, true).start).toEqual({ startMs: WALL_MS + 200, cause: 'next' });
  });

  it.each([
    ['forward', 3_600_000],
    ['back', -3_600_000],
  ])('begins anew when the clock is set %s', (_direction, stepMs) => {
    source.frames(15);
    source.wallStepMs = stepMs;
    const placements = source.frames(10);
    expect(source.ends).toEqual([2_440]);
    expect(source.begun).toEqual(['start', 'clock']);
    expect(source.starts[1]).toBe(3_000 + stepMs);
    // Frames before the next keyframe cannot be decoded.
    expect(placements.findIndex(({ timestampMs }) => timestampMs !== null)).toBe(5);
  });

  it('begins anew after a gap of the source', () => {
    source.frames(10);
    source.timeMs += 5_000;
    source.nowMs += 5_000;
    source.frames(10);
    expect(source.begun).toEqual(['start', 'gap']);
    expect(source.ends).toEqual([1_940]);
    expect(source.starts[1]).toBe(7_000);
  });

  it('takes a burst for what it is: late delivery', () => {
    source.frames(10);
    source.nowMs += 5_000;
    source.frames(50, 100, 0);
    source.frames(60);
    expect(source.begun).not.toContain('gap');
    expect(source.begun).not.toContain('clock');
    // 50 ms at the most towards a source that was late for a whole segment.
    expect(source.starts).toEqual([1_000, 4_000, 7_050, 10_000]);
  });

  it('notices that a source has left something out without telling', () => {
    source.frames(10);
    source.nowMs += 4_000;
    source.frames(80);
    expect(source.begun).toEqual(['start', 'next', 'gap']);
    expect(source.starts[2]).toBe(source.ends[1]! - 40 + 100 + 4_000);
  });

  it('follows a wall clock that is slower or faster than the source', () => {
    source.frames(3_000, 100, 100.05);
    expect(new Set(source.begun.slice(1))).toEqual(new Set(['next']));
    const driftMs = source.nowMs - 1_000 - 300_000;
    expect(driftMs).toBeGreaterThan(100);
    expect(source.starts.at(-1)! - (297_000 + 1_000)).toBeGreaterThan(driftMs - 50);
    expect(source.ends).toEqual(source.starts.slice(1));
  });

  it('ends a segment that sees no keyframe any more', () => {
    source.frames(10);
    for (let i = 0; i < 300; i++) {
      source.timeMs += 100;
      source.nowMs += 100;
      const { timeMs, nowMs } = source;
      source.cutter.next({ timeMs, canStart: false, wallMs: WALL_MS + nowMs, nowMs });
    }
    expect(source.cutter.stop('gap')).toBeNull();
  });

  it('tells why the next one begins after a stop', () => {
    source.frames(10);
    expect(source.cutter.stop('format')).toBe(WALL_MS + 1_940);
    expect(source.cutter.stop('gap')).toBeNull();
    source.frames(10);
    expect(source.begun).toEqual(['start', 'format']);
  });

  it('never lets segments overlap while the wall clock runs steadily', () => {
    const action = fc.oneof(
      fc.record({
        frames: fc.integer({ min: 1, max: 80 }),
        passMs: fc.integer({ min: 0, max: 300 }),
      }),
      fc.record({ skipMs: fc.integer({ min: 0, max: 20_000 }) }),
      fc.record({ stallMs: fc.integer({ min: 0, max: 20_000 }) }),
      fc.record({ stop: fc.constantFrom('gap' as const, 'format' as const) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
        const random = new Source(new SegmentCutter(3_000));
        for (const one of actions) {
          if ('frames' in one) random.frames(one.frames, 100, Math.max(100, one.passMs));
          else if ('skipMs' in one) {
            random.timeMs += one.skipMs;
            random.nowMs += one.skipMs;
          } else if ('stallMs' in one) random.nowMs += one.stallMs;
          else {
            const endMs = random.cutter.stop(one.stop);
            if (endMs !== null) random.ends.push(endMs - WALL_MS);
          }
        }
        random.starts.forEach((startMs, at) => {
          expect(random.ends[at] ?? Infinity).toBeGreaterThan(startMs);
          if (at > 0) expect(startMs).toBeGreaterThanOrEqual(random.ends[at - 1]!);
        });
      }),
    );
  });
});
