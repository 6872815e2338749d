import fc from 'fast-check';
import { OnDemand } from '../../../../agents/camera/quality/on-demand';
import { RateMeter } from '../../../../agents/camera/quality/rate-meter';
import { bandwidthOf } from '../../../../agents/camera/quality/bandwidth';
import { BackOff } from '../../../../agents/camera/back-off';
import { ManualClock } from '../../manual-clock';
import { FakeResponse } from '../fake-response';

describe('OnDemand', () => {
  it('runs whenever somebody uses it, at most the grace longer, and never twice at once', () => {
    const step = fc.record({
      what: fc.constantFrom('use', 'end', 'wait' as const),
      ms: fc.integer({ min: 0, max: 2_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const clock = new ManualClock();
        let running = 0;
        const demand = new OnDemand(
          { start: () => running++, stop: () => Promise.resolve(void running--) },
          clock,
          1_000,
        );
        const uses: (() => void)[] = [];
        let idleSinceMs = -Infinity;
        for (const { what, ms } of steps) {
          if (what === 'use') uses.push(demand.use());
          if (what === 'end' && uses.length > 0) {
            const end = uses.pop()!;
            end();
            end();
            if (uses.length === 0) idleSinceMs = clock.nowMs();
          }
          clock.advance(ms);
          const expected = uses.length > 0 || clock.nowMs() - idleSinceMs < 1_000;
          expect([running, demand.active]).toEqual([expected ? 1 : 0, expected]);
        }
      }),
    );
  });
});

describe('RateMeter', () => {
  it('tells the rate of the last seconds, and forgets older ones', () => {
    const clock = new ManualClock();
    const meter = new RateMeter(clock);
    expect(meter.bps).toBeNull();
    const run = (seconds: number, bytes: number): void => {
      for (let i = 0; i < seconds * 10; i++) {
        meter.add(bytes / 10);
        clock.advance(100);
      }
    };
    run(1, 1_000);
    expect(meter.bps).toBeNull();
    run(9, 1_000);
    expect(meter.bps).toBe(8_000);
    run(6, 4_000);
    expect(meter.bps).toBe(32_000);
    clock.advance(20_000);
    expect(meter.bps).toBe(0);
  });
});

describe('bandwidthOf', () => {
  const response = (rateBps: number | null, appLimited = false): FakeResponse => {
    const fake = new FakeResponse();
    const estimate = { ...fake.estimate(), rateBps, appLimited };
    return Object.assign(fake, { estimate: () => estimate });
  };

  it('is what the path has carried', () => {
    expect(bandwidthOf(response(1_000), 5_000)).toBe(1_000);
    expect(bandwidthOf(response(null), 5_000)).toBeNull();
  });

  it('is no less than what is sent while the path was never filled', () => {
    expect(bandwidthOf(response(1_000, true), 5_000)).toBe(5_000);
    expect(bandwidthOf(response(9_000, true), 5_000)).toBe(9_000);
    expect(bandwidthOf(response(null, true), 5_000)).toBeNull();
  });
});

describe('BackOff', () => {
  it('doubles to half a minute, and begins anew after a good run', () => {
    const clock = new ManualClock();
    const backOff = new BackOff(clock);
    const fail = (): number => {
      backOff.started();
      return backOff.ended();
    };
    expect(Array.from({ length: 7 }, fail)).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
    backOff.started();
    clock.advance(10_000);
    expect(backOff.ended()).toBe(1_000);
  });
});
