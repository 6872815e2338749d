import type { IotError } from '../errors';
import { XP2PErrorCode } from '../errors';
import type { CancelTimer } from '../host';
import type {
  XP2PRecorderManager,
  XP2PRecorderStop,
  XP2PVoiceCallbacks,
  XP2PVoiceOptions,
} from '../p2p/module';
import { unsupported } from './plugin-api';
import { callPlugin } from './plugin-call';
import { connectionLost, failure, pluginError } from './plugin-errors';
import type { PluginService, ServicePart } from './plugin-service';
import { recordOf } from './record';

/** The platform may ask the user for the microphone first. */
const START_TIMEOUT_MS = 60_000;
/** The plugin's last words come within this. */
const STOP_TIMEOUT_MS = 1000;

/** What a service may have one of: a talk. */
export interface PluginVoice extends ServicePart {
  /** `stopVoice`. */
  stop(): void;
}

/** One `startVoice` on the plugin: it records by itself, we keep its callbacks in order. */
export class RecorderVoice implements PluginVoice {
  private state: 'starting' | 'recording' | 'stopping' | 'over' = 'starting';
  private rejectStart: (error: IotError) => void = () => undefined;
  private cancelTimer: CancelTimer = () => undefined;

  constructor(
    private readonly service: PluginService,
    private readonly callbacks: XP2PVoiceCallbacks,
    /** Another voice may begin. */
    private readonly onOver: () => void,
  ) {}

  start(recorder: XP2PRecorderManager, options: XP2PVoiceOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      this.rejectStart = reject;
      this.startNow(recorder, options).then(
        () => {
          if (this.state === 'starting') this.state = 'recording';
          resolve();
        },
        (cause: unknown) => this.failStart(pluginError('voice', 'startVoice', cause)),
      );
    });
  }

  stop(): void {
    if (this.state === 'starting') {
      const message = 'the voice was stopped before it started';
      this.failStart(failure(XP2PErrorCode.VoiceFailed, 'voice', 'cancelled', message, true));
    } else if (this.state === 'recording') {
      this.state = 'stopping';
      this.onOver();
      this.cancelTimer = this.service.options.clock.setTimer(STOP_TIMEOUT_MS, () =>
        this.finish({}),
      );
      this.stopPlugin();
    }
  }

  end(error: IotError | null): void {
    const wasRecording = this.state === 'recording';
    if (this.state === 'starting') return this.failStart(connectionLost('voice'));
    if (this.state === 'over') return;
    this.finish({});
    this.stopPlugin();
    if (error !== null && wasRecording) this.callbacks.onError?.(connectionLost('voice'));
  }

  private async startNow(recorder: XP2PRecorderManager, options: XP2PVoiceOptions): Promise<void> {
    const { api, clock, id } = this.service.options;
    if (options.offCrypto === true && api.isBefore('2.0.4')) {
      const message = `startVoice without encryption needs the xp2p plugin 2.0.4, not ${api.version}`;
      throw unsupported('voice', message);
    }
    await this.service.whenStarted('voice');
    if (this.state !== 'starting') return;
    const call = { phase: 'voice', name: 'startVoice', timeoutMs: START_TIMEOUT_MS } as const;
    const start = {
      sampleRate: 8000,
      numberOfChannels: 1,
      encodeBitRate: 16_000,
      ...options,
      format: 'PCM',
    };
    await callPlugin(api, clock, call, id, recorder, start, {
      onStart: () => this.onStart(),
      onPause: (result: unknown) => this.onPause(result),
      onResume: () => {
        if (this.state === 'recording') this.callbacks.onResume?.();
      },
      onStop: (result: unknown) => this.onStop(result),
    });
  }

  private onStart(): void {
    if (this.state === 'starting') this.state = 'recording';
    if (this.state === 'recording') this.callbacks.onStart?.();
  }

  private onPause(result: unknown): void {
    const inInterruption = recordOf(result)?.['inInterruption'] === true;
    if (this.state === 'recording') this.callbacks.onPause?.({ inInterruption });
  }

  private onStop(result: unknown): void {
    const record = recordOf(result) ?? {};
    const stop: XP2PRecorderStop = {
      ...(typeof record['tempFilePath'] === 'string' && { tempFilePath: record['tempFilePath'] }),
      ...(typeof record['duration'] === 'number' && { duration: record['duration'] }),
    };
    if (this.state === 'recording' && record['willRestart'] === true) {
      this.callbacks.onStop?.({ ...stop, willRestart: true });
      return;
    }
    if (this.state !== 'recording' && this.state !== 'stopping') return;
    const byItself = this.state === 'recording';
    this.finish(stop);
    // The request to the device would stay open.
    if (byItself) this.stopPlugin();
  }

  private failStart(error: IotError): void {
    if (this.state !== 'starting' && this.state !== 'recording') return;
    this.state = 'over';
    this.onOver();
    this.stopPlugin();
    this.rejectStart(error);
  }

  private finish(result: XP2PRecorderStop): void {
    const wasRecording = this.state === 'recording';
    this.state = 'over';
    this.cancelTimer();
    if (wasRecording) this.onOver();
    this.callbacks.onStop?.({ ...result, willRestart: false });
  }

  private stopPlugin(): void {
    const { api, id } = this.service.options;
    api.tell('stopVoice', id);
  }
}
