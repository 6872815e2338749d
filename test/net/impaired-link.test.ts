import { ImpairedLink } from './impaired-link';
import type { Impairment } from './impaired-link';
import { SeededRandom } from './seeded-random';
import { VirtualClock } from './virtual-clock';

const PACKETS = 20_000;

interface Arrival {
  readonly number: number;
  readonly atMs: number;
}

/** Sends numbered packets of 1000 bytes, one per `intervalMs`. */
function send(impairment: Impairment, intervalMs = 1, packets = PACKETS, seed = 1) {
  const clock = new VirtualClock();
  const link = new ImpairedLink(clock, new SeededRandom(seed), impairment);
  const arrivals: Arrival[] = [];
  for (let number = 0; number < packets; number++) {
    clock.setTimer(number * intervalMs, () => {
      link.carry(1000, () => arrivals.push({ number, atMs: clock.nowMs() }));
    });
  }
  clock.advance(packets * intervalMs + 100_000);
  return { link, arrivals };
}

const delaysOf = (arrivals: readonly Arrival[], intervalMs = 1) =>
  arrivals.map(({ number, atMs }) => atMs - number * intervalMs);

const overtakes = (arrivals: readonly Arrival[]) =>
  arrivals.filter(({ number }, i) => i > 0 && number < arrivals[i - 1]!.number).length;

/** Lengths of the runs of numbers that did not arrive. */
function lossRuns(arrivals: readonly Arrival[], packets = PACKETS): number[] {
  const arrived = new Set(arrivals.map(({ number }) => number));
  const runs: number[] = [];
  let run = 0;
  for (let number = 0; number < packets; number++) {
    if (!arrived.has(number)) run++;
    else if (run > 0) {
      runs.push(run);
      run = 0;
    }
  }
  return runs;
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe('ImpairedLink', () => {
  it('delays every packet alike and keeps their order', () => {
    const { arrivals } = send({ delayMs: 25 });
    expect(arrivals).toHaveLength(PACKETS);
    expect(new Set(delaysOf(arrivals))).toEqual(new Set([25]));
  });

  it('adds jitter evenly, and packets overtake each other', () => {
    const { arrivals } = send({ delayMs: 20, jitterMs: 10 });
    const delays = delaysOf(arrivals);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(20);
    expect(Math.max(...delays)).toBeLessThan(30);
    expect(mean(delays)).toBeCloseTo(25, 1);
    expect(overtakes(arrivals)).toBeGreaterThan(1000);
  });

  it('keeps the order under jitter when told to', () => {
    const { arrivals } = send({ delayMs: 20, jitterMs: 10, keepsOrder: true });
    expect(arrivals).toHaveLength(PACKETS);
    expect(overtakes(arrivals)).toBe(0);
    expect(Math.max(...delaysOf(arrivals))).toBeLessThan(30);
  });

  it('lets the given share of packets overtake', () => {
    const { link, arrivals } = send({ delayMs: 20, reorder: 0.05 });
    expect(link.counters.reordered / PACKETS).toBeCloseTo(0.05, 2);
    expect(delaysOf(arrivals).filter((delay) => delay === 0)).toHaveLength(link.counters.reordered);
  });

  it('loses the given share of packets, independently of each other', () => {
    const { link, arrivals } = send({ loss: 0.1 });
    expect(link.counters.lost).toBe(PACKETS - arrivals.length);
    expect(link.counters.lost / PACKETS).toBeCloseTo(0.1, 2);
    expect(mean(lossRuns(arrivals))).toBeCloseTo(1 / 0.9, 1);
  });

  it.each([2, 4, 10])('loses packets in runs of %d on average', (lossBurst) => {
    const packets = 10 * PACKETS;
    const { link, arrivals } = send({ loss: 0.05, lossBurst }, 1, packets);
    expect(link.counters.lost / packets).toBeGreaterThan(0.045);
    expect(link.counters.lost / packets).toBeLessThan(0.055);
    const length = mean(lossRuns(arrivals, packets));
    expect(length).toBeGreaterThan(lossBurst * 0.93);
    expect(length).toBeLessThan(lossBurst * 1.07);
  });

  it('loses everything at a loss of 1, runs or not', () => {
    expect(send({ loss: 1, lossBurst: 5 }, 1, 100).arrivals).toEqual([]);
  });

  it('delivers the given share of packets twice', () => {
    const { link, arrivals } = send({ duplicate: 0.03 });
    expect(link.counters.duplicated).toBe(arrivals.length - PACKETS);
    expect(link.counters.duplicated / PACKETS).toBeCloseTo(0.03, 2);
  });

  it('serves packets at its rate, and drops what does not fit its queue', () => {
    // 1000 bytes per ms are offered, half of which passes.
    const { link, arrivals } = send({ rate: 500, queueBytes: 20_000 }, 1, 1000);
    expect(arrivals.length).toBeGreaterThan(500);
    expect(arrivals.length).toBeLessThan(530);
    expect(link.counters.overflowed).toBe(1000 - arrivals.length);
    const gaps = arrivals.slice(1).map(({ atMs }, i) => atMs - arrivals[i]!.atMs);
    expect(Math.min(...gaps)).toBeCloseTo(2, 6);
    // The whole queue and the packet itself.
    expect(Math.max(...delaysOf(arrivals))).toBeLessThanOrEqual(20_000 / 500 + 2);
  });

  it('limits its queue in time, too', () => {
    const { arrivals } = send({ rate: 500, queueBytes: 1e9, queueMs: 30 }, 1, 1000);
    expect(Math.max(...delaysOf(arrivals))).toBeLessThanOrEqual(32);
    expect(Math.max(...delaysOf(arrivals))).toBeGreaterThan(28);
  });

  it('can be changed at any time', () => {
    const clock = new VirtualClock();
    const link = new ImpairedLink(clock, new SeededRandom(1), { loss: 1 });
    let arrived = 0;
    link.carry(1, () => arrived++);
    link.impairment = { delayMs: 5 };
    link.carry(1, () => arrived++);
    clock.advance(5);
    expect(arrived).toBe(1);
  });

  it('hands each copy of a packet to its receiver, whatever the sender does with its own', () => {
    const clock = new VirtualClock();
    const got: Uint8Array[] = [];
    const link = new ImpairedLink(clock, new SeededRandom(1), { duplicate: 1 }, (packet) => {
      got.push(packet.slice());
      packet.fill(0);
    });
    const packet = Uint8Array.of(1, 2);
    link.send(packet);
    packet.fill(9);
    clock.advance(0);
    expect(got).toEqual([Uint8Array.of(1, 2), Uint8Array.of(1, 2)]);
  });
});
