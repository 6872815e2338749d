import fc from 'fast-check';
import {
  addDays,
  CameraTime,
  daysInMonth,
  formatTime,
  monthGrid,
  moveByKey,
} from '../../../services/playback';
import { readMonth, readRecordings } from '../../../services/playback/recordings';

const HOUR_MS = 3_600_000;
const zones = [
  'Asia/Shanghai',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'UTC',
];

describe('CameraTime', () => {
  it.each([
    ['Europe/Berlin', { year: 2026, month: 3, day: 29 }, 23],
    ['Europe/Berlin', { year: 2026, month: 10, day: 25 }, 25],
    ['Australia/Lord_Howe', { year: 2026, month: 4, day: 5 }, 24.5],
    // Midnight does not exist on this day.
    ['America/Sao_Paulo', { year: 2018, month: 11, day: 4 }, 23],
    ['Asia/Shanghai', { year: 2026, month: 11, day: 23 }, 24],
  ])('knows how long a day is: %s %p', (zone, date, hours) => {
    const { startMs, endMs } = CameraTime.of(zone).dayOf(date);
    expect((endMs - startMs) / HOUR_MS).toBe(hours);
  });

  it('puts every moment into the day that it names', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom<string | number>(...zones), fc.integer({ min: -720, max: 840 })),
        fc.integer({ min: 1_000_000_000, max: 2_000_000_000 }),
        (zone, unixS) => {
          const time = CameraTime.of(zone);
          const { startMs, endMs } = time.dayOf(time.dateAt(unixS * 1_000));
          expect(startMs).toBeLessThanOrEqual(unixS * 1_000);
          expect(endMs).toBeGreaterThan(unixS * 1_000);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('takes minutes for a zone, and the phone’s zone for a name that is none', () => {
    expect(formatTime(CameraTime.of(480).timeAt(0))).toBe('08:00:00');
    expect(CameraTime.of('Mars/Olympus').zone).toBeNull();
    expect(CameraTime.of(NaN).zone).toBeNull();
  });
});

describe('the calendar', () => {
  const date = fc
    .record({ year: fc.integer({ min: 1971, max: 2100 }), month: fc.integer({ min: 1, max: 12 }) })
    .chain((month) =>
      fc.integer({ min: 1, max: daysInMonth(month) }).map((day) => ({ ...month, day })),
    );

  it('has each day of a month once, under its weekday', () => {
    fc.assert(
      fc.property(date, ({ year, month, day }) => {
        const weeks = monthGrid({ year, month });
        const days = weeks.flat().filter((each) => each !== null);
        expect(days).toEqual(Array.from({ length: daysInMonth({ year, month }) }, (_, i) => i + 1));
        const column = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
        expect(weeks.some((week) => week[column] === day)).toBe(true);
      }),
    );
  });

  it('leads back by the opposite key', () => {
    fc.assert(
      fc.property(date, (from) => {
        expect(moveByKey(moveByKey(from, 'ArrowLeft')!, 'ArrowRight')).toEqual(from);
        expect(moveByKey(moveByKey(from, 'ArrowDown')!, 'ArrowUp')).toEqual(from);
        expect(addDays(from, 0)).toEqual(from);
        expect(moveByKey(from, 'x')).toBeNull();
      }),
    );
  });
});

describe('readMonth', () => {
  const month = { year: 2026, month: 11 };
  it.each([
    ['5', [1, 3]],
    [5, [1, 3]],
    ['4294967295', Array.from({ length: 30 }, (_, i) => i + 1)],
    [-1, Array.from({ length: 30 }, (_, i) => i + 1)],
    ['0', []],
  ])('reads %p', (mask, days) => {
    expect([...readMonth({ video_list: mask }, month)!]).toEqual(days);
  });

  it.each([undefined, null, '', 'x', 1.5, 2 ** 33, [], {}])('takes no %p', (mask) => {
    expect(readMonth({ video_list: mask }, month)).toBeNull();
  });
});

describe('readRecordings', () => {
  const span = { startMs: 0, endMs: 86_400_000 };

  it('puts what a list says in order, without overlap, within the day, whatever it says', () => {
    const value = fc.oneof(
      fc.integer({ min: -1_000, max: 90_000 }),
      fc.integer({ min: 0, max: 90_000 }).map(String),
      fc.anything(),
    );
    const entry = fc.oneof(
      fc.record({ type: value, start_time: value, end_time: value }),
      fc.anything(),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), (list) => {
        const { recordings, events } = readRecordings({ video_list: list }, span)!;
        for (const read of [recordings, events]) {
          read.forEach(({ startMs, endMs }, i) => {
            expect(startMs).toBeLessThan(endMs);
            const leastMs = i === 0 ? span.startMs : read[i - 1]!.endMs + 1;
            expect(startMs).toBeGreaterThanOrEqual(leastMs);
            expect(endMs).toBeLessThanOrEqual(span.endMs);
          });
        }
        // What is marked is recorded.
        for (const { startMs, endMs } of events) {
          expect(recordings.some((one) => one.startMs <= startMs && one.endMs >= endMs)).toBe(true);
        }
      }),
    );
  });

  it('survives any answer', () => {
    fc.assert(
      fc.property(fc.anything(), (body) => {
        expect(() => readRecordings(body, span)).not.toThrow();
        expect(() => readMonth(body, { year: 2026, month: 2 })).not.toThrow();
      }),
    );
  });
});
