import type { IotError } from '../../errors';
import type { CancelTimer, Clock } from '../../host';
import { voiceFailed } from './module-errors';
import { bytesOfSecond } from './recorder-options';
import type { RequestChannel } from './request-channel';
import type { XP2PRequestResult } from './service-types';
import type { Voice } from './voice-data';
import { VoiceRequest } from './voice-request';
import type {
  XP2PRecorderManager,
  XP2PRecorderStartOptions,
  XP2PRecorderStop,
  XP2PVoiceCallbacks,
  XP2PVoiceOptions,
} from './voice-types';

/** The platform may ask the user for the microphone first. */
const FIRST_START_TIMEOUT_MS = 60_000;
const RESTART_TIMEOUT_MS = 10_000;
/** How long the recorder's last frame is waited for. */
const LAST_FRAME_TIMEOUT_MS = 1000;
/** A recording this much shorter than the longest one has still reached its end. */
const DURATION_TOLERANCE_MS = 1000;
/** Sound that waits longer than this is late, and new sound is left out. */
const MAX_DELAY_S = 1;

export interface RecorderVoiceOptions {
  readonly channel: RequestChannel;
  readonly clock: Clock;
  readonly recorder: XP2PRecorderManager;
  readonly start: XP2PRecorderStartOptions;
  readonly options: XP2PVoiceOptions;
  readonly callbacks: XP2PVoiceCallbacks;
  /** Another voice may begin. */
  readonly onOver: () => void;
}

/** One running `startVoice`: the recorder's PCM frames become the body of a request. */
export class RecorderVoice implements Voice {
  /** Resolves with 0 when the recorder runs; rejects with -2601. */
  readonly started: Promise<number>;
  private readonly options: RecorderVoiceOptions;
  private readonly request: VoiceRequest;
  private state: 'starting' | 'recording' | 'restarting' | 'stopping' | 'over' = 'starting';
  private settleStart: {
    resolve: (code: number) => void;
    reject: (error: IotError) => void;
  } | null = null;
  private onFinished: () => void = () => undefined;
  private inInterruption = false;
  private recordingSinceMs = 0;
  private cancelTimer: CancelTimer = () => undefined;

  /** @throws IotError -2601 when no request can be made. */
  constructor(options: RecorderVoiceOptions) {
    this.options = options;
    const { sampleRate, numberOfChannels } = options.start;
    this.request = new VoiceRequest({
      channel: options.channel,
      clock: options.clock,
      urlParams: options.options.urlParams ?? '',
      offCrypto: options.options.offCrypto ?? false,
      headers: {
        'content-type': `audio/pcm; rate=${sampleRate}; bits=16; channels=${numberOfChannels}`,
      },
      onStopped: () => undefined,
      onOver: (kind, result) => this.onRequestOver(kind, result),
    });
    this.started = new Promise((resolve, reject) => {
      this.settleStart = { resolve, reject };
    });
  }

  /**
   * Starts the recorder; to be called once.
   * @param previous the voice before: while it still stops the same recorder, that cannot be started.
   */
  begin(previous: RecorderVoice | null): void {
    const start = (): void => {
      if (this.state !== 'starting') return;
      this.listen();
      this.startRecorder(FIRST_START_TIMEOUT_MS);
    };
    const isBusy =
      previous?.state === 'stopping' && previous.options.recorder === this.options.recorder;
    if (isBusy) previous.onFinished = start;
    else start();
  }

  stop(): void {
    switch (this.state) {
      case 'starting':
        this.fail(voiceFailed('cancelled', 'the voice was stopped before it started'));
        break;
      case 'recording':
        this.state = 'stopping';
        this.setTimer(LAST_FRAME_TIMEOUT_MS, () => this.finish({}));
        this.options.onOver();
        this.options.recorder.stop();
        break;
      case 'restarting':
        this.options.recorder.stop();
        this.finish({});
        break;
      case 'stopping':
      case 'over':
        break;
    }
  }

  abandon(): void {
    const isRunning = this.state !== 'over';
    this.stop();
    if (isRunning) this.finish({});
    this.request.drop();
  }

  /** The recorder is the platform's only one, and keeps its listeners: those of an old voice are mute. */
  private listen(): void {
    const { recorder, callbacks } = this.options;
    recorder.onStart(() => this.onRecorderStart());
    recorder.onStop((result) => this.onRecorderStop(result));
    recorder.onFrameRecorded(({ frameBuffer }) => this.onFrame(frameBuffer));
    recorder.onError(({ errMsg }) => this.onRecorderError(errMsg));
    recorder.onPause(() => {
      const { inInterruption } = this;
      if (this.state === 'recording') callbacks.onPause?.({ inInterruption });
    });
    recorder.onResume(() => {
      if (this.state === 'recording') callbacks.onResume?.();
    });
    recorder.onInterruptionBegin?.(() => {
      this.inInterruption = true;
    });
    recorder.onInterruptionEnd?.(() => {
      this.inInterruption = false;
    });
  }

  private startRecorder(timeoutMs: number): void {
    this.setTimer(timeoutMs, () =>
      this.fail(voiceFailed('recorder-failed', 'the recorder did not start in time')),
    );
    try {
      this.options.recorder.start(this.options.start);
    } catch (cause) {
      // It may record for somebody else: it is not ours to stop.
      const message = 'the recorder cannot be started';
      this.end(voiceFailed('recorder-failed', message, { cause }));
    }
  }

  private onRecorderStart(): void {
    if (this.state !== 'starting' && this.state !== 'restarting') return;
    this.state = 'recording';
    this.cancelTimer();
    this.recordingSinceMs = this.options.clock.nowMs();
    this.settleStart?.resolve(0);
    this.settleStart = null;
    this.options.callbacks.onStart?.();
  }

  private onFrame(frame: ArrayBuffer): void {
    if (this.state !== 'recording' && this.state !== 'stopping') return;
    const limit = MAX_DELAY_S * bytesOfSecond(this.options.start);
    if (this.request.bufferedBytes <= limit) this.request.write(new Uint8Array(frame));
  }

  private onRecorderStop(result: XP2PRecorderStop = {}): void {
    if (this.state === 'stopping') this.finish(result);
    if (this.state !== 'recording') return;
    const { start, callbacks, clock } = this.options;
    const duration = result.duration ?? clock.nowMs() - this.recordingSinceMs;
    if (duration < start.duration - DURATION_TOLERANCE_MS) {
      this.finish(result);
      return;
    }
    this.state = 'restarting';
    callbacks.onStop?.({ ...result, willRestart: true });
    // The app may have stopped the voice in its callback.
    if (this.isRestarting()) this.startRecorder(RESTART_TIMEOUT_MS);
  }

  private isRestarting(): boolean {
    return this.state === 'restarting';
  }

  private onRecorderError(errMsg: string | undefined): void {
    if (this.state === 'stopping') this.finish({});
    if (this.state === 'over') return;
    const message = `the recorder failed${errMsg === undefined ? '' : `: ${errMsg}`}`;
    this.fail(voiceFailed('recorder-failed', message));
  }

  private onRequestOver(kind: 'answered' | 'broken', result: XP2PRequestResult): void {
    if (this.state === 'over' || this.state === 'stopping') return;
    const { status, errcode, errmsg } = result;
    if (kind === 'broken') this.fail(voiceFailed('connection-lost', errmsg));
    else if (errcode !== 0) this.fail(voiceFailed('voice-rejected', errmsg, { status }));
    else this.fail(voiceFailed('stream-ended', 'the device ended the voice', { status }));
  }

  /** The voice cannot go on. */
  private fail(error: IotError): void {
    this.options.recorder.stop();
    this.end(error);
  }

  private end(error: IotError): void {
    const { settleStart } = this;
    if (settleStart === null) {
      this.finish({});
      this.options.callbacks.onError?.(error);
      return;
    }
    this.settleStart = null;
    this.state = 'over';
    this.cancelTimer();
    this.request.drop();
    this.options.onOver();
    settleStart.reject(error);
  }

  /** The voice is over after it had started: the camera gets its end. */
  private finish(result: XP2PRecorderStop): void {
    if (this.state === 'over') return;
    const wasStopping = this.state === 'stopping';
    this.state = 'over';
    this.cancelTimer();
    this.request.end();
    if (!wasStopping) this.options.onOver();
    this.options.callbacks.onStop?.({ ...result, willRestart: false });
    this.onFinished();
  }

  private setTimer(delayMs: number, call: () => void): void {
    this.cancelTimer();
    this.cancelTimer = this.options.clock.setTimer(delayMs, call);
  }
}
