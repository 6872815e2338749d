import type { Card } from '../../../agents/camera/card';
import { metadataTag } from '../../../services/media/flv';
import { DeviceSessions } from '../../../services/device';
import { PlaybackController, walk } from '../../../services/playback';
import { SeededRandom } from '../../net/seeded-random';
import { CardRig } from '../../agents/camera/card/card-rig';
import { aacFrame, aacSequenceHeader, avcFrame, avcSequenceHeader } from '../media/flv/flv-samples';
import { CardModule } from './card-module';
import { ReelSink } from './reel-sink';

const door = { id: 'door', name: 'Front door', xp2pInfo: 'XP2Pdoor%2.4.0' };
const KEYFRAME_MS = 1_000;
const STEP_MS = 100;

describe('PlaybackController', () => {
  let rig: CardRig;
  let card: Card;
  let module: CardModule;
  let sink: ReelSink;
  let controller: PlaybackController;
  let reasons: string[];
  /** Unix ms of the first picture; pictures count tenths of seconds from here. */
  let originMs: number;
  let sourceMs: number;

  /** Records; a picture each 100 ms, a keyframe each second. */
  const record = (ms: number): void => {
    const recorder = card.recorder(0);
    recorder.onHeader({ hasAudio: true, hasVideo: true });
    recorder.onTag(metadataTag({ width: 640, height: 360, frameRate: 10 }));
    recorder.onTag(avcSequenceHeader(0));
    recorder.onTag(aacSequenceHeader());
    for (let at = 0; at < ms; at += STEP_MS) {
      const frame = avcFrame(sourceMs, at % KEYFRAME_MS === 0, 50);
      const tenths = (rig.clock.wallMs() - originMs) / 100;
      new DataView(frame.data.buffer).setUint32(5, tenths);
      recorder.onTag(frame);
      recorder.onTag(aacFrame(sourceMs));
      sourceMs += STEP_MS;
      rig.clock.advance(STEP_MS);
    }
  };
  const gap = (ms: number): void => {
    sourceMs += ms;
    rig.clock.advance(ms);
  };
  const pass = async (ms: number): Promise<void> => {
    for (let at = 0; at < ms; at += 50) {
      await rig.disk.idle();
      rig.clock.advance(50);
      sink.pass(50);
    }
    await rig.disk.idle();
  };
  const start = async (seekBy: 'stream' | 'command' = 'stream'): Promise<void> => {
    controller = new PlaybackController({
      sessions: new DeviceSessions({ module, appParams: {} as never }),
      clock: rig.clock,
      random: new SeededRandom(3),
      device: door,
      ...{ timeZone: 'UTC', seekBy },
      onError: ({ reason }) => reasons.push(reason),
    });
    controller.attachSink(sink);
    await controller.start();
    await pass(500);
  };
  const shownMs = (): number => originMs + sink.recordedMs!;
  /** Recorded time, as if there were no gap. */
  const sansGap = (unixMs: number): number =>
    unixMs < originMs + 32_000 ? unixMs : unixMs - 20_000;
  const playedMs = (): number => sansGap(shownMs());
  const wholeSecond = (ms: number): number => Math.floor(ms / 1_000) * 1_000;
  const kind = () => controller.store.phase.kind;

  beforeEach(async () => {
    rig = new CardRig();
    card = await rig.open({ segmentMs: 4_000 });
    originMs = rig.clock.wallMs();
    sourceMs = 5_000;
    // Three segments in one stretch, a gap, and another stretch.
    record(12_000);
    gap(20_000);
    record(8_000);
    await card.flush();
    module = new CardModule(card);
    sink = new ReelSink();
    reasons = [];
    await start();
  });
  afterEach(async () => {
    controller.close();
    await rig.close();
  });

  it('shows the days and the stretches that the camera has, and plays the latest one', () => {
    const { store } = controller;
    const { day } = store.date!;
    expect([...store.recordedDays]).toEqual([day]);
    expect(store.recordings).toHaveLength(2);
    expect(kind()).toBe('playing');
    expect(shownMs()).toBeGreaterThanOrEqual(originMs + 32_000);
  });

  // A command's answer may come after the keyframe it leads to: then it is the next one.
  it.each([
    ['stream' as const, 300],
    ['command' as const, 1_300],
  ])(
    'shows what is sought, 100 times at random (by %s)',
    async (seekBy, afterMs) => {
      controller.close();
      sink = new ReelSink();
      await start(seekBy);
      const random = new SeededRandom(11);
      for (let i = 0; i < 100; i++) {
        const inFirst = random.next() < 0.6;
        const wishMs = Math.round(
          originMs + (inFirst ? random.next() * 11_000 : 32_000 + random.next() * 6_000),
        );
        controller.seek(wishMs);
        expect(controller.store.positionMs).toBe(wishMs);
        await pass(afterMs);
        expect(kind()).toBe('playing');
        // So much of the recording has been played since; the gap is skipped.
        const wantedMs = walk(controller.store.recordings, wishMs, afterMs);
        expect(Math.abs(shownMs() - wantedMs)).toBeLessThanOrEqual(KEYFRAME_MS + afterMs);
        expect(Math.abs(controller.store.positionMs! - shownMs())).toBeLessThanOrEqual(KEYFRAME_MS);
      }
      expect(module.commands.includes('playback_seek')).toBe(seekBy === 'command');
    },
    60_000,
  );

  it('shows the first picture after a gap when a moment in it is sought', async () => {
    controller.seek(originMs + 20_000);
    expect(controller.store.positionMs! - (originMs + 32_000)).toBeLessThan(1_000);
    await pass(300);
    expect(shownMs()).toBeGreaterThanOrEqual(originMs + 32_000);
    expect(shownMs()).toBeLessThan(originMs + 33_000);
  });

  it('lets the latest seek win', async () => {
    for (const at of [1_000, 9_000, 4_000, 7_000, 2_500]) controller.seek(originMs + at);
    await pass(600);
    expect(Math.abs(shownMs() - (originMs + 2_500))).toBeLessThanOrEqual(KEYFRAME_MS + 600);
  });

  it('plays across segments and over a gap, and ends', async () => {
    controller.seek(originMs + 9_000);
    const seen = new Set<number>();
    for (let i = 0; i < 400 && kind() !== 'ended'; i++) {
      await pass(50);
      if (sink.recordedMs !== null) seen.add(sink.recordedMs);
      if (kind() === 'playing' && i > 60 && i % 40 === 0) {
        expect(Math.abs(controller.store.positionMs! - shownMs())).toBeLessThanOrEqual(KEYFRAME_MS);
      }
    }
    expect(kind()).toBe('ended');
    const times = [...seen].sort((a, b) => a - b);
    // Every picture of both stretches from there on.
    expect(times.filter((ms) => ms >= 9_000)).toHaveLength(30 + 80);
  });

  it('pauses for a minute and goes on at the same picture', async () => {
    controller.seek(originMs + 2_000);
    await pass(1_500);
    controller.pause();
    const before = sink.recordedMs!;
    await pass(60_000);
    expect(kind()).toBe('paused');
    expect(sink.recordedMs).toBe(before);
    expect(module.commands).toContain('playback_pause');
    controller.resume();
    await pass(50);
    expect(sink.recordedMs! - before).toBeLessThanOrEqual(STEP_MS);
    const seen: number[] = [];
    for (let i = 0; i < 30; i++) {
      await pass(100);
      seen.push(sink.recordedMs!);
    }
    expect(kind()).toBe('playing');
    // None is left out and none shown twice.
    expect(seen.map((ms, i) => ms - i * STEP_MS)).toEqual(seen.map(() => seen[0]));
  }, 20_000);

  it('goes on where it was when the stream is lost in a pause', async () => {
    controller.seek(originMs + 3_000);
    await pass(1_000);
    controller.pause();
    await pass(200);
    const positionMs = controller.store.positionMs!;
    module.breakStream();
    expect(kind()).toBe('paused');
    controller.resume();
    await pass(400);
    expect(kind()).toBe('playing');
    expect(Math.abs(shownMs() - positionMs)).toBeLessThanOrEqual(KEYFRAME_MS + 400);
  });

  it('goes on where it was when the stream is lost again on its way back', async () => {
    controller.seek(originMs + 3_000);
    await pass(1_000);
    module.breakStream();
    expect(kind()).toBe('waiting');
    const positionMs = controller.store.positionMs!;
    module.startStreamResult = () => Promise.reject(new Error('no'));
    await pass(3_000);
    expect(kind()).toBe('waiting');
    expect(controller.store.positionMs).toBe(positionMs);
    module.startStreamResult = () => Promise.resolve(0);
    await pass(6_000);
    expect(kind()).toBe('playing');
    expect(shownMs()).toBeGreaterThanOrEqual(positionMs - KEYFRAME_MS);
    expect(shownMs()).toBeLessThanOrEqual(positionMs + 6_000);
  });

  it('leaves a camera that cannot pause, and opens it again', async () => {
    module.twist = (cmd, answer) => (cmd === 'playback_pause' ? '{"status":"406"}' : answer);
    controller.seek(originMs + 3_000);
    await pass(1_000);
    controller.pause();
    await pass(100);
    expect(controller.store.phase).toEqual({ kind: 'paused', attempt: null });
    const positionMs = controller.store.positionMs!;
    controller.resume();
    await pass(300);
    expect(Math.abs(shownMs() - positionMs)).toBeLessThanOrEqual(KEYFRAME_MS + 300);
  });

  it('remembers a moment that is sought while it is paused', async () => {
    await pass(300);
    controller.pause();
    controller.seek(originMs + 5_000);
    await pass(300);
    expect(kind()).toBe('paused');
    controller.resume();
    await pass(300);
    expect(Math.abs(shownMs() - (originMs + 5_000))).toBeLessThanOrEqual(KEYFRAME_MS + 300);
  });

  it('skips ten seconds of recorded time, not of the gap', async () => {
    controller.seek(originMs + 33_000);
    await pass(500);
    const from = controller.store.positionMs!;
    controller.skip(-10_000);
    // What is missing before the gap's end is taken from its other side.
    expect(controller.store.positionMs).toBe(from - 10_000 - 20_000);
  });

  it('plays faster, and knows where it is', async () => {
    controller.close();
    sink = new ReelSink();
    const functions = ['playback_ff'];
    module.capabilities = { playback: { functions, maxKeyframeStep: 4, timeZone: 'UTC' } };
    await start();
    expect(controller.store.speeds).toEqual([1, 2, 4]);
    controller.seek(originMs + 500);
    await pass(1_000);
    await controller.setSpeed(4);
    await pass(4_000);
    expect(controller.store.speed).toBe(4);
    expect(Math.abs(controller.store.positionMs! - shownMs())).toBeLessThanOrEqual(4 * KEYFRAME_MS);
  });

  it('plays every picture slower and faster where the camera can, and normally again', async () => {
    controller.close();
    sink = new ReelSink();
    const functions = ['playback_ff', 'playback_speed'];
    module.capabilities = { playback: { functions, maxKeyframeStep: 4, timeZone: 'UTC' } };
    await start();
    expect(controller.store.speeds).toEqual([0.5, 1, 2, 4]);
    for (const [speed, command] of [
      [0.5, 'playback_speed'],
      [2, 'playback_speed'],
      [4, 'playback_ff'],
    ] as const) {
      controller.seek(originMs + 500);
      await pass(1_500);
      module.commands.length = 0;
      await controller.setSpeed(speed);
      expect(controller.store.speed).toBe(speed);
      expect(module.commands.filter((cmd) => /speed|ff/.test(cmd)).pop()).toBe(command);
      // What was sent at the speed before is over after the camera's lead.
      await pass(1_500);
      const before = playedMs();
      await pass(2_000);
      // Keyframes alone come in leaps of as many.
      const slackMs = speed === 4 ? 4 * KEYFRAME_MS : 400 * Math.max(1, speed);
      expect(Math.abs(playedMs() - before - 2_000 * speed)).toBeLessThanOrEqual(slackMs);
      const awayMs = Math.abs(sansGap(controller.store.positionMs!) - playedMs());
      expect(awayMs).toBeLessThanOrEqual(Math.max(1, speed) * KEYFRAME_MS);
      await controller.setSpeed(1);
    }
  }, 20_000);

  it('takes back a speed that the camera does not have after all', async () => {
    controller.close();
    sink = new ReelSink();
    const functions = ['playback_ff'];
    module.capabilities = { playback: { functions, maxKeyframeStep: 4, timeZone: 'UTC' } };
    module.twist = (cmd, answer) => (cmd === 'playback_ff' ? '{"status":"406"}' : answer);
    await start();
    await pass(500);
    await controller.setSpeed(2);
    expect(controller.store.speed).toBe(1);
    expect(controller.store.speeds).toEqual([1, 4]);
    expect(kind()).toBe('playing');
  });

  it('lists events, and goes from one to the next', async () => {
    await card.addEvent(0, { startMs: originMs + 3_000, durationMs: 900 });
    await card.addEvent(0, { startMs: originMs + 34_000, durationMs: 900 });
    await controller.reload();
    await pass(300);
    expect(controller.store.recordings).toHaveLength(2);
    const starts = controller.store.events.map(({ startMs }) => startMs);
    expect(starts).toEqual([originMs + 3_000, originMs + 34_000].map(wholeSecond));
    controller.seek(originMs + 1_000);
    controller.seekEvent('next');
    expect(controller.store.positionMs).toBe(starts[0]);
    await pass(400);
    controller.seekEvent('next');
    expect(controller.store.positionMs).toBe(starts[1]);
    controller.seekEvent('next');
    expect(controller.store.positionMs).toBe(starts[1]);
    controller.seekEvent('previous');
    expect(controller.store.positionMs).toBe(starts[0]);
  });

  it('fetches pictures from a camera that has them, and takes none that are none', async () => {
    await pass(100);
    controller.wantThumbnails([1]);
    expect(module.commands).not.toContain('get_thumbnail');
    controller.close();
    sink = new ReelSink();
    module.capabilities = { playback: { functions: [], thumbnails: true, timeZone: 'UTC' } };
    let picture = '/9j/4A==';
    module.twist = (cmd, answer) =>
      cmd === 'get_thumbnail' ? JSON.stringify({ status: '0', picture }) : answer;
    await start();
    controller.wantThumbnails([5]);
    await pass(200);
    const url = 'data:image/jpeg;base64,/9j/4A==';
    expect([...controller.store.thumbnails]).toEqual([[5, { url }]]);
    picture = '"><script>';
    controller.wantThumbnails([6]);
    await pass(200);
    expect(controller.store.thumbnails.has(6)).toBe(false);
  });

  it('makes one truth of a list that contradicts itself', async () => {
    const s = Math.floor(originMs / 1_000);
    const entry = (start: unknown, end: unknown) => ({ start_time: start, end_time: end });
    module.twist = (cmd, answer) =>
      cmd === 'get_record_index'
        ? JSON.stringify({
            video_list: [
              ...[entry(s + 4, s + 8), entry(String(s), String(s + 6)), entry(s + 9, s + 2)],
              ...[entry(s + 6, s + 12), entry(null, s), entry(s + 32, s + 40), entry('x', 'y'), 7],
            ],
          })
        : answer;
    await controller.reload();
    await pass(400);
    expect(controller.store.recordings).toHaveLength(2);
    expect(controller.store.recordings[0]).toEqual({
      startMs: s * 1_000,
      endMs: (s + 12) * 1_000,
    });
    expect(kind()).toBe('playing');
  });

  it('tells of a day that the calendar promised and the camera does not have', async () => {
    module.twist = (cmd, answer) => (cmd === 'get_record_index' ? '{"video_list":[]}' : answer);
    await controller.reload();
    await pass(300);
    expect(controller.store.recordedDays.size).toBe(1);
    expect([controller.store.dayState, kind()]).toEqual(['loaded', 'idle']);
    expect(controller.store.positionMs).toBeNull();
  });

  it('notices when the camera says nothing for ten seconds, and goes on where it was', async () => {
    controller.seek(originMs + 2_000);
    await pass(1_000);
    module.silence();
    await pass(3_000);
    const positionMs = controller.store.positionMs!;
    expect(kind()).toBe('playing');
    await pass(10_000);
    expect(reasons).toEqual(['no-data']);
    await pass(3_000);
    expect(kind()).toBe('playing');
    expect(shownMs()).toBeGreaterThanOrEqual(positionMs - KEYFRAME_MS);
    expect(shownMs()).toBeLessThanOrEqual(positionMs + 3_000 + KEYFRAME_MS);
  });

  it.each([
    [
      'numbers as text',
      (answer: string) => answer.replace(/(\d+)(?=[,}])/g, '"$1"').replace(/""/g, '"'),
    ],
    ['NULs at the end', (answer: string) => `${answer}\0\0\0`],
  ])('takes answers with %s', async (_name, twist) => {
    module.twist = (_cmd, answer) => twist(answer);
    await controller.reload();
    await pass(500);
    expect(controller.store.recordings).toHaveLength(2);
    controller.seek(originMs + 4_000);
    await pass(400);
    expect(Math.abs(shownMs() - (originMs + 4_000))).toBeLessThanOrEqual(KEYFRAME_MS + 400);
  });

  it.each([
    ['nothing', () => null, 'request-timeout'],
    ['half an answer', (answer: string) => answer.slice(0, -3), 'list-rejected'],
    ['an answer without its field', () => '{}', 'list-rejected'],
    ['a list of another kind', () => '{"video_list":{"a":1}}', 'list-rejected'],
    ['that it records nothing', () => '{"status":"406"}', 'unsupported-operation'],
  ])('says what is wrong when the camera answers %s', async (_name, twist, reason) => {
    module.twist = (_cmd, answer) => twist(answer);
    await controller.reload();
    expect(controller.store.dayState).toBe('failed');
    expect(controller.store.monthState).toBe('failed');
    expect(controller.store.listError?.reason).toBe(reason);
    expect(kind()).toBe('idle');
    module.twist = (_cmd, answer) => answer;
    await controller.reload();
    await pass(300);
    expect(kind()).toBe('playing');
  });

  it('goes on into what is recorded meanwhile', async () => {
    controller.seek(originMs + 38_000);
    await pass(8_000);
    expect(kind()).toBe('ended');
    record(12_000);
    await card.flush();
    controller.resume();
    await pass(1_000);
    expect(kind()).toBe('playing');
    const { recordings, positionMs } = controller.store;
    expect(recordings[recordings.length - 1]!.endMs).toBeGreaterThan(originMs + 42_000);
    expect(positionMs).toBeGreaterThan(originMs + 39_000);
    expect(Math.abs(positionMs! - shownMs())).toBeLessThanOrEqual(KEYFRAME_MS);
  });

  it('believes no progress that cannot be', async () => {
    module.twist = (cmd, answer) =>
      cmd === 'playback_progress' || cmd === 'playback_seek'
        ? '{"status":"0","progress":"99999999999"}'
        : answer;
    controller.seek(originMs + 4_000);
    await pass(3_000);
    expect(Math.abs(controller.store.positionMs! - shownMs())).toBeLessThanOrEqual(KEYFRAME_MS);
  });
});
