import type { XP2PRecorderManager, XP2PRecorderStop } from '../../../services/p2p/module';
import type { FakeCalls } from './fake-calls';
import { paramsOf } from './fake-crypto';
import type { TransferOptions } from './fake-crypto';
import type { FakeService } from './fake-service';
import type { Generation } from './generation';
import { ScriptedRequest } from './scripted-device';

type Callbacks = Readonly<Record<string, ((detail?: unknown) => void) | undefined>>;
type RecorderOptions = Readonly<Record<string, unknown>>;

const LONGEST_MS = 600_000;

/** Talk inside the plugin: from a recorder, or from data that the app writes. */
export class FakeVoice {
  constructor(
    private readonly generation: Generation,
    private readonly calls: FakeCalls,
  ) {}

  startRecorder(
    service: FakeService,
    recorder: XP2PRecorderManager,
    options: RecorderOptions = {},
    callbacks: Callbacks = {},
  ): Promise<unknown> {
    const { callFailure, offCrypto } = this.generation;
    if (service.stopVoice !== null) return this.calls.fail(callFailure, 'startVoice', -2401);
    const isPlain = offCrypto && options['offCrypto'] === true;
    const request = new ScriptedRequest('POST', '/voice', isPlain ? '_crypto=off' : '');
    service.device?.receive(request);
    const start = { frameSize: 1, duration: LONGEST_MS, ...options, format: 'PCM' } as const;
    const run = () => recorder.start(start as unknown as Parameters<typeof recorder.start>[0]);
    let over = false;
    let inInterruption = false;
    service.stopVoice = () => {
      recorder.stop();
      over = true;
      request.end();
    };
    return new Promise((resolve, reject) => {
      recorder.onStart(() => {
        if (over) return;
        callbacks['onStart']?.();
        resolve(0);
      });
      recorder.onPause(() => {
        if (!over) callbacks['onPause']?.({ inInterruption });
      });
      recorder.onResume(() => {
        if (!over) callbacks['onResume']?.();
      });
      recorder.onInterruptionBegin?.(() => (inInterruption = true));
      recorder.onInterruptionEnd?.(() => (inInterruption = false));
      recorder.onFrameRecorded(({ frameBuffer }) => {
        if (!over) request.write(frameBuffer);
      });
      recorder.onStop((result: XP2PRecorderStop) => {
        if (over) return;
        // The platform's longest recording is over: the plugin records on.
        const willRestart = (result.duration ?? 0) >= start.duration;
        callbacks['onStop']?.({ ...result, willRestart });
        if (willRestart) run();
      });
      recorder.onError(() => {
        service.stopVoice = null;
        over = true;
        this.calls.fail(callFailure, 'startVoice', -2601).then(resolve, reject);
      });
      run();
    });
  }

  startData(
    service: FakeService,
    options: TransferOptions,
    callbacks: Callbacks = {},
  ): Promise<unknown> {
    const { device } = service;
    if (service.stopVoice !== null) {
      return this.calls.fail(this.generation.callFailure, 'startVoiceData', -2401);
    }
    const request = new ScriptedRequest('POST', '/voice', paramsOf(this.generation, options));
    let over = false;
    const finish = (name: string, result: object) => {
      if (over) return;
      over = true;
      service.stopVoice = null;
      callbacks[name]?.({ status: 0, errcode: 0, errmsg: '', ...result });
      callbacks['onComplete']?.();
    };
    service.stopVoice = () => {
      this.calls.after(3, () => callbacks['onStop']?.());
      request.end();
    };
    if (device?.online !== true) {
      this.calls.after(5000, () => finish('onError', { errcode: -2601, errmsg: 'no answer' }));
    } else {
      const answer = device.receive(request);
      const tell = () =>
        this.calls.after(device.rttMs, () => {
          if (answer?.then === 'abort') finish('onError', { errcode: -2601, errmsg: 'broken' });
          else if (answer === null || answer.then === 'hold') return;
          else if (answer.status < 300) finish('onSuccess', { status: answer.status });
          else finish('onFailure', { status: answer.status });
        });
      if (answer?.afterBody === true) request.onEnd = tell;
      else tell();
    }
    const writer = { addChunk: (chunk: ArrayBuffer) => request.write(chunk) };
    return this.calls.later(10, () => writer);
  }
}
