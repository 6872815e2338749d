import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Card, Recorder, RecorderState } from '../../../../agents/camera/card';
import { parseSegmentName } from '../../../../agents/camera/card/segment';
import { isKeyframe, readMetadata } from '../../../../services/media/flv';
import { aacFrame, avcFrame } from '../../../services/media/flv/flv-samples';
import { CardRig, isFrame, until } from './card-rig';
import { FaultyFs } from './faulty-fs';

describe('a recorder', () => {
  let rig: CardRig;
  let card: Card;
  let recorder: Recorder;
  let states: RecorderState['name'][];

  const start = async (options: Parameters<CardRig['open']>[0] = {}): Promise<void> => {
    card = await rig.open(options);
    recorder = card.recorder(0);
    states = [];
    recorder.onState = ({ name }) => states.push(name);
    rig.begin(recorder);
  };
  const causes = async (): Promise<string[]> =>
    (await rig.names()).map((name) => parseSegmentName(name)!.cause);

  beforeEach(() => (rig = new CardRig()));
  afterEach(() => rig.close());

  it('writes files that begin with metadata, sequence headers and a keyframe', async () => {
    await start();
    rig.run(recorder, 7_000);
    await card.flush();
    const names = await rig.names();
    expect(names.map((name) => name.slice(31))).toEqual([
      '3000-start.flv',
      '3000-next.flv',
      'next.part',
    ]);
    for (const name of names) {
      const [script, video, audio, first, ...rest] = await rig.tagsOf(name);
      expect([script!.type, video!.type, audio!.type]).toEqual(['script', 'video', 'audio']);
      expect(video!.data[1]).toBe(0);
      expect(isKeyframe(first!)).toBe(true);
      expect(first!.timestampMs).toBe(0);
      expect(rest.every(isFrame)).toBe(true);
    }
    expect((await rig.tagsOf(names[0]!)).filter(isFrame)).toHaveLength(60);
    expect(states).toEqual(['recording']);
  });

  it('tells a finished file’s length within', async () => {
    await start();
    rig.run(recorder, 4_000);
    await card.flush();
    await card.close();
    const [first, second] = await rig.names();
    const [script] = await rig.tagsOf(first!);
    expect(readMetadata(script!)).toEqual({ width: 640, height: 360 });
    const lengthOf = async (name: string): Promise<number> =>
      Buffer.from((await rig.tagsOf(name))[0]!.data).readDoubleBE(29);
    expect(await lengthOf(first!)).toBe(3);
    expect(await lengthOf(second!)).toBe(0.94);
    expect(states).toEqual(['recording', 'closed']);
  });

  it('brings what comes to the disk twice a second', async () => {
    const disk = new FaultyFs();
    await start({ fs: disk.fs, segmentMs: 60_000 });
    for (let i = 1; i <= 6; i++) {
      rig.run(recorder, 500);
      // Not `flush`: the timer has to have begun it.
      await until(() => disk.syncs >= i);
    }
    const { startS, endS } = rig.all;
    await until(() => card.records({ channel: 0, startS, endS }).length === 1);
    const [record] = card.records({ channel: 0, startS, endS });
    expect(record!.end_time - record!.start_time).toBe(3);
    expect(card.files({ channel: 0, startS, endS })).toEqual([]);
  });

  it('keeps what is recorded before the first keyframe out', async () => {
    await start();
    recorder.onTag(avcFrame(4_950, false));
    recorder.onTag(aacFrame(4_960));
    await card.flush();
    expect(recorder.state.name).toBe('waiting');
    rig.run(recorder, 1_000);
    await card.close();
    expect((await rig.tagsOf((await rig.names())[0]!)).filter(isFrame)).toHaveLength(20);
  });

  it('records sound without picture', async () => {
    await start();
    recorder.onHeader({ hasAudio: true, hasVideo: false });
    for (let ms = 0; ms < 7_000; ms += 100) {
      recorder.onTag(aacFrame(ms));
      rig.clock.advance(100);
    }
    await card.close();
    expect(await causes()).toEqual(['start', 'next', 'next']);
  });

  it('begins a file where the format changes, and where the source starts over', async () => {
    await start();
    rig.run(recorder, 2_000);
    rig.begin(recorder, 0x1f);
    rig.run(recorder, 1_000);
    rig.begin(recorder, 0x1f);
    rig.run(recorder, 1_000);
    await card.close();
    const names = await rig.names();
    expect(await causes()).toEqual(['start', 'gap', 'gap']);
    const levels = await Promise.all(
      names.map(async (name) => (await rig.tagsOf(name))[1]!.data[8]),
    );
    expect(levels).toEqual([0x1e, 0x1f, 0x1f]);
    // It went on at once.
    expect(card.records(rig.all)).toHaveLength(1);
  });

  it('tells a clock that was set, in the names, and never lists a time twice', async () => {
    await start();
    rig.run(recorder, 5_000);
    rig.clock.wallStepMs = 60_000;
    rig.run(recorder, 5_000);
    rig.clock.wallStepMs = -8_000;
    rig.run(recorder, 6_000);
    await card.close();
    expect(await causes()).toEqual(['start', 'next', 'clock', 'next', 'clock', 'next']);
    const records = card.records(rig.all);
    expect(records).toHaveLength(2);
    expect(records[0]!.end_time).toBeLessThan(records[1]!.start_time);
    const files = card.files(rig.all);
    files.forEach(({ end_time }, at) => {
      const next = files[at + 1];
      if (next) expect(end_time).toBeLessThanOrEqual(next.start_time);
    });
  });

  it('keeps channels apart', async () => {
    await start();
    const other = card.recorder(7);
    rig.begin(other);
    rig.run(other, 2_000);
    rig.begin(recorder);
    rig.run(recorder, 4_000);
    await card.close();
    expect([(await rig.names(0)).length, (await rig.names(7)).length]).toEqual([2, 1]);
    expect(card.files({ ...rig.all, channel: 7 })).toHaveLength(1);
    expect(card.recorder(7)).toBe(other);
  });

  it('deletes the oldest files when the card is used up, whatever their times say', async () => {
    await start({ maxBytes: 1024 ** 2 });
    rig.clock.wallStepMs = 86_400_000;
    rig.run(recorder, 6_000, 10_000);
    const first = rig.nowS;
    rig.clock.wallStepMs = 0;
    rig.run(recorder, 20_000, 10_000);
    await card.close();
    expect(card.usedBytes).toBeLessThanOrEqual(1024 ** 2);
    const sequences = (await rig.names()).map((name) => parseSegmentName(name)!.sequence);
    const newest = sequences.at(-1)!;
    expect(sequences).toEqual(sequences.map((_one, at) => newest - sequences.length + 1 + at));
    expect(sequences.length).toBeGreaterThan(3);
    expect(card.records({ channel: 0, startS: first - 60, endS: first + 60 })).toEqual([]);
  });

  it('deletes old files rather than stop when the disk is full', async () => {
    const disk = new FaultyFs();
    await start({ fs: disk.fs });
    rig.run(recorder, 9_000, 1_000);
    await card.flush();
    const before = await rig.names();
    disk.freeBytes = 5_000;
    rig.run(recorder, 6_000, 1_000);
    await card.flush();
    expect(states).toEqual(['recording']);
    expect(await rig.names()).not.toContain(before[0]);
    await card.close();
    for (const name of await rig.names())
      expect((await rig.tagsOf(name)).length).toBeGreaterThan(3);
  });

  it('says so when the disk is full of other things, and goes on once it is not', async () => {
    const disk = new FaultyFs();
    await start({ fs: disk.fs });
    disk.freeBytes = 20_000;
    rig.run(recorder, 2_000, 2_000);
    await card.flush();
    expect(recorder.state).toMatchObject({ name: 'faulty', fault: 'disk-full' });
    rig.run(recorder, 6_000, 2_000);
    await card.flush();
    await until(() => recorder.state.name === 'faulty');
    expect(rig.log.filter((line) => line.includes('disk-full'))).toHaveLength(1);
    disk.freeBytes = Infinity;
    rig.clock.advance(60_000);
    await until(() => recorder.state.name === 'waiting');
    rig.run(recorder, 3_000, 2_000);
    await card.close();
    expect(rig.log.at(-1)).toBe('info: channel 0 is being recorded again');
    // What was written before the disk was full is kept.
    expect((await causes()).every((cause) => ['start', 'gap', 'next'].includes(cause))).toBe(true);
    for (const name of await rig.names())
      expect((await rig.tagsOf(name)).length).toBeGreaterThan(3);
    expect((await rig.names()).every((name) => name.endsWith('.flv'))).toBe(true);
  });

  it('says so when the folder cannot be written, and tries again', async () => {
    const disk = new FaultyFs();
    disk.isReadOnly = true;
    await start({ fs: disk.fs });
    expect(rig.log).toEqual([expect.stringMatching(/^warn: cannot read the recordings: EROFS/)]);
    rig.run(recorder, 1_000);
    await card.flush();
    expect(recorder.state).toMatchObject({ name: 'faulty', fault: 'unwritable' });
    disk.isReadOnly = false;
    rig.clock.advance(5_000);
    await until(() => recorder.state.name === 'waiting');
    rig.run(recorder, 2_000);
    await card.flush();
    expect(recorder.state.name).toBe('recording');
  });

  it('finishes later what it could not finish when the disk failed', async () => {
    const disk = new FaultyFs();
    await start({ fs: disk.fs });
    rig.run(recorder, 2_000);
    await card.flush();
    disk.isReadOnly = true;
    rig.run(recorder, 2_000);
    await card.flush();
    expect((await rig.names())[0]).toMatch(/\.part$/);
    expect(card.records(rig.all)).toHaveLength(0);
    disk.isReadOnly = false;
    rig.clock.advance(5_000);
    await until(() => recorder.state.name === 'waiting');
    expect((await rig.names())[0]).toMatch(/-1940-start\.flv$/);
    expect(card.files(rig.all)).toHaveLength(1);
  });

  it('lets go of what the disk does not take in time', async () => {
    const disk = new FaultyFs();
    await start({ fs: disk.fs, segmentMs: 60_000 });
    rig.run(recorder, 1_000);
    await card.flush();
    let goOn = (): void => undefined;
    disk.stalled = new Promise((resolve) => (goOn = resolve));
    for (let i = 0; recorder.state.name === 'recording' && i < 100; i++) {
      rig.run(recorder, 1_000, 100_000);
    }
    expect(recorder.state).toMatchObject({ name: 'faulty', fault: 'too-slow' });
    disk.stalled = null;
    goOn();
    await until(() => recorder.state.name === 'waiting');
    rig.run(recorder, 2_000);
    await card.close();
    expect(await causes()).toEqual(['start', 'gap']);
    for (const name of await rig.names())
      expect((await rig.tagsOf(name)).length).toBeGreaterThan(3);
  });

  it('takes files that somebody deleted out of the lists, and a folder too', async () => {
    const disk = new FaultyFs();
    await start({ fs: disk.fs });
    rig.run(recorder, 7_000);
    await card.flush();
    await rm(join(rig.directory), { recursive: true });
    rig.run(recorder, 4_000);
    await card.flush();
    expect(recorder.state).toMatchObject({ name: 'faulty', fault: 'unwritable' });
    rig.clock.advance(5_000);
    await until(() => recorder.state.name === 'waiting');
    expect(card.files(rig.all)).toEqual([]);
    rig.run(recorder, 2_000);
    await card.close();
    expect(card.files(rig.all)).toHaveLength(1);
  });

  it('records nothing any more once it is closed', async () => {
    await start();
    rig.run(recorder, 1_000);
    await card.close();
    await card.close();
    const names = await rig.names();
    rig.run(recorder, 3_000);
    rig.begin(recorder);
    await card.flush();
    expect(await rig.names()).toEqual(names);
    expect(card.recorder(3).state.name).toBe('closed');
  });
});
