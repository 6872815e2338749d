import type { Impairment } from '../../../net/impaired-link';
import { LiveRun } from '../../../net/live-run';

const LINK = { rate: 2500, queueBytes: 1e9, queueMs: 200 };

/**
 * Frames of a live stream that lost a packet are late by little more than the round trip that its
 * repetition takes: the bounds are p50 and p95 in ms. Virtual time, so the figures are exact.
 */
const PATHS: readonly (readonly [string, Impairment, number, number])[] = [
  ['1 % loss at 50 ms', { ...LINK, delayMs: 25, loss: 0.01 }, 32, 95],
  ['3 % loss at 50 ms', { ...LINK, delayMs: 25, loss: 0.03 }, 35, 110],
  ['bursts of loss at 50 ms', { ...LINK, delayMs: 25, loss: 0.02, lossBurst: 4 }, 32, 105],
  [
    '2 % loss and jitter at 100 ms',
    { ...LINK, delayMs: 50, jitterMs: 20, keepsOrder: true, loss: 0.02 },
    80,
    240,
  ],
  ['a bottleneck of 3 Mbit/s at 60 ms', { ...LINK, rate: 375, delayMs: 30 }, 58, 210],
];

describe('a live stream', () => {
  it.each(PATHS)('stays close to the camera on a path with %s', (_name, path, p50, p95) => {
    const run = new LiveRun(path, 2);
    run.run(30);
    run.pair.clock.advance(2000);
    expect(run.latenciesMs).toHaveLength(30 * 25);
    expect(run.percentileMs(0.5)).toBeLessThan(p50);
    expect(run.percentileMs(0.95)).toBeLessThan(p95);
  });

  it('costs few acknowledgements, and hardly a repetition that was not needed', () => {
    const run = new LiveRun({ ...LINK, delayMs: 25, loss: 0.01 });
    run.run(20);
    const { up, down } = run.pair;
    expect(up.counters.sent / down.counters.sent).toBeLessThan(0.2);
    const { packetsLost } = run.pair.camera.session!.stats;
    expect(packetsLost).toBeLessThanOrEqual(down.counters.lost);
  });
});

describe('the bandwidth estimate', () => {
  it('is unknown before anything was acknowledged', () => {
    const run = new LiveRun({ delayMs: 25 });
    expect(run.stream.estimate().rateBps).toBeNull();
  });

  it('finds a bottleneck that the stream hardly fits, within a few per cent', () => {
    const run = new LiveRun({ ...LINK, rate: 250, delayMs: 25 });
    run.run(10);
    const { rateBps, rttMs, minRttMs } = run.stream.estimate();
    expect(rateBps).toBeGreaterThan(1_850_000);
    expect(rateBps).toBeLessThanOrEqual(2_000_000);
    expect(minRttMs).toBeGreaterThanOrEqual(50);
    expect(rttMs).toBeGreaterThanOrEqual(minRttMs!);
  });

  it('is a lower bound, and says so, where the stream does not fill the path', () => {
    const run = new LiveRun({ ...LINK, delayMs: 25 });
    run.run(10);
    const { rateBps, appLimited } = run.stream.estimate();
    expect(appLimited).toBe(true);
    expect(rateBps).toBeGreaterThan(2_000_000);
  });

  it('follows a path that becomes narrow, and one that becomes wide again', () => {
    const run = new LiveRun({ ...LINK, delayMs: 25 });
    run.run(5);
    run.pair.down.impairment = { ...LINK, rate: 125, delayMs: 25 };
    run.run(6);
    const narrow = run.stream.estimate();
    expect(narrow.rateBps).toBeLessThan(1_050_000);
    expect(narrow.appLimited).toBe(false);
    run.pair.down.impairment = { ...LINK, delayMs: 25 };
    run.run(6);
    expect(run.stream.estimate().rateBps).toBeGreaterThan(2_000_000);
  });
});
