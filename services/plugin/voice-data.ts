import type { IotError } from '../errors';
import { XP2PErrorCode } from '../errors';
import type { CancelTimer } from '../host';
import type {
  XP2PVoiceDataCallbacks,
  XP2PVoiceDataOptions,
  XP2PVoiceDataWriter,
} from '../p2p/module';
import { arrayBufferOf } from './array-buffer';
import { cryptoOptions } from './crypto-options';
import { badParameter } from './parameters';
import { callPlugin } from './plugin-call';
import { connectionLost, failure, pluginError } from './plugin-errors';
import type { PluginService } from './plugin-service';
import { recordOf } from './record';
import type { PluginVoice } from './recorder-voice';
import { requestResult } from './request-result';

const START_TIMEOUT_MS = 10_000;
/** The plugin's last words come within this. */
const STOP_TIMEOUT_MS = 2000;

type Outcome = 'onSuccess' | 'onFailure' | 'onError';

/**
 * One `startVoiceData` on the plugin. Whatever the plugin calls and when: `onStop`, then the outcome,
 * then `onComplete`, each once.
 */
export class VoiceData implements PluginVoice {
  private state: 'starting' | 'open' | 'stopped' | 'over' = 'starting';
  private outcome: (() => void) | null = null;
  private rejectStart: (error: IotError) => void = () => undefined;
  private cancelTimer: CancelTimer = () => undefined;

  constructor(
    private readonly service: PluginService,
    private readonly callbacks: XP2PVoiceDataCallbacks,
    /** Another voice may begin. */
    private readonly onOver: () => void,
  ) {}

  start(options: XP2PVoiceDataOptions): Promise<XP2PVoiceDataWriter> {
    return new Promise((resolve, reject) => {
      this.rejectStart = reject;
      this.startNow(options).then(
        (addChunk) => {
          if (this.state === 'starting') this.state = 'open';
          resolve(this.writerOf(addChunk));
        },
        (cause: unknown) => this.failStart(pluginError('voice', 'startVoiceData', cause)),
      );
    });
  }

  stop(): void {
    if (this.state === 'starting') {
      const message = 'the voice was stopped before it started';
      this.failStart(failure(XP2PErrorCode.VoiceFailed, 'voice', 'cancelled', message, true));
    } else if (this.state === 'open') {
      this.tellStop();
      this.stopPlugin();
    }
  }

  end(error: IotError | null): void {
    if (this.state === 'starting') return this.failStart(connectionLost('voice'));
    if (this.state === 'over') return;
    const message = error?.message ?? 'the service was stopped';
    this.keepOutcome('onError', undefined, message);
    this.complete();
    this.stopPlugin();
  }

  private async startNow(options: XP2PVoiceDataOptions): Promise<(chunk: ArrayBuffer) => unknown> {
    const { api, clock, id } = this.service.options;
    await this.service.whenStarted('voice');
    const call = { phase: 'voice', name: 'startVoiceData', timeoutMs: START_TIMEOUT_MS } as const;
    const writer = await callPlugin(api, clock, call, id, cryptoOptions(api, options), {
      onStop: () => this.onPluginStop(),
      onSuccess: (result: unknown) => this.keepOutcome('onSuccess', result, ''),
      onFailure: (result: unknown) => this.onPluginEnd('onFailure', result),
      onError: (result: unknown) => this.onPluginEnd('onError', result),
      onComplete: () => this.complete(),
    });
    const addChunk = recordOf(writer)?.['addChunk'];
    if (typeof addChunk !== 'function') throw new Error('the plugin gave no writer');
    return (chunk) => (addChunk as (chunk: ArrayBuffer) => unknown).call(writer, chunk);
  }

  private writerOf(addChunk: (chunk: ArrayBuffer) => unknown): XP2PVoiceDataWriter {
    return {
      addChunk: (chunk) => {
        const bytes = arrayBufferOf(chunk);
        if (bytes === null) throw badParameter('voice', 'chunk', 'an ArrayBuffer');
        if (this.state === 'open') addChunk(bytes);
        return this.state === 'open';
      },
      // The plugin tells nothing of what waits in it.
      bufferedBytes: 0,
      onDrain: null,
    };
  }

  private onPluginStop(): void {
    if (this.state !== 'open') return;
    this.tellStop();
    this.stopPlugin();
  }

  private onPluginEnd(outcome: Outcome, result: unknown): void {
    if (this.state === 'starting' || this.state === 'over') return;
    this.keepOutcome(outcome, result, 'the device did not take the voice');
    this.tellStop();
  }

  /** The plugin's `onSuccess` may come while the voice still runs. */
  private keepOutcome(outcome: Outcome, result: unknown, errmsg: string): void {
    const errcode = outcome === 'onSuccess' ? XP2PErrorCode.Ok : XP2PErrorCode.VoiceFailed;
    this.outcome = () => this.callbacks[outcome]?.(requestResult(result, { errcode, errmsg }));
  }

  private complete(): void {
    if (this.state === 'starting' || this.state === 'over') return;
    // Without a word on the outcome the plugin has only ended what the app stopped.
    if (this.state === 'open' && this.outcome === null) {
      this.keepOutcome('onError', undefined, 'the plugin ended the voice');
    }
    this.tellStop();
    this.cancelTimer();
    this.state = 'over';
    this.outcome?.();
    this.callbacks.onComplete?.();
  }

  private tellStop(): void {
    if (this.state !== 'open') return;
    this.state = 'stopped';
    const { clock } = this.service.options;
    this.cancelTimer = clock.setTimer(STOP_TIMEOUT_MS, () => this.complete());
    this.onOver();
    this.callbacks.onStop?.();
  }

  private failStart(error: IotError): void {
    if (this.state !== 'starting') return;
    this.state = 'over';
    this.onOver();
    this.stopPlugin();
    this.rejectStart(error);
  }

  private stopPlugin(): void {
    const { api, id } = this.service.options;
    api.tell('stopVoice', id);
  }
}
