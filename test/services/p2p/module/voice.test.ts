import type { IncomingRequest, ResponseWriter } from '../../../../services/p2p/http';
import type { XP2PVoiceCallbacks, XP2PVoiceOptions } from '../../../../services/p2p/module';
import { FakeRecorder } from '../../../standins/fake-recorder';
import { ModuleWorld, turn } from './module-world';

/** A world whose camera listens to a voice. */
async function listening(): Promise<
  ModuleWorld & { voice: IncomingRequest | null; response: ResponseWriter | null; heard: number }
> {
  const world = Object.assign(await ModuleWorld.running(), {
    voice: null as IncomingRequest | null,
    response: null as ResponseWriter | null,
    heard: 0,
  });
  world.handler = (request, response) => {
    world.voice = request;
    world.response = response;
    request.onData = (chunk) => {
      world.heard += chunk.length;
    };
  };
  return world;
}

const callbacksOf = (lines: string[]): XP2PVoiceCallbacks => ({
  onStart: () => void lines.push('start'),
  onStop: ({ willRestart }) => void lines.push(`stop ${willRestart}`),
  onError: ({ code, reason }) => void lines.push(`error ${code} ${reason}`),
});

async function talking(recorder = new FakeRecorder(), options: XP2PVoiceOptions = {}) {
  const world = await listening();
  const lines: string[] = [];
  const started = world.module.startVoice('cam', recorder, options, callbacksOf(lines));
  return { world, recorder, lines, started };
}

describe('startVoice', () => {
  it.each<[XP2PVoiceOptions, string, number]>([
    [{}, 'audio/pcm; rate=8000; bits=16; channels=1', 1],
    [{ format: 'pcm', sampleRate: 16_000 }, 'audio/pcm; rate=16000; bits=16; channels=1', 2],
    [{ sampleRate: 44_100, numberOfChannels: 2 }, 'audio/pcm; rate=44100; bits=16; channels=2', 10],
  ])('tells the device what it sends: %j', async (options, type, frameSize) => {
    const { world, recorder } = await talking(new FakeRecorder(), options);
    world.clock.advance(100);
    expect(world.voice!.headers['content-type']).toBe(type);
    expect(recorder.starts[0]).toMatchObject({ format: 'PCM', frameSize, duration: 600_000 });
  });

  it('keeps urlParams and offCrypto from the recorder', async () => {
    const options = { urlParams: 'channel=1', offCrypto: true };
    const { world, recorder } = await talking(new FakeRecorder(), options);
    world.clock.advance(100);
    expect(world.requests).toEqual(['/voice?channel=1&_crypto=off']);
    expect(Object.keys(recorder.starts[0]!)).not.toContain('urlParams');
    expect(Object.keys(recorder.starts[0]!)).not.toContain('offCrypto');
  });

  it.each<[string, XP2PVoiceOptions]>([
    ['options.sampleRate', { sampleRate: 0 }],
    ['options.numberOfChannels', { numberOfChannels: 3 as 2 }],
    ['options.duration', { duration: 600_001 }],
    ['options.frameSize', { frameSize: 0 }],
  ])('names a bad %s', async (field, options) => {
    const { started } = await talking(new FakeRecorder(), options);
    await expect(started).rejects.toMatchObject({ errcode: -2000, field });
  });

  it('leaves sound out that the network cannot take in time, and goes on after', async () => {
    const { world, recorder } = await talking();
    world.relay.kill();
    const frame = new Array<number>(1000).fill(7);
    for (let i = 0; i < 300; i++) recorder.frame(...frame);
    world.relay.start();
    world.clock.advance(10_000);
    // One second of 8 kHz, and what the first congestion window took.
    expect(world.heard).toBeGreaterThan(15_000);
    expect(world.heard).toBeLessThan(100_000);
    recorder.frame(1);
    world.clock.advance(1000);
    expect(world.heard % 1000).toBe(1);
  });

  it('rejects when the device refuses before the recorder has started', async () => {
    const recorder = new FakeRecorder();
    recorder.startsAtOnce = false;
    const { world, started } = await talking(recorder);
    world.clock.advance(100);
    world.response!.writeHead(503);
    world.response!.end();
    await expect(world.settle(started)).rejects.toMatchObject({
      errcode: -2601,
      reason: 'voice-rejected',
      status: 503,
    });
    expect(recorder.isRecording).toBe(false);
  });

  it('stops the recorder and tells the error when the device ends the voice', async () => {
    const { world, recorder, lines } = await talking();
    world.clock.advance(100);
    world.response!.writeHead(408);
    world.response!.end();
    world.clock.advance(100);
    expect(recorder.isRecording).toBe(false);
    expect(lines).toEqual(['start', 'stop false', 'error -2601 voice-rejected']);
  });

  it('tells connection-lost when the connection is gone', async () => {
    const { world, recorder, lines } = await talking();
    world.relay.kill();
    world.clock.advance(40_000);
    expect(recorder.isRecording).toBe(false);
    expect(lines).toEqual(['start', 'stop false', 'error -2601 connection-lost']);
  });

  it('rejects when the recorder throws, or does not start within a minute', async () => {
    const busy = new FakeRecorder();
    busy.isRecording = true;
    await expect((await talking(busy)).started).rejects.toMatchObject({
      reason: 'recorder-failed',
    });
    const mute = new FakeRecorder();
    mute.startsAtOnce = false;
    const { world, started } = await talking(mute);
    await expect(world.settle(started)).rejects.toMatchObject({ reason: 'recorder-failed' });
    expect(world.clock.nowMs()).toBeGreaterThanOrEqual(60_000);
  });

  it('rejects when it is stopped before the recorder has started', async () => {
    const recorder = new FakeRecorder();
    recorder.startsAtOnce = false;
    const { world, started, lines } = await talking(recorder);
    world.module.stopVoice('cam');
    await expect(started).rejects.toMatchObject({ errcode: -2601, reason: 'cancelled' });
    expect(recorder.isRecording).toBe(false);
    expect(lines).toEqual([]);
  });

  it('ends when the next recording does not start', async () => {
    const { world, recorder, lines } = await talking();
    recorder.startsAtOnce = false;
    recorder.reachEnd();
    world.clock.advance(10_000);
    expect(lines).toEqual(['start', 'stop true', 'stop false', 'error -2601 recorder-failed']);
    expect(recorder.isRecording).toBe(false);
  });

  it('starts no next recording when it is stopped in onStop', async () => {
    const world = await listening();
    const recorder = new FakeRecorder();
    const stop = () => world.module.stopVoice('cam');
    await world.module.startVoice('cam', recorder, {}, { onStop: stop });
    recorder.reachEnd();
    expect(recorder.starts).toHaveLength(1);
  });

  it('waits for the recorder’s last frame, a second at most', async () => {
    const { world, recorder, lines } = await talking();
    recorder.stopsAtOnce = false;
    let ended = false;
    world.clock.advance(100);
    world.voice!.onEnd = () => {
      ended = true;
    };
    world.module.stopVoice('cam');
    recorder.frame(1, 2, 3);
    world.clock.advance(500);
    expect([world.heard, ended]).toEqual([3, false]);
    world.clock.advance(600);
    expect([lines, ended]).toEqual([['start', 'stop false'], true]);
  });

  it('waits with the next voice until the recorder has stopped', async () => {
    const { world, recorder } = await talking();
    recorder.stopsAtOnce = false;
    world.module.stopVoice('cam');
    const next = world.module.startVoice('cam', recorder, {}, {});
    expect(recorder.starts).toHaveLength(1);
    recorder.emit('stop', {});
    await expect(next).resolves.toBe(0);
    expect(recorder.starts).toHaveLength(2);
    recorder.stopsAtOnce = true;
    recorder.frame(5);
    world.clock.advance(100);
    expect(world.heard).toBe(1);
  });

  it('can be stopped while it waits for the recorder', async () => {
    const { world, recorder } = await talking();
    recorder.stopsAtOnce = false;
    world.module.stopVoice('cam');
    const next = world.module.startVoice('cam', recorder, {}, {});
    world.module.stopVoice('cam');
    await expect(next).rejects.toMatchObject({ reason: 'cancelled' });
    world.clock.advance(2000);
    expect(recorder.starts).toHaveLength(1);
  });

  it('is deaf to the recorder once it is over', async () => {
    const { world, recorder, lines } = await talking();
    world.module.stopVoice('cam');
    await world.module.startVoice('cam', recorder, {}, {});
    recorder.emit('pause');
    recorder.emit('error', { errMsg: 'x' });
    expect(lines).toEqual(['start', 'stop false']);
  });
});

describe('startVoiceData', () => {
  it('says what it sends', async () => {
    const world = await listening();
    await world.module.startVoiceData('cam', {}, {});
    world.clock.advance(100);
    expect(world.voice).toMatchObject({ method: 'POST', path: '/voice' });
    expect(world.voice!.headers['content-type']).toBe('video/x-flv');
  });

  it('has back-pressure: false when enough waits, onDrain when more is welcome', async () => {
    const world = await listening();
    const writer = await world.module.startVoiceData('cam', {}, {});
    let drained = 0;
    writer.onDrain = () => {
      drained++;
    };
    const chunk = new ArrayBuffer(50_000);
    expect(writer.addChunk(chunk)).toBe(true);
    let written = 1;
    while (writer.addChunk(chunk)) written++;
    expect(written).toBeLessThan(10);
    expect(writer.bufferedBytes).toBeGreaterThan(100_000);
    world.clock.advance(5000);
    await turn();
    expect([drained, writer.bufferedBytes]).toEqual([1, 0]);
    expect(world.heard).toBe((written + 1) * 50_000);
  });

  it('drops what is written beyond 1 MiB, and after the end', async () => {
    const world = await listening();
    const writer = await world.module.startVoiceData('cam', {}, {});
    world.relay.kill();
    for (let i = 0; i < 100; i++) writer.addChunk(new ArrayBuffer(50_000));
    expect(writer.bufferedBytes).toBeLessThanOrEqual(1024 * 1024);
    world.relay.start();
    world.module.stopVoice('cam');
    expect(writer.addChunk(new ArrayBuffer(1))).toBe(false);
    world.clock.advance(20_000);
    expect(world.heard).toBeGreaterThan(900_000);
    expect(world.heard).toBeLessThan(1_100_000);
    expect(world.heard % 50_000).toBe(0);
    expect(writer.bufferedBytes).toBe(0);
  });

  it('throws -2000 for a chunk that is no ArrayBuffer', async () => {
    const world = await listening();
    const writer = await world.module.startVoiceData('cam', {}, {});
    expect(() => writer.addChunk('x' as never)).toThrow('chunk must be an ArrayBuffer');
  });

  it('tells an error when the device does not answer the end of the voice', async () => {
    const world = await listening();
    const lines: string[] = [];
    await world.module.startVoiceData(
      'cam',
      {},
      {
        onError: ({ errmsg }) => void lines.push(errmsg),
        onComplete: () => void lines.push('end'),
      },
    );
    world.module.stopVoice('cam');
    world.clock.advance(5000);
    expect(lines).toEqual(['no answer in time', 'end']);
  });
});
