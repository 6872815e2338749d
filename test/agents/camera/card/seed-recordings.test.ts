import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seedRecordings } from '../../../../agents/camera/card';
import { prepareClip } from '../../../../agents/camera/clip';
import { CardRig, isFrame } from './card-rig';

const SAMPLE = join(__dirname, '../../../../agents/camera/assets/sample.flv');

describe('seeded recordings', () => {
  const clip = prepareClip(readFileSync(SAMPLE));
  let rig: CardRig;
  beforeEach(() => (rig = new CardRig()));
  afterEach(() => rig.close());

  it('fill past days, with gaps, and over midnight', async () => {
    const card = await rig.open({ timeZone: 'Europe/Berlin' });
    const nowMs = Date.UTC(2026, 9, 27, 11);
    const { files, bytes } = await seedRecordings(card, clip, { nowMs, days: 3, minutes: 2 });
    expect(card.usedBytes).toBe(bytes);
    // From noon on the 24th, over the day of 25 hours, to the morning of the 27th.
    expect(card.month(0, '202610').toString(2)).toBe('1111' + '0'.repeat(23));
    const range = { channel: 0, ...card.day('20261025') };
    const two = (s: number): number[][] => [
      [s, s + 112],
      [s + 132, s + 188],
    ];
    const sinceMidnight = card
      .records(range)
      .map((one) => [one.start_time - range.startS, one.end_time - range.startS]);
    expect(sinceMidnight).toEqual([
      // From the evening before.
      ...[
        [0, 52],
        [72, 128],
      ],
      ...[450, 735, 1_085, 1_439].flatMap((minutes) => two(minutes * 60)),
    ]);
    // Two recordings on the first day, four on each of the others, one on the last.
    expect(files).toBe((2 + 4 + 4 + 1) * 3);
  });

  it('are files like any others', async () => {
    const card = await rig.open();
    await seedRecordings(card, clip, { nowMs: rig.clock.wallMs(), days: 1, minutes: 1 });
    const [file] = card.files(rig.all);
    const tags = await rig.tagsOf(file!.file_name);
    const times = tags.filter(isFrame).map(({ timestampMs }) => timestampMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeGreaterThan(55_900);
    expect(file!.end_time - file!.start_time).toBe(56);
    await card.close();
    const again = await rig.open();
    expect(again.files(rig.all)).toEqual(card.files(rig.all));
  });

  it('leave what there is alone', async () => {
    const card = await rig.open();
    const options = { nowMs: rig.clock.wallMs(), days: 2, minutes: 1 };
    expect((await seedRecordings(card, clip, options)).files).toBeGreaterThan(0);
    const before = card.files(rig.all);
    expect(await seedRecordings(card, clip, options)).toEqual({ files: 0, bytes: 0 });
    expect(card.files(rig.all)).toEqual(before);
    await expect(seedRecordings(card, clip, { ...options, days: 0 })).rejects.toMatchObject({
      field: 'days',
    });
  });
});
