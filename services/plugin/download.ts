import type { IotError } from '../errors';
import { XP2PErrorCode } from '../errors';
import type { CancelTimer } from '../host';
import type {
  XP2PLocalDownloadCallbacks,
  XP2PLocalDownloadOptions,
  XP2PRequestResult,
} from '../p2p/module';
import { arrayBufferOf } from './array-buffer';
import { cryptoOptions } from './crypto-options';
import { callPlugin } from './plugin-call';
import { codeOf, connectionLost, failure, pluginError } from './plugin-errors';
import type { PluginService, ServicePart } from './plugin-service';
import { recordOf } from './record';
import { requestResult } from './request-result';

/** A camera that sends nothing for this long has failed. */
const SILENCE_MS = 30_000;
/** A transfer may take hours; its silence is what is watched. */
const FOREVER_MS = 2 ** 31 - 1;

/**
 * One `startLocalDownload` on the plugin. Its promise settles at the end of the transfer, after
 * `onComplete`, also where the plugin's settles at the beginning, or never.
 */
export class PluginDownload implements ServicePart {
  private over = false;
  private isAsked = false;
  private status = 0;
  private pending: Promise<unknown> = Promise.resolve();
  private cancelTimer: CancelTimer = () => undefined;
  private settle!: { resolve: () => void; reject: (error: IotError) => void };
  private readonly done: Promise<void>;

  constructor(
    private readonly service: PluginService,
    private readonly callbacks: XP2PLocalDownloadCallbacks,
    /** Another download may begin. */
    private readonly onOver: () => void,
  ) {
    this.done = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    // Apps that only use the callbacks leave the promise alone.
    this.done.catch(() => undefined);
  }

  start(options: XP2PLocalDownloadOptions): Promise<void> {
    this.startNow(options).catch((cause: unknown) => {
      const error = pluginError('download', 'startLocalDownload', cause);
      // Refused: nothing was begun, so there is nothing to tell of.
      if (error.code !== XP2PErrorCode.DownloadFailed) return this.finish(error);
      this.fail(error);
    });
    return this.done;
  }

  stop(): void {
    if (this.over) return;
    this.stopPlugin();
    const message = 'the download was stopped';
    const error = failure(XP2PErrorCode.DownloadFailed, 'download', 'cancelled', message, true);
    this.finish(error, () => this.callbacks.onComplete?.());
  }

  end(error: IotError | null): void {
    if (error === null) return this.stop();
    this.fail(failureOf(connectionLost('download').message));
  }

  private async startNow(options: XP2PLocalDownloadOptions): Promise<void> {
    const { api, clock, id } = this.service.options;
    await this.service.whenStarted('download');
    if (this.over) return;
    this.isAsked = true;
    this.watchSilence();
    const call = {
      phase: 'download',
      name: 'startLocalDownload',
      timeoutMs: FOREVER_MS,
    } as const;
    await callPlugin(api, clock, call, id, cryptoOptions(api, options), {
      onHeadersReceived: (result: unknown) => this.onHeaders(result),
      onChunkReceived: (chunk: unknown) => this.onChunk(chunk),
      onSuccess: (result: unknown) => this.onSuccess(result),
      onFailure: (result: unknown) => this.onFailure(result),
      onError: (result: unknown) => {
        const { errmsg } = requestResult(result, { errcode: 0, errmsg: 'the transfer broke off' });
        this.fail(failureOf(errmsg), result);
      },
      onComplete: () => this.onComplete(),
    });
  }

  private onHeaders(result: unknown): void {
    if (this.over) return;
    this.watchSilence();
    const record = recordOf(result) ?? {};
    this.status = codeOf(record['status']) ?? 0;
    const headers = (recordOf(record['headers']) ?? {}) as XP2PRequestResult['headers'];
    this.callbacks.onHeadersReceived?.({ status: this.status, headers });
  }

  private onChunk(chunk: unknown): void {
    const bytes = arrayBufferOf(chunk);
    if (this.over || bytes === null || bytes.byteLength === 0) return;
    this.watchSilence();
    const taken: unknown = this.callbacks.onChunkReceived?.(bytes);
    if (typeof (taken as PromiseLike<unknown> | undefined)?.then !== 'function') return;
    // The plugin cannot be paused; the end waits for what the app still writes.
    this.pending = Promise.all([this.pending, taken]).catch((cause: unknown) => {
      this.fail(failureOf(`a chunk could not be stored: ${String(cause)}`));
    });
  }

  private onSuccess(result: unknown): void {
    this.whenStored(() => {
      const ok = requestResult(result, { errcode: XP2PErrorCode.Ok, errmsg: '' });
      this.finish(null, () => {
        this.callbacks.onSuccess?.({ ...ok, data: new ArrayBuffer(0) });
        this.callbacks.onComplete?.();
      });
    });
  }

  private onFailure(result: unknown): void {
    const status = codeOf(recordOf(result)?.['status']) ?? this.status;
    const message = `the device answered ${status}`;
    const code = XP2PErrorCode.DownloadFailed;
    const error = failure(code, 'download', 'download-rejected', message, status >= 500, status);
    const told = requestResult(result, { errcode: error.code, errmsg: message });
    this.finish(error, () => {
      this.callbacks.onFailure?.({ ...told, status });
      this.callbacks.onComplete?.();
    });
  }

  /** The end without an outcome before it: what the device answered tells. */
  private onComplete(): void {
    if (this.status >= 200 && this.status < 300) return this.onSuccess({ status: this.status });
    if (this.status > 0) return this.onFailure({ status: this.status });
    this.fail(failureOf('the plugin ended the transfer'));
  }

  private whenStored(tell: () => void): void {
    if (this.over) return;
    this.cancelTimer();
    void this.pending.then(tell);
  }

  private fail(error: IotError, result?: unknown): void {
    if (this.over) return;
    this.stopPlugin();
    const told = requestResult(result, { errcode: error.code, errmsg: error.message });
    this.finish(error, () => {
      this.callbacks.onError?.(told);
      this.callbacks.onComplete?.();
    });
  }

  private finish(error: IotError | null, tell: () => void = () => undefined): void {
    if (this.over) return;
    this.over = true;
    this.cancelTimer();
    this.onOver();
    tell();
    if (error === null) this.settle.resolve();
    else this.settle.reject(error);
  }

  private watchSilence(): void {
    this.cancelTimer();
    this.cancelTimer = this.service.options.clock.setTimer(SILENCE_MS, () =>
      this.fail(failureOf(`nothing arrived for ${SILENCE_MS / 1000} s`)),
    );
  }

  private stopPlugin(): void {
    const { api, id } = this.service.options;
    if (this.isAsked) api.tell('stopLocalDownload', id);
  }
}

function failureOf(message: string): IotError {
  return failure(XP2PErrorCode.DownloadFailed, 'download', 'connection-lost', message, true);
}
