import type { XP2PVoiceDataCallbacks } from '../../../services/p2p/module';
import { answers } from '../../conformance/guide-context';
import { FakeRecorder } from '../../standins/fake-recorder';
import { PluginWorld } from './plugin-world';

type Callbacks = Readonly<Record<string, (detail?: unknown) => void>>;

/** A plugin whose voice the test plays. */
function silentVoice() {
  const told: { callbacks: Callbacks; chunks: number[] } = { callbacks: {}, chunks: [] };
  const writer = {
    addChunk: (chunk: ArrayBuffer) => told.chunks.push(...new Uint8Array(chunk)),
  };
  const overrides = {
    startVoice: (...args: unknown[]) => {
      told.callbacks = args[3] as Callbacks;
      return Promise.resolve(0);
    },
    startVoiceData: (...args: unknown[]) => {
      told.callbacks = args[2] as Callbacks;
      return Promise.resolve(writer);
    },
    stopVoice: jest.fn(),
  };
  return { told, overrides };
}

function recorderLog() {
  const log: string[] = [];
  return {
    log,
    callbacks: {
      onStop: ({ willRestart }: { readonly willRestart: boolean }) =>
        log.push(`stop ${willRestart}`),
      onError: ({ code, reason }: { readonly code: number; readonly reason: string }) =>
        log.push(`error ${code} ${reason}`),
    },
  };
}

function dataLog() {
  const log: string[] = [];
  const callbacks: XP2PVoiceDataCallbacks = {
    onStop: () => log.push('stop'),
    onSuccess: ({ status }) => log.push(`success ${status}`),
    onFailure: ({ status, errcode }) => log.push(`failure ${status} ${errcode}`),
    onError: ({ status, errcode }) => log.push(`error ${status} ${errcode}`),
    onComplete: () => log.push('complete'),
  };
  return { log, callbacks };
}

describe('startVoice', () => {
  const start = (world: PluginWorld, callbacks: object, recorder = new FakeRecorder()) =>
    world.settle(world.module.startVoice('cam', recorder, {}, callbacks));

  it('gives the plugin PCM with the guide’s settings', async () => {
    const world = await PluginWorld.running('4.6.9');
    const recorder = new FakeRecorder();
    await start(world, {}, recorder);
    expect(recorder.starts[0]).toMatchObject({
      format: 'PCM',
      sampleRate: 8000,
      numberOfChannels: 1,
      encodeBitRate: 16_000,
    });
  });

  it('without encryption before 2.0.4 is -2004', async () => {
    const world = await PluginWorld.running('1.3.0');
    const started = world.module.startVoice('cam', new FakeRecorder(), { offCrypto: true }, {});
    await expect(world.settle(started)).rejects.toMatchObject({
      errcode: -2004,
      message: expect.stringContaining('2.0.4') as string,
    });
  });

  it('tells onStop and onError when the device drops out, and takes another voice', async () => {
    const world = await PluginWorld.running('3.1.10');
    const { log, callbacks } = recorderLog();
    await start(world, callbacks);
    world.fake.drop('cam');
    expect(log).toEqual(['stop false', 'error -2601 connection-lost']);
  });

  it('tells onStop alone when the app stops the service', async () => {
    const world = await PluginWorld.running('3.1.10');
    const { log, callbacks } = recorderLog();
    await start(world, callbacks);
    world.module.stopP2PService('cam');
    await world.pass(2000);
    expect(log).toEqual(['stop false']);
  });

  it('tells onStop by itself where the plugin does not', async () => {
    const { overrides } = silentVoice();
    const world = await PluginWorld.running('4.6.9', overrides);
    const { log, callbacks } = recorderLog();
    await start(world, callbacks);
    world.module.stopVoice('cam');
    expect(overrides.stopVoice).toHaveBeenCalledTimes(1);
    expect(log).toEqual([]);
    // Another one may begin meanwhile.
    await start(world, {});
    await world.pass(1000);
    expect(log).toEqual(['stop false']);
  });

  it('ends the plugin’s request when the recorder stops by itself', async () => {
    const { told, overrides } = silentVoice();
    const world = await PluginWorld.running('4.6.9', overrides);
    const { log, callbacks } = recorderLog();
    await start(world, callbacks);
    told.callbacks['onStop']!({ willRestart: true });
    told.callbacks['onStop']!({ duration: 5 });
    told.callbacks['onStop']!({});
    told.callbacks['onPause']!({ inInterruption: true });
    expect(log).toEqual(['stop true', 'stop false']);
    expect(overrides.stopVoice).toHaveBeenCalledTimes(1);
  });

  it('that is stopped before it started rejects', async () => {
    const world = await PluginWorld.running('4.6.9');
    const recorder = new FakeRecorder();
    recorder.startsAtOnce = false;
    const started = world.module.startVoice('cam', recorder, {}, {});
    started.catch(() => undefined);
    await world.pass(50);
    world.module.stopVoice('cam');
    await expect(world.settle(started)).rejects.toMatchObject({
      errcode: -2601,
      reason: 'cancelled',
    });
    expect(recorder.isRecording).toBe(false);
  });

  it('that never starts rejects after a minute, which the user may need', async () => {
    const overrides = { startVoice: () => new Promise(() => undefined) };
    const world = await PluginWorld.running('4.6.9', overrides);
    const sinceMs = world.clock.nowMs();
    await expect(start(world, {})).rejects.toMatchObject({ errcode: -2601, retryable: true });
    expect(world.clock.nowMs() - sinceMs).toBeGreaterThanOrEqual(60_000);
    expect(world.calls).toContain('stopVoice cam');
  });
});

describe('startVoiceData', () => {
  const start = (world: PluginWorld, callbacks: XP2PVoiceDataCallbacks) =>
    world.settle(world.module.startVoiceData('cam', {}, callbacks));

  it('keeps an early success until the voice is over', async () => {
    const { told, overrides } = silentVoice();
    const world = await PluginWorld.running('4.6.9', overrides);
    const { log, callbacks } = dataLog();
    const writer = await start(world, callbacks);
    told.callbacks['onSuccess']!({ status: 200 });
    expect(log).toEqual([]);
    expect(writer.addChunk(Uint8Array.of(1, 2).buffer)).toBe(true);
    world.module.stopVoice('cam');
    expect(log).toEqual(['stop']);
    expect(writer.addChunk(Uint8Array.of(3).buffer)).toBe(false);
    told.callbacks['onStop']!();
    told.callbacks['onComplete']!();
    expect(log).toEqual(['stop', 'success 200', 'complete']);
    expect(told.chunks).toEqual([1, 2]);
  });

  it.each([
    ['onFailure', { status: 503 }, 'failure 503 -2601'],
    ['onError', undefined, 'error 0 -2601'],
  ])('is over with %s, also without onComplete', async (name, result, line) => {
    const { told, overrides } = silentVoice();
    const world = await PluginWorld.running('4.6.9', overrides);
    const { log, callbacks } = dataLog();
    await start(world, callbacks);
    told.callbacks[name]!(result);
    await world.pass(2000);
    told.callbacks['onComplete']!();
    expect(log).toEqual(['stop', line, 'complete']);
  });

  it('tells of no outcome that nobody knows, after the app stopped it', async () => {
    const { overrides } = silentVoice();
    const world = await PluginWorld.running('4.6.9', overrides);
    const { log, callbacks } = dataLog();
    await start(world, callbacks);
    world.module.stopVoice('cam');
    await world.pass(2000);
    expect(log).toEqual(['stop', 'complete']);
  });

  it('tells onError when the plugin ends it without a word', async () => {
    const { told, overrides } = silentVoice();
    const world = await PluginWorld.running('4.6.9', overrides);
    const { log, callbacks } = dataLog();
    await start(world, callbacks);
    told.callbacks['onComplete']!();
    expect(log).toEqual(['stop', 'error 0 -2601', 'complete']);
  });

  it('takes bytes only', async () => {
    const world = await PluginWorld.running('4.6.9');
    world.device.script(() => answers(200, 'hold'));
    const writer = await start(world, {});
    expect(() => writer.addChunk('text' as never)).toThrow(
      expect.objectContaining({ errcode: -2000, field: 'chunk' }) as Error,
    );
    expect(writer.bufferedBytes).toBe(0);
  });

  it('rejects with -2601 where the plugin gives no writer', async () => {
    const overrides = { startVoiceData: () => Promise.resolve(undefined) };
    const world = await PluginWorld.running('4.6.9', overrides);
    await expect(start(world, {})).rejects.toMatchObject({ errcode: -2601 });
    expect(world.calls).toContain('stopVoice cam');
  });
});
