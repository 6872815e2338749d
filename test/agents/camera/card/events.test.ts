import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DrainingResponse, CardRig, STEP_MS, until } from './card-rig';

const JPEG = Uint8Array.of(0xff, 0xd8, 1, 2, 3);

describe('what the card notices', () => {
  let rig: CardRig;
  beforeEach(() => (rig = new CardRig()));
  afterEach(() => rig.close());

  it('lists motion in the recordings, with a picture that can be downloaded', async () => {
    const made: number[] = [];
    const card = await rig.open({
      segmentMs: 60_000,
      makePicture: (_flv, width) => (made.push(width), Promise.resolve(JPEG)),
    });
    const recorder = card.recorder(0);
    rig.begin(recorder);
    rig.run(recorder, 10_000, 200);
    const { nowS } = rig;
    rig.run(recorder, 5_000, 4_000);
    rig.run(recorder, 10_000, 200);
    await until(() => card.events(rig.all).length === 1);
    const [event] = card.events(rig.all);
    expect(Math.abs(event!.start_time - nowS)).toBeLessThanOrEqual(1);
    expect(Math.abs(event!.end_time - nowS - 5)).toBeLessThanOrEqual(2);
    expect(made).toEqual([640]);

    const [picture] = card.files({ ...rig.all, fileType: '1' });
    expect(picture).toMatchObject({ file_type: '1', file_size: JPEG.length });
    const response = new DrainingResponse();
    card.openFile({ channel: 0, fileName: picture!.file_name, offset: 2 }, response);
    await until(() => response.ended);
    expect(response.headers['content-type']).toBe('image/jpeg');
    expect([...response.bytes]).toEqual([1, 2, 3]);
  });

  it('keeps it over a restart, without what a loss of power left', async () => {
    const card = await rig.open();
    const recorder = card.recorder(0);
    const startMs = rig.clock.wallMs();
    rig.begin(recorder);
    rig.run(recorder, 6_000);
    await card.flush();
    await card.addEvent(0, { startMs: startMs + 3_000, durationMs: 500 }, JPEG);
    await card.addEvent(0, { startMs: startMs + 1_000, durationMs: 800 });
    const listed = card.events(rig.all);
    expect(listed).toHaveLength(2);
    await card.close();
    const torn = '20231114T221320000Z-4000-motion.jpg.tmp';
    await writeFile(join(rig.folder(), torn), JPEG);
    await writeFile(join(rig.folder(), '20231114T221399000Z-4000-motion.jpg'), JPEG);

    const again = await rig.open();
    expect(again.events(rig.all)).toEqual(listed);
    expect(again.files({ ...rig.all, fileType: '1' })).toHaveLength(1);
    expect(await rig.names()).not.toContain(torn);
  });

  it('forgets it with the recordings, and lists none where nothing is recorded', async () => {
    const card = await rig.open({ maxBytes: 1024 ** 2, segmentMs: 1_000 });
    const recorder = card.recorder(0);
    const startMs = rig.clock.wallMs();
    rig.begin(recorder);
    rig.run(recorder, 3_000);
    await card.flush();
    await card.addEvent(0, { startMs: startMs + 1_000, durationMs: 500 }, JPEG);
    await card.addEvent(0, { startMs: startMs - 60_000, durationMs: 500 }, JPEG);
    expect(card.events(rig.all)).toHaveLength(1);
    for (let i = 0; i < 40; i++) {
      rig.run(recorder, 10 * STEP_MS, 10_000);
      await card.flush();
    }
    expect(card.events(rig.all)).toEqual([]);
    expect((await rig.names()).filter((name) => name.endsWith('.jpg'))).toEqual([]);
  });

  it('makes thumbnails of the keyframe before a time, and of the first one after a gap', async () => {
    const asked: Uint8Array[] = [];
    const card = await rig.open({
      makePicture: (flv) => (asked.push(flv), Promise.resolve(JPEG)),
    });
    const recorder = card.recorder(0);
    const startS = rig.nowS;
    const startMs = rig.clock.wallMs();
    rig.begin(recorder);
    rig.run(recorder, 4_000);
    rig.pass(20_000);
    const laterMs = rig.clock.wallMs();
    rig.run(recorder, 2_000);
    await card.flush();
    expect(await card.thumbnail(0, startS + 3)).toEqual({
      recordedMs: expect.closeTo(startMs + 2_500, -3.1) as number,
      jpeg: JPEG,
    });
    await card.thumbnail(0, startS + 3);
    expect(asked).toHaveLength(1);
    expect((await card.thumbnail(0, startS + 10))!.recordedMs).toBe(laterMs);
    expect(await card.thumbnail(0, startS + 600)).toBeNull();
    await expect(card.thumbnail(0, -1)).rejects.toMatchObject({ field: 'start_time' });
  });

  it('has no pictures where nobody can make them', async () => {
    const card = await rig.open();
    rig.begin(card.recorder(0));
    rig.run(card.recorder(0), 3_000);
    await card.flush();
    await card.addEvent(0, { startMs: rig.clock.wallMs() - 2_000, durationMs: 900 });
    expect(card.events(rig.all)).toHaveLength(1);
    expect(card.files({ ...rig.all, fileType: '1' })).toEqual([]);
    expect(await card.thumbnail(0, rig.nowS - 2)).toBeNull();
  });
});
