import { LiveEdge } from '@components/player-surface/live-edge';
import type { EdgeDecision } from '@components/player-surface/live-edge';

/** Plays a stream that grows in real time; a test bends it. */
class Playback {
  readonly edge = new LiveEdge();
  nowMs = 0;
  currentTimeS = 0;
  ranges: { startS: number; endS: number }[] = [{ startS: 0, endS: 0.5 }];
  paused = false;
  stuck = false;
  growing = true;
  last: EdgeDecision = { playbackRate: 1, seekToS: null, stalled: false, latencyS: 0 };
  readonly seeks: number[] = [];

  run(durationMs: number): this {
    for (let t = 0; t < durationMs; t += 50) {
      this.nowMs += 50;
      const newest = this.ranges[this.ranges.length - 1]!;
      if (this.growing) newest.endS += 0.05;
      const range = this.ranges.find(
        ({ startS, endS }) => startS <= this.currentTimeS && this.currentTimeS <= endS,
      );
      if (!this.paused && !this.stuck && range !== undefined) {
        const next = this.currentTimeS + 0.05 * this.last.playbackRate;
        this.currentTimeS = Math.min(next, range.endS);
      }
      const { nowMs, currentTimeS, ranges, paused } = this;
      this.last = this.edge.update({ nowMs, currentTimeS, ranges, paused });
      if (this.last.seekToS !== null) {
        this.seeks.push(this.last.seekToS);
        this.currentTimeS = this.last.seekToS;
      }
    }
    return this;
  }
}

describe('LiveEdge', () => {
  it('leaves a picture that is close to the newest data alone', () => {
    const playback = new Playback().run(5_000);
    expect(playback.last).toMatchObject({ playbackRate: 1, seekToS: null, stalled: false });
    expect(playback.last.latencyS).toBeCloseTo(0.5, 1);
  });

  it('catches up gently with a backlog of 2 s, to less than 1 s', () => {
    const playback = new Playback();
    playback.ranges[0]!.endS = 2.5;
    playback.run(200);
    expect(playback.last.playbackRate).toBeGreaterThan(1.2);
    expect(playback.last.playbackRate).toBeLessThanOrEqual(1.5);
    playback.run(20_000);
    expect(playback.seeks).toEqual([]);
    expect(playback.last.latencyS).toBeLessThan(0.6);
    expect(playback.last.playbackRate).toBe(1);
  });

  it('jumps when it is more than 4 s behind', () => {
    const playback = new Playback();
    playback.ranges[0]!.endS = 6;
    playback.run(50);
    expect(playback.seeks).toEqual([expect.closeTo(5.55, 1)]);
  });

  it('jumps also while it is paused, so that the buffer stays small', () => {
    const playback = new Playback();
    playback.paused = true;
    playback.run(60_000);
    expect(playback.last.latencyS).toBeLessThan(4.1);
    expect(playback.last.stalled).toBe(false);
  });

  it('jumps when somebody looks again, however little was missed', () => {
    const playback = new Playback();
    playback.ranges[0]!.endS = 2.5;
    const { nowMs, currentTimeS, ranges, paused, edge } = playback;
    const view = { nowMs, currentTimeS, ranges, paused, returning: true };
    expect(edge.update(view).seekToS).toBeCloseTo(2);
    expect(edge.update({ ...view, currentTimeS: 2 }).seekToS).toBeNull();
  });

  it('jumps over a gap in front of which it is stuck', () => {
    const playback = new Playback();
    playback.ranges = [
      { startS: 0, endS: 0.6 },
      { startS: 1, endS: 1.4 },
    ];
    playback.run(1_500);
    expect(playback.seeks).toEqual([1.001]);
  });

  it('jumps to data that begins after its position', () => {
    const playback = new Playback();
    playback.ranges = [{ startS: 0.3, endS: 1 }];
    playback.run(400);
    expect(playback.seeks[0]).toBeCloseTo(0.301);
  });

  it('tells that the picture stands still, and that it moves again', () => {
    const playback = new Playback().run(1_000);
    playback.growing = false;
    playback.run(1_900);
    expect(playback.last.stalled).toBe(false);
    playback.run(600);
    expect(playback.last.stalled).toBe(true);
    playback.growing = true;
    playback.run(200);
    expect(playback.last.stalled).toBe(false);
  });

  it('pushes a picture on that stands still with data ahead', () => {
    const playback = new Playback().run(1_000);
    playback.stuck = true;
    playback.run(1_700);
    expect(playback.seeks).toHaveLength(1);
    expect(playback.last.latencyS).toBeLessThan(1.2);
  });

  it('leaves more room after stalls, less after quiet times, and never 1 s', () => {
    const playback = new Playback();
    for (let i = 0; i < 5; i++) {
      playback.growing = false;
      playback.run(3_000);
      playback.growing = true;
      playback.ranges[0]!.endS += 3;
      playback.run(20_000);
    }
    const { latencyS } = playback.last;
    expect(latencyS).toBeGreaterThan(0.55);
    expect(latencyS).toBeLessThan(1);
    playback.ranges[0]!.endS += 1;
    playback.run(180_000);
    playback.ranges[0]!.endS += 1;
    playback.run(20_000);
    expect(playback.last.latencyS).toBeLessThan(latencyS);
  });

  it('does nothing without data', () => {
    const playback = new Playback();
    const { nowMs, currentTimeS, paused } = playback;
    expect(playback.edge.update({ nowMs, currentTimeS, paused, ranges: [] })).toEqual({
      playbackRate: 1,
      seekToS: null,
      stalled: false,
      latencyS: 0,
    });
  });
});
