import type { XP2PVoiceCallbacks, XP2PVoiceOptions } from '../../services/p2p/module';
import { FakeRecorder } from '../standins/fake-recorder';
import { answers, ignore } from './guide-context';
import type { GuideContext, GuideWorld } from './guide-context';
import type { DeviceAnswer } from './subject';

const OPTIONS: XP2PVoiceOptions = { numberOfChannels: 1, sampleRate: 8000, encodeBitRate: 16_000 };
/** The header of an FLV with sound, and the size of the tag before it: none. */
const FLV_HEADER = Uint8Array.of(0x46, 0x4c, 0x56, 1, 4, 0, 0, 0, 9, 0, 0, 0, 0);
const TAKEN: DeviceAnswer = { status: 200, then: 'end', afterBody: true };

export function describeVoice(context: GuideContext): void {
  const withVoice = context.itWith('voice');
  const withDevice = context.itWith('voice', 'device');

  const start = (
    world: GuideWorld,
    recorder = new FakeRecorder(),
    options = OPTIONS,
    callbacks: XP2PVoiceCallbacks = {},
  ) => world.subject.settle(world.module.startVoice('cam', recorder, options, callbacks));

  const callbacksOf = (world: GuideWorld): XP2PVoiceCallbacks => ({
    onStart: () => void world.lines.push('start'),
    onPause: ({ inInterruption }) => void world.lines.push(`pause ${inInterruption}`),
    onResume: () => void world.lines.push('resume'),
    onStop: ({ willRestart }) => void world.lines.push(`stop ${willRestart}`),
  });

  describe('startVoice', () => {
    withVoice('resolves with 0, and starts the recorder with PCM', async () => {
      const world = await context.running();
      const recorder = new FakeRecorder();
      await expect(start(world, recorder)).resolves.toBe(0);
      expect(recorder.starts).toEqual([
        expect.objectContaining({ ...OPTIONS, format: 'PCM', frameSize: expect.any(Number) }),
      ]);
    });

    withDevice('sends the recorder’s frames to the device', async () => {
      const world = await context.running();
      world.device.script(() => TAKEN);
      const recorder = new FakeRecorder();
      await start(world, recorder);
      recorder.frame(1, 2);
      recorder.frame(3);
      await world.subject.until(() => world.device.requests[0]?.body().length === 3);
      const [request] = world.device.requests;
      expect(request).toMatchObject({ method: 'POST', path: '/voice' });
      expect([...request!.body()]).toEqual([1, 2, 3]);
    });

    const withPlain = context.itWith('voice', 'device', 'plain-voice');
    withPlain('sends without encryption of its own with offCrypto', async () => {
      const world = await context.running();
      world.device.script(() => TAKEN);
      await start(world, new FakeRecorder(), { ...OPTIONS, offCrypto: true });
      await world.subject.until(() => world.device.requests.length > 0);
      expect(world.device.requests[0]!.query).toMatchObject({ _crypto: 'off' });
    });

    withVoice('tells onStart, onPause with inInterruption, and onResume', async () => {
      const world = await context.running();
      const recorder = new FakeRecorder();
      await start(world, recorder, OPTIONS, callbacksOf(world));
      recorder.emit('pause');
      recorder.emit('resume');
      recorder.emit('interruptionBegin');
      recorder.emit('pause');
      recorder.emit('interruptionEnd');
      recorder.emit('resume');
      expect(world.lines).toEqual(['start', 'pause false', 'resume', 'pause true', 'resume']);
    });

    withVoice('tells onStop with willRestart at the longest recording, and goes on', async () => {
      const world = await context.running();
      const recorder = new FakeRecorder();
      await start(world, recorder, OPTIONS, callbacksOf(world));
      recorder.reachEnd();
      expect(world.lines).toEqual(['start', 'stop true', 'start']);
      expect(recorder.starts[1]).toEqual(recorder.starts[0]);
    });

    withVoice('tells onStop without willRestart when the recorder was stopped', async () => {
      const world = await context.running();
      const recorder = new FakeRecorder();
      await start(world, recorder, OPTIONS, callbacksOf(world));
      recorder.stop();
      expect(world.lines).toEqual(['start', 'stop false']);
      expect(recorder.starts).toHaveLength(1);
    });

    withVoice.each<[string, unknown, unknown, unknown]>([
      ['id', new FakeRecorder(), OPTIONS, {}],
      ['recorderManager', {}, OPTIONS, {}],
      ['options', new FakeRecorder(), undefined, {}],
      ['options.format', new FakeRecorder(), { ...OPTIONS, format: 'aac' }, {}],
      ['callbacks', new FakeRecorder(), OPTIONS, undefined],
      ['callbacks.onStart', new FakeRecorder(), OPTIONS, { onStart: 1 }],
      ['callbacks.onPause', new FakeRecorder(), OPTIONS, { onPause: 1 }],
      ['callbacks.onResume', new FakeRecorder(), OPTIONS, { onResume: 1 }],
      ['callbacks.onStop', new FakeRecorder(), OPTIONS, { onStop: 1 }],
    ])('rejects with -2000 for a bad %s', async (name, recorder, options, callbacks) => {
      const { subject, module } = await context.running();
      const started = module.startVoice(
        name === 'id' ? '' : 'cam',
        recorder as FakeRecorder,
        options as XP2PVoiceOptions,
        callbacks as XP2PVoiceCallbacks,
      );
      await expect(subject.settle(started)).rejects.toMatchObject({ errcode: -2000 });
    });

    withVoice('rejects with -2002 before init', async () => {
      await expect(start(await context.fresh())).rejects.toMatchObject({ errcode: -2002 });
    });

    withVoice('rejects with -2401 while a voice runs, until it is stopped', async () => {
      const world = await context.running();
      await start(world);
      await expect(start(world)).rejects.toMatchObject({ errcode: -2401 });
      world.module.stopVoice('cam');
      await expect(start(world)).resolves.toBe(0);
    });

    withVoice('rejects with -2403 without a service', async () => {
      await expect(start(await context.initialised())).rejects.toMatchObject({ errcode: -2403 });
    });

    withVoice('rejects with -2601 when the recorder fails', async () => {
      const world = await context.running();
      const recorder = new FakeRecorder();
      recorder.startsAtOnce = false;
      const started = world.module.startVoice('cam', recorder, OPTIONS, {});
      // The listeners stand by the time the recorder was started.
      await world.subject.until(() => recorder.starts.length > 0);
      recorder.emit('error', { errMsg: 'auth deny' });
      await expect(world.subject.settle(started)).rejects.toMatchObject({ errcode: -2601 });
    });

    withVoice('has its former name startVoiceService, with options left out', async () => {
      const { subject, module } = await context.running();
      const recorder = new FakeRecorder();
      await expect(subject.settle(module.startVoiceService('cam', recorder))).resolves.toBe(0);
      module.stopVoiceService('cam');
      expect(recorder.isRecording).toBe(false);
    });
  });

  describe('startVoiceData', () => {
    const startData = (world: GuideWorld, options = {}, callbacks = world.voiceCallbacks()) =>
      world.subject.settle(world.module.startVoiceData('cam', options, callbacks));

    withDevice('resolves with a writer whose chunks reach the device', async () => {
      const world = await context.running();
      world.device.script(() => TAKEN);
      const writer = await startData(world, { urlParams: 'calltype=audio' });
      writer.addChunk(Uint8Array.of(1, 2).buffer);
      writer.addChunk(Uint8Array.of(3).buffer);
      await world.subject.until(() => world.device.requests[0]?.body().length === 3);
      const [request] = world.device.requests;
      expect(request).toMatchObject({
        method: 'POST',
        path: '/voice',
        query: { calltype: 'audio' },
      });
      expect([...request!.body()]).toEqual([1, 2, 3]);
    });

    withVoice('tells onStop, onSuccess and onComplete after stopVoice', async () => {
      const world = await context.running();
      world.subject.device?.script(() => TAKEN);
      const writer = await startData(world);
      writer.addChunk(FLV_HEADER.buffer);
      world.module.stopVoice('cam');
      await world.subject.until(() => world.lines.includes('complete'));
      expect(world.lines).toEqual(['stop', 'success 200', 'complete']);
      expect(world.details[0]).toMatchObject({ status: 200, errcode: 0, errmsg: '' });
      const requests = world.subject.device?.requests ?? [];
      expect(requests.every((request) => request.ended())).toBe(true);
    });

    withDevice('tells onStop, onFailure and onComplete when the device refuses', async () => {
      const world = await context.running();
      world.device.script(() => answers(503, 'end', Uint8Array.of(66)));
      await startData(world);
      await world.subject.until(() => world.lines.includes('complete'));
      expect(world.lines).toEqual(['stop', 'failure 503', 'complete']);
      expect(world.details[0]).toMatchObject({ status: 503, errcode: -2601 });
    });

    withDevice('tells onStop, onError and onComplete when no answer comes', async () => {
      const world = await context.running();
      world.device.script(() => answers(200, 'abort'));
      await startData(world);
      await world.subject.until(() => world.lines.includes('complete'));
      expect(world.lines).toEqual(['stop', expect.stringMatching(/^error/), 'complete']);
    });

    withVoice('tells onStop, onError and onComplete when the service is stopped', async () => {
      const world = await context.running();
      await startData(world);
      world.module.stopP2PService('cam');
      await world.subject.until(() => world.lines.includes('complete'));
      expect(world.lines).toEqual(['stop', 'error 0', 'complete']);
    });

    withVoice.each<[string, unknown, unknown]>([
      ['id', {}, {}],
      ['options', undefined, {}],
      ['options.urlParams', { urlParams: 1 }, {}],
      ['callbacks', {}, undefined],
      ['callbacks.onStop', {}, { onStop: 1 }],
      ['callbacks.onSuccess', {}, { onSuccess: 1 }],
      ['callbacks.onFailure', {}, { onFailure: 1 }],
      ['callbacks.onError', {}, { onError: 1 }],
      ['callbacks.onComplete', {}, { onComplete: 1 }],
    ])('rejects with -2000 for a bad %s', async (name, options, callbacks) => {
      const { subject, module } = await context.running();
      const id = name === 'id' ? '' : 'cam';
      const started = module.startVoiceData(id, options as object, callbacks as object);
      await expect(subject.settle(started)).rejects.toMatchObject({ errcode: -2000 });
    });

    withVoice('rejects with -2002 before init, and with -2403 without a service', async () => {
      await expect(startData(await context.fresh())).rejects.toMatchObject({ errcode: -2002 });
      await expect(startData(await context.initialised())).rejects.toMatchObject({
        errcode: -2403,
      });
    });

    withVoice('rejects with -2401 while a voice runs', async () => {
      const world = await context.running();
      await startData(world);
      await expect(startData(world)).rejects.toMatchObject({ errcode: -2401 });
    });
  });

  describe('stopVoice', () => {
    withVoice('stops the recorder, and tells onStop', async () => {
      const world = await context.running();
      const recorder = new FakeRecorder();
      await start(world, recorder, OPTIONS, callbacksOf(world));
      expect(world.module.stopVoice('cam')).toBeUndefined();
      expect(recorder.isRecording).toBe(false);
      expect(world.lines).toEqual(['start', 'stop false']);
    });

    withVoice('may be called from onStop and onComplete, and where no voice runs', async () => {
      const world = await context.running();
      const stop = () => world.module.stopVoice('cam');
      await world.subject.settle(
        world.module.startVoiceData('cam', {}, { onStop: stop, onComplete: stop, onError: ignore }),
      );
      stop();
      stop();
      await world.subject.pause();
      expect(world.module.stopVoice('other')).toBeUndefined();
    });
  });
}
