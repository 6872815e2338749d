import { changedMarkedly } from '../../../services/player/feed-figures';
import { streamTimings } from '../../../services/player/player-timings';
import { StreamMeter } from '../../../services/player/stream-meter';
import { frame } from './player-world';

describe('StreamMeter', () => {
  const feed = (arrivals: readonly (readonly [nowMs: number, streamMs: number])[], everyMs = 1) => {
    const meter = new StreamMeter();
    for (const [nowMs, streamMs] of arrivals) {
      meter.onTags([frame(streamMs, streamMs % everyMs === 0)], nowMs);
      meter.onBytes(1_000, nowMs);
    }
    return meter;
  };

  it('measures how late the newest data come, whatever the two clocks say', () => {
    expect(feed([[5_000, 90_000]]).stats(5_000).driftMs).toBe(0);
    const late = feed([
      [5_000, 90_000],
      [5_040, 90_040],
      [5_380, 90_080],
    ]);
    expect(late.stats(5_380).driftMs).toBe(300);
  });

  it('does not take a group of pictures that came at once for late', () => {
    const burst = feed([
      [100, 0],
      [100, 40],
      [100, 80],
      [140, 120],
    ]);
    expect(burst.stats(140).driftMs).toBe(0);
  });

  it('begins anew where the camera’s clock jumps', () => {
    const jumped = feed([
      [0, 50_000],
      [40, 0],
      [80, 40],
    ]);
    expect(jumped.stats(80)).toMatchObject({ driftMs: 0, frames: 3 });
  });

  it('gives the rates of the last window', () => {
    const meter = feed([[0, 0]]);
    meter.stats(0);
    for (let ms = 40; ms <= 1_000; ms += 40) {
      meter.onTags([frame(ms, false)], ms);
      meter.onBytes(1_000, ms);
    }
    expect(meter.stats(1_000)).toMatchObject({ bitrateBps: 200_000, framesPerS: 25, chunks: 26 });
  });

  it('knows the longest of the latest distances between keyframes', () => {
    const times = [0, 500, 1_000, 3_000, 3_500, 4_000, 4_500].map((ms) => [ms, ms] as const);
    const at = (count: number) => feed(times.slice(0, count)).stats(9_999).keyframeIntervalMs;
    expect([at(1), at(3), at(4), at(6), at(7)]).toEqual([null, 500, 2_000, 2_000, 500]);
  });

  it('counts bytes as a sign of life only where there are no pictures', () => {
    const meter = new StreamMeter();
    meter.onBytes(10, 50);
    expect(meter.latestMs).toBe(50);
    meter.onTags([frame(0, true)], 60);
    meter.onBytes(10, 5_000);
    // Sound goes on, the picture does not.
    expect(meter.latestMs).toBe(60);
  });
});

describe('streamTimings', () => {
  it('waits the usual times while nothing is known', () => {
    expect(streamTimings({ keyframeIntervalMs: null, rttMs: null })).toEqual({
      firstDataMs: 10_000,
      firstFrameMs: 10_000,
      silenceMs: 8_000,
      stallMs: 10_000,
    });
  });

  it('follows both, within limits', () => {
    expect(streamTimings({ keyframeIntervalMs: 4_000, rttMs: 500 })).toEqual({
      firstDataMs: 10_000,
      firstFrameMs: 14_000,
      silenceMs: 10_000,
      stallMs: 12_000,
    });
    expect(streamTimings({ keyframeIntervalMs: 100, rttMs: 1 }).silenceMs).toBe(4_000);
    expect(streamTimings({ keyframeIntervalMs: 3_600_000, rttMs: 60_000 })).toEqual({
      firstDataMs: 20_000,
      firstFrameMs: 40_000,
      silenceMs: 20_000,
      stallMs: 20_000,
    });
  });

  it('changes only for figures that differ by more than noise', () => {
    const known = { keyframeIntervalMs: 1_000, rttMs: 20 };
    expect(changedMarkedly(known, { keyframeIntervalMs: 1_040, rttMs: 60 })).toBe(false);
    expect(changedMarkedly(known, { keyframeIntervalMs: 2_000, rttMs: 20 })).toBe(true);
    expect(changedMarkedly(known, { keyframeIntervalMs: 1_000, rttMs: null })).toBe(true);
  });
});
