import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Card } from '../../../../agents/camera/card';
import { formatSegmentName } from '../../../../agents/camera/card/segment';
import type { SegmentCause } from '../../../../agents/camera/card/segment';
import {
  aacSequenceHeader,
  avcFrame,
  avcSequenceHeader,
  encodeFlv,
} from '../../../services/media/flv/flv-samples';
import { CardRig } from './card-rig';

interface Recorded {
  readonly startMs: number;
  readonly durationMs: number;
}

/** Days that are special somewhere: clocks forward, clocks back, the end of a year. */
const DAYS = [
  { zone: 'Europe/Berlin', month: '202603', days: ['20260328', '20260329', '20260330'] },
  { zone: 'America/New_York', month: '202611', days: ['20261101', '20261102'] },
  { zone: 'Asia/Shanghai', month: '202612', days: ['20261230', '20261231'] },
  { zone: 'Australia/Lord_Howe', month: '202604', days: ['20260404', '20260405', '20260406'] },
];

describe('the lists of a card', () => {
  let rig: CardRig;
  beforeEach(() => (rig = new CardRig()));
  afterEach(() => rig.close());

  /** A card with files of these times, recorded in this order. */
  const cardWith = async (recorded: readonly Recorded[], timeZone: string): Promise<Card> => {
    await rig.close();
    rig = new CardRig();
    await mkdir(rig.folder(), { recursive: true });
    for (const [at, { startMs, durationMs }] of recorded.entries()) {
      const cause: SegmentCause = 'clock';
      const name = formatSegmentName({ sequence: at + 1, startMs, cause, durationMs });
      const tags = [avcSequenceHeader(), aacSequenceHeader(), avcFrame(0, true)];
      const end = avcFrame(Math.max(0, durationMs - 40), false);
      await writeFile(join(rig.folder(), name), encodeFlv([...tags, end]));
    }
    return rig.open({ timeZone });
  };

  it('agree with each other and with the card, whatever clocks did', async () => {
    const special = fc.constantFrom(...DAYS).chain((where) =>
      fc.record({
        where: fc.constant(where),
        recorded: fc.array(
          fc.record({
            // From an hour before the first of the days on.
            atS: fc.integer({ min: -3_600, max: 3 * 86_400 }),
            ms: fc.nat(999),
            durationMs: fc.integer({ min: 1, max: 4 * 3_600_000 }),
          }),
          { maxLength: 12 },
        ),
      }),
    );
    await fc.assert(
      fc.asyncProperty(special, async ({ where, recorded }) => {
        const { zone, month, days } = where;
        const firstS = (await cardWith([], zone)).day(days[0]!).startS;
        const placed = recorded.map(({ atS, ms, durationMs }) => {
          return { startMs: (firstS + atS) * 1000 + ms, durationMs };
        });
        const card = await cardWith(placed, zone);
        const mask = card.month(0, month);
        for (const day of days) {
          const range = { channel: 0, ...card.day(day) };
          const { startS, endS } = range;
          const records = card.records(range);
          const files = card.files(range);
          const bit = (mask >>> (Number(day.slice(6)) - 1)) & 1;
          expect([records.length > 0, files.length > 0]).toEqual([bit === 1, bit === 1]);
          records.forEach(({ start_time, end_time }, at) => {
            expect(start_time).toBeGreaterThanOrEqual(
              at === 0 ? startS : records[at - 1]!.end_time + 1,
            );
            expect(end_time).toBeGreaterThan(start_time);
            expect(end_time).toBeLessThanOrEqual(endS);
          });
          files.forEach(({ start_time, end_time }, at) => {
            expect(end_time).toBeGreaterThanOrEqual(start_time);
            if (at > 0) expect(start_time).toBeGreaterThanOrEqual(files[at - 1]!.end_time);
          });
          // A second is in the records exactly if something of it was recorded, or hidden by no other.
          const inRecords = (s: number): boolean =>
            records.some(({ start_time, end_time }) => start_time <= s && s < end_time);
          const covered = (s: number): boolean =>
            placed.some(
              ({ startMs, durationMs }) =>
                startMs < (s + 1) * 1000 && startMs + durationMs > s * 1000,
            );
          for (let s = startS; s < endS; s += 600) {
            if (inRecords(s)) expect(covered(s)).toBe(true);
          }
          // What was recorded last is never hidden.
          const latest = placed.at(-1);
          if (latest) {
            const s = Math.floor(latest.startMs / 1000);
            if (s >= startS && s < endS) expect(inRecords(s)).toBe(true);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('give a recording over midnight to both days', async () => {
    const midnightMs = Date.UTC(2026, 10, 22, 16);
    const recorded = [{ startMs: midnightMs - 30_500, durationMs: 60_600 }];
    const card = await cardWith(recorded, 'Asia/Shanghai');
    expect(card.timeZone).toBe('Asia/Shanghai');
    expect(card.month(0, '202611')).toBe((1 << 21) | (1 << 22));
    const s = midnightMs / 1000;
    expect(card.records({ channel: 0, ...card.day('20261122') })).toEqual([
      { start_time: s - 31, end_time: s },
    ]);
    expect(card.records({ channel: 0, ...card.day('20261123') })).toEqual([
      { start_time: s, end_time: s + 31 },
    ]);
    const [file] = card.files({ channel: 0, ...card.day('20261123') });
    expect(file).toEqual({
      file_type: '0',
      file_name: '0000000001-20261122T155929500Z-60600-clock.flv',
      file_size: card.usedBytes,
      start_time: s - 31,
      end_time: s + 30,
    });
  });

  it('have a bit for a 31st', async () => {
    const startMs = Date.UTC(2026, 11, 31, 12);
    const card = await cardWith([{ startMs, durationMs: 60_000 }], 'UTC');
    expect(card.month(0, '202612')).toBe(2 ** 30);
    expect(card.month(0, '202611')).toBe(0);
    expect(card.month(1, '202612')).toBe(0);
  });

  it('merge what joins, and nothing else', async () => {
    const at = (s: number, durationMs: number): Recorded => ({ startMs: s * 1000, durationMs });
    const card = await cardWith([at(100, 60_000), at(160, 60_040), at(225, 5_000)], 'UTC');
    const records = card.records({ channel: 0, startS: 110, endS: 228 });
    expect(records).toEqual([
      { start_time: 110, end_time: 221 },
      { start_time: 225, end_time: 228 },
    ]);
    expect(card.files({ channel: 0, startS: 159, endS: 160 })).toHaveLength(1);
    expect(card.files({ channel: 0, startS: 221, endS: 225 })).toEqual([]);
    expect(card.files({ channel: 0, startS: 0, endS: 300, fileType: '1' })).toEqual([]);
  });

  it('refuse what cannot be asked', async () => {
    const card = await cardWith([], 'UTC');
    const range = { channel: 0, startS: 0, endS: 10 };
    const refused = (field: string, ask: () => unknown): void =>
      expect(ask).toThrow(expect.objectContaining({ code: -2000, field, status: 400 }));
    for (const time of ['', '2026', '202613', '202600', '196912', '2026-1', '20261123', 'x']) {
      refused('time', () => card.month(0, time));
    }
    for (const date of ['20260230', '20261301', '202611', '20261100', '19691231', 'x']) {
      refused('date', () => card.day(date));
    }
    refused('channel', () => card.month(-1, '202611'));
    refused('channel', () => card.recorder(1_000));
    refused('channel', () => card.records({ ...range, channel: NaN }));
    for (const wrong of [-1, 0.5, NaN, Infinity, Number.MAX_SAFE_INTEGER]) {
      refused('start_time', () => card.records({ ...range, startS: wrong }));
      refused('end_time', () => card.files({ ...range, endS: wrong }));
    }
    refused('end_time', () => card.records({ ...range, endS: 0 }));
    refused('end_time', () => card.files({ ...range, endS: 33 * 86_400 }));
    refused('file_type', () => card.files({ ...range, fileType: '../0' }));
  });

  it('refuse options that make no sense', async () => {
    const refused = async (field: string, options: Parameters<CardRig['open']>[0]): Promise<void> =>
      expect(rig.open(options)).rejects.toMatchObject({ code: -2000, field });
    await refused('maxBytes', { maxBytes: 1_000 });
    await refused('segmentMs', { segmentMs: 10 });
    await refused('segmentMs', { segmentMs: 3_600_001 });
    await refused('flushMs', { flushMs: 5_000 });
    await refused('maxPlaybacks', { maxPlaybacks: -1 });
    await refused('directory', { directory: '' });
    await refused('timeZone', { timeZone: 'Mars/Olympus' });
  });
});
