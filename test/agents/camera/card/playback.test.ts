import type { Card, PlaybackRequest, PlaybackSession } from '../../../../agents/camera/card';
import type { Recorder } from '../../../../agents/camera/card';
import { isKeyframe, readMetadata } from '../../../../services/media/flv';
import type { FlvTag } from '../../../../services/media/flv';
import { CardRig, DrainingResponse, isFrame, until } from './card-rig';

/** The source's number of each picture: ten per second from the beginning of a run. */
function pictures(tags: readonly FlvTag[]): number[] {
  return tags
    .filter((tag) => tag.type === 'video' && isFrame(tag))
    .map(({ data }) => new DataView(data.buffer, data.byteOffset).getUint32(5));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_none, at) => from + at);
}

describe('playback', () => {
  let rig: CardRig;
  let card: Card;
  let recorder: Recorder;
  let response: DrainingResponse;
  let session: PlaybackSession;
  /** Unix s of the first frame. */
  let startS: number;

  beforeEach(async () => {
    rig = new CardRig();
    card = await rig.open();
    recorder = card.recorder(0);
    // Recordings begin with a whole second.
    startS = rig.nowS;
    rig.begin(recorder);
  });
  afterEach(() => rig.close());

  const record = async (ms: number): Promise<void> => {
    rig.run(recorder, ms);
    await card.flush();
  };
  const play = (fromS: number, toS: number, more: Partial<PlaybackRequest> = {}): void => {
    response = new DrainingResponse();
    const asked = { channel: 0, startS: startS + fromS, endS: startS + toS, ...more };
    session = card.openPlayback(asked, response)!;
  };
  /** Lets time pass in small steps, and the disk be done with each. */
  const pass = async (ms: number): Promise<void> => {
    for (let i = 0; i < ms / 50; i++) {
      await rig.disk.idle();
      rig.clock.advance(50);
    }
    await rig.disk.idle();
  };
  const toEnd = async (): Promise<void> => {
    for (let i = 0; session.open && i < 2_000; i++) await pass(100);
    expect(response.ended).toBe(true);
  };
  const expectMonotonic = (): void => {
    const times = response.tags.map(({ timestampMs }) => timestampMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBe(0);
  };

  it('sends a time of several files as one stream from 0, then ends', async () => {
    await record(8_000);
    play(0, 8);
    await toEnd();
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toBe('video/x-flv');
    expect(pictures(response.tags)).toEqual(range(0, 80));
    expect(response.frames.slice(-2)).toEqual(['video 7900', 'audio 7900']);
    expectMonotonic();
    // Setup once, although each file has it, and no length at which a player would stop.
    const setup = response.tags.filter((tag) => !isFrame(tag));
    expect(setup.map(({ type }) => type)).toEqual(['script', 'video', 'audio']);
    expect(readMetadata(setup[0]!)).toEqual({ width: 640, height: 360 });
    expect(Buffer.from(setup[0]!.data).includes('duration')).toBe(false);
    expect(session.progressMs).toBe(8_000);
  });

  it('sends header and setup in one piece', async () => {
    await record(2_000);
    play(0, 2);
    await until(() => response.chunks.length > 0);
    expect(response.chunks[0]!.subarray(0, 3)).toEqual(Uint8Array.from([0x46, 0x4c, 0x56]));
    expect(response.chunks[0]!.length).toBeGreaterThan(100);
    await toEnd();
  });

  it('begins with the keyframe before the wished time, and ends at the wished one', async () => {
    rig.clock.advance(500);
    rig.pass(0);
    await record(8_000);
    // The first frame is at 0.5 s, so are the keyframes; 4 s lies behind that of 3.5 s.
    play(4, 6);
    await pass(0);
    // A second is sent at once: from 3.5 s to 4.5 s.
    expect(session.progressMs).toBe(500);
    await toEnd();
    expect(pictures(response.tags)).toEqual(range(30, 55));
    expectMonotonic();
  });

  it('sends in real time, a second ahead', async () => {
    await record(8_000);
    play(0, 8);
    await pass(0);
    await until(() => pictures(response.tags).length === 11);
    for (const second of [1, 2, 3]) {
      await pass(1_000);
      expect(pictures(response.tags)).toHaveLength(11 + second * 10);
    }
    expect(session.progressMs).toBe(4_000);
  });

  it('skips gaps, and counts them', async () => {
    await record(2_000);
    rig.pass(60_000);
    await record(2_000);
    play(0, 70);
    await pass(2_500);
    expect(session.progressMs).toBeGreaterThan(62_000);
    await toEnd();
    expect(pictures(response.tags)).toEqual([...range(0, 20), ...range(0, 20)]);
    expectMonotonic();
    expect(response.frames.at(-1)).toBe('audio 3840');
  });

  it('does not send what later recordings of the same time hide', async () => {
    await record(6_000);
    rig.clock.wallStepMs = -4_000;
    rig.pass(0);
    await record(2_000);
    // Before: 0 to 6 s in two files; then 2 to 4 s anew. The second file is entered at its keyframe.
    play(0, 6);
    await toEnd();
    expect(pictures(response.tags)).toEqual([...range(0, 20), ...range(0, 20), ...range(30, 60)]);
    expectMonotonic();
  });

  it('seeks back and forth to keyframes, with timestamps that go on', async () => {
    await record(30_000);
    play(0, 30);
    await pass(500);
    const before = response.tags.length;
    const lastMs = response.tags.at(-1)!.timestampMs;
    await expect(session.seek(20_650)).resolves.toBe(20_000);
    expect(session.progressMs).toBe(20_000);
    await pass(100);
    const after = response.tags.slice(before);
    expect(pictures(after)[0]).toBe(200);
    expect(after[0]!.timestampMs).toBe(lastMs + 40);
    await expect(session.seek(4_000)).resolves.toBe(4_000);
    await pass(500);
    expect(pictures(response.tags)).toContain(40);
    await toEnd();
    expect(pictures(response.tags).slice(-260)).toEqual(range(40, 300));
    expectMonotonic();
  });

  it('seeks to what follows where nothing was recorded', async () => {
    await record(2_000);
    rig.pass(60_000);
    await record(5_000);
    play(0, 70);
    await pass(100);
    await expect(session.seek(30_000)).resolves.toBe(62_000);
    // Behind the last picture there is only the end.
    await expect(session.seek(69_000)).resolves.toBe(70_000);
    await toEnd();
  });

  it('lets the last of several seeks win', async () => {
    await record(20_000);
    play(0, 20);
    await pass(100);
    const seeks = [session.seek(5_000), session.seek(10_000), session.seek(15_300)];
    expect((await Promise.all(seeks)).at(-1)).toBe(15_000);
    await toEnd();
    expect(pictures(response.tags).slice(-50)).toEqual(range(150, 200));
    expectMonotonic();
  });

  it('refuses to seek out of the range, and when it is over', async () => {
    await record(5_000);
    play(0, 5);
    for (const wrong of [-1, 5_001, 1.5, NaN]) {
      await expect(session.seek(wrong)).rejects.toMatchObject({ code: -2000, field: 'progress' });
    }
    await pass(100);
    expect(session.open).toBe(true);
    const seeking = session.seek(1_000);
    session.close();
    await expect(seeking).rejects.toMatchObject({ code: -2403 });
    await expect(session.seek(0)).rejects.toMatchObject({ code: -2403, reason: 'stream-ended' });
  });

  it('pauses and goes on where it was', async () => {
    await record(10_000);
    play(0, 10);
    await pass(500);
    session.pause();
    await pass(200);
    const sent = response.tags.length;
    const { progressMs } = session;
    await pass(5_000);
    expect([response.tags.length, session.progressMs, session.paused]).toEqual([
      ...[sent, progressMs, true],
    ]);
    session.resume();
    await pass(500);
    expect(pictures(response.tags).length).toBeLessThanOrEqual(22);
    await toEnd();
    expect(pictures(response.tags)).toEqual(range(0, 100));
    expect(response.frames.at(-1)).toBe('audio 9900');
  });

  it('stays paused while it seeks', async () => {
    await record(10_000);
    play(0, 10);
    await pass(100);
    session.pause();
    await pass(100);
    const sent = response.tags.length;
    await expect(session.seek(7_000)).resolves.toBe(7_000);
    await pass(2_000);
    expect([response.tags.length, session.progressMs]).toEqual([sent, 7_000]);
    session.resume();
    await pass(100);
    expect(pictures(response.tags.slice(sent))[0]).toBe(70);
  });

  it('plays at other speeds without sound', async () => {
    await record(20_000);
    play(0, 20);
    session.setSpeed(4);
    await pass(1_000);
    expect(session.progressMs).toBe(8_000);
    expect(response.frames.some((frame) => frame.startsWith('audio'))).toBe(false);
    session.setSpeed(1);
    await toEnd();
    expect(response.frames.at(-1)).toBe('audio 13900');
    expectMonotonic();
  });

  it('shows each picture as long as it is told', async () => {
    await record(5_000);
    play(0, 5);
    session.setFrameInterval(20);
    await toEnd();
    expect(response.frames).toEqual(range(0, 50).map((at) => `video ${at * 20}`));
    play(0, 5);
    session.setFrameInterval(20);
    session.setFrameInterval(0);
    await toEnd();
    expect(response.frames.at(-1)).toBe('audio 4900');
  });

  it('sends every n-th keyframe only', async () => {
    await record(20_000);
    play(0, 20);
    session.setKeyframeStep(4);
    await toEnd();
    expect(pictures(response.tags)).toEqual([0, 40, 80, 120, 160]);
    expect(response.frames).toEqual([0, 1_000, 2_000, 3_000, 4_000].map((ms) => `video ${ms}`));
    expect(response.tags.filter(isFrame).every(isKeyframe)).toBe(true);
  });

  it('refuses wrong speeds', async () => {
    await record(5_000);
    play(0, 5);
    const wrong = [
      () => session.setSpeed(0.1),
      () => session.setSpeed(17),
      () => session.setSpeed(NaN),
      () => session.setFrameInterval(1_001),
      () => session.setFrameInterval(-1),
      () => session.setKeyframeStep(65),
      () => session.setKeyframeStep(1.5),
    ];
    for (const one of wrong) {
      expect(one).toThrow(expect.objectContaining({ code: -2000, field: 'speed' }));
    }
    await toEnd();
    expect(response.frames.at(-1)).toBe('audio 4900');
  });

  it('sends sound alone', async () => {
    await record(5_000);
    play(1, 4, { audioOnly: true });
    await toEnd();
    expect(response.tags.map(({ type }) => type)).not.toContain('video');
    expect(response.bytes[4]).toBe(4);
    expect(response.frames).toHaveLength(30);
    expect(response.frames.at(-1)).toBe('audio 2900');
  });

  it('waits while the viewer takes nothing, and then does not rush', async () => {
    rig.run(recorder, 30_000, 20_000);
    await card.flush();
    play(0, 30);
    response.stalled = true;
    await pass(8_000);
    const stuckAt = pictures(response.tags).length;
    expect(stuckAt).toBeLessThan(15);
    response.stalled = false;
    response.drain();
    await rig.disk.idle();
    expect(pictures(response.tags).length).toBeLessThanOrEqual(stuckAt + 21);
    await toEnd();
    expect(pictures(response.tags)).toEqual(range(0, 300));
  });

  it('stops when the viewer goes away', async () => {
    await record(5_000);
    play(0, 5);
    await pass(200);
    response.onClose!();
    const sent = response.chunks.length;
    await pass(2_000);
    expect([response.chunks.length, session.open, response.ended]).toEqual([sent, false, false]);
    // What remains is the card's own: it holds its folder.
    expect(rig.clock.pendingTimers).toBe(1);
  });

  it('goes on into what is being recorded', async () => {
    await record(4_000);
    play(2, 12);
    for (let i = 0; i < 8; i++) {
      rig.run(recorder, 1_000);
      await card.flush();
      await rig.disk.idle();
    }
    await toEnd();
    expect(pictures(response.tags)).toEqual(range(20, 120));
    expectMonotonic();
  });

  it('ends when no more is recorded', async () => {
    await record(4_000);
    play(2, 12);
    await toEnd();
    expect(pictures(response.tags)).toEqual(range(20, 40));
  });

  it('plays a file to its end that the ring deletes, and passes over what is gone', async () => {
    await card.close();
    card = await rig.open({ maxBytes: 1024 ** 2 });
    recorder = card.recorder(0);
    rig.begin(recorder);
    startS = rig.nowS;
    rig.run(recorder, 12_000, 4_000);
    await card.flush();
    play(0, 200);
    await pass(100);
    rig.run(recorder, 40_000, 4_000);
    await card.flush();
    expect(card.records(rig.all)[0]!.start_time).toBeGreaterThan(startS + 3);
    await toEnd();
    const seen = pictures(response.tags);
    expect(seen.slice(0, 30)).toEqual(range(0, 30));
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expectMonotonic();
  });

  it('sends sequence headers anew where they change', async () => {
    await record(2_000);
    rig.begin(recorder, 0x1f);
    await record(2_000);
    play(0, 10);
    await toEnd();
    const { tags } = response;
    const setups = tags.filter((tag) => tag.type === 'video' && tag.data[1] === 0);
    expect(setups.map(({ data }) => data[8])).toEqual([0x1e, 0x1f]);
    expect(isKeyframe(tags[tags.indexOf(setups[1]!) + 1]!)).toBe(true);
    expectMonotonic();
  });

  it('answers 400, 404 and 503 where it cannot play', async () => {
    await record(5_000);
    const answer = (request: Partial<PlaybackRequest>): [number | null, string] => {
      const asked = { channel: 0, startS, endS: startS + 5, ...request };
      const one = new DrainingResponse();
      expect(card.openPlayback(asked, one)).toBeNull();
      expect(one.ended).toBe(true);
      return [one.status, one.text];
    };
    expect(answer({ endS: startS })).toEqual([400, expect.stringContaining('end_time')]);
    expect(answer({ startS: NaN })).toEqual([400, expect.stringContaining('start_time')]);
    expect(answer({ startS: -1 })[0]).toBe(400);
    expect(answer({ channel: 1.5 })).toEqual([400, expect.stringContaining('channel')]);
    expect(answer({ channel: 1 })[0]).toBe(404);
    expect(answer({ startS: startS - 100, endS: startS })[0]).toBe(404);
    for (let i = 0; i < 8; i++) play(0, 5);
    expect(answer({})[0]).toBe(503);
    session.close();
    play(0, 5);
    expect(session.open).toBe(true);
    await card.close();
    expect(answer({})[0]).toBe(503);
  });
});
