import { XP2PErrorCode } from '../../errors';
import type { IotError } from '../../errors';
import type { CancelTimer, Clock } from '../../host';
import type { RequestHandle } from '../http';
import { StreamPriority } from '../session';
import { AnswerCollector } from './answer-collector';
import { toArrayBuffer } from './array-buffer';
import type { XP2PLocalDownloadCallbacks, XP2PLocalDownloadOptions } from './download-types';
import { downloadFailed } from './module-errors';
import { targetOf } from './query';
import type { RequestChannel } from './request-channel';

/** A camera that sends nothing for this long, while it may, has failed. */
const SILENCE_MS = 30_000;
/** Bytes that the app has not dealt with: above the first the camera pauses, below the second it goes on. */
const PAUSE_ABOVE_BYTES = 256 * 1024;
const RESUME_BELOW_BYTES = 64 * 1024;
const MAX_REFUSAL_BYTES = 64 * 1024;

export interface DownloadOptions {
  readonly channel: RequestChannel;
  readonly clock: Clock;
  readonly options: XP2PLocalDownloadOptions;
  readonly callbacks: XP2PLocalDownloadCallbacks;
  /** The download is over: another one may begin. */
  readonly onOver: () => void;
}

/** One running `startLocalDownload`. */
export class Download {
  /** Resolves with 0 after `onComplete`; rejects with -2701. */
  readonly done: Promise<number>;
  private readonly options: DownloadOptions;
  private readonly handle: RequestHandle;
  private readonly answer = new AnswerCollector(MAX_REFUSAL_BYTES);
  private settle!: { resolve: (code: number) => void; reject: (error: IotError) => void };
  private pendingBytes = 0;
  private heardAtMs: number;
  private paused = false;
  /** The whole answer is there; the app still deals with its last pieces. */
  private ended = false;
  private over = false;
  private cancelTimer: CancelTimer = () => undefined;

  /** @throws IotError -2701 when no request can be made. */
  constructor(options: DownloadOptions) {
    this.options = options;
    this.heardAtMs = options.clock.nowMs();
    const { urlParams, offCrypto = false } = options.options;
    const handle = options.channel.request(
      {
        method: 'GET',
        target: targetOf('/file', urlParams, offCrypto),
        priority: StreamPriority.Download,
      },
      {
        onHead: (head) => {
          this.answer.onHead(head);
          this.heardAtMs = options.clock.nowMs();
          const { status, headers } = head;
          options.callbacks.onHeadersReceived?.({ status, headers });
        },
        onData: (bytes) => this.onData(bytes),
        onEnd: () => {
          this.ended = true;
          this.cancelTimer();
          this.finishIfDone();
        },
        onFail: (reason) => this.fail(`no whole answer: ${reason}`),
      },
    );
    if (handle === null) {
      throw downloadFailed('connection-lost', 'the connection takes no request', true);
    }
    this.handle = handle;
    this.done = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    this.watchSilence();
  }

  /** `stopLocalDownload`, and the end of the service. */
  stop(): void {
    if (this.over) return;
    this.cancelRequest();
    this.finish(() =>
      this.settle.reject(downloadFailed('cancelled', 'the download was stopped', true)),
    );
  }

  private onData(bytes: Uint8Array): void {
    if (this.over) return;
    this.heardAtMs = this.options.clock.nowMs();
    if (!this.answer.isOk) {
      this.answer.onData(bytes);
      return;
    }
    const taken: unknown = this.options.callbacks.onChunkReceived?.(toArrayBuffer(bytes));
    if (isThenable(taken)) this.waitFor(taken, bytes.length);
  }

  private waitFor(taken: PromiseLike<unknown>, length: number): void {
    this.pendingBytes += length;
    if (this.pendingBytes > PAUSE_ABOVE_BYTES && !this.paused) {
      this.paused = true;
      this.handle.pause();
    }
    taken.then(
      () => this.onTaken(length),
      (cause: unknown) => this.fail(`a chunk could not be stored: ${String(cause)}`, cause),
    );
  }

  private onTaken(length: number): void {
    this.pendingBytes -= length;
    if (this.over) return;
    if (this.paused && this.pendingBytes < RESUME_BELOW_BYTES) {
      this.paused = false;
      this.heardAtMs = this.options.clock.nowMs();
      this.options.channel.batch(() => this.handle.resume());
    }
    this.finishIfDone();
  }

  private finishIfDone(): void {
    if (this.over || !this.ended || this.pendingBytes > 0) return;
    const { callbacks } = this.options;
    const { answer } = this;
    const { status } = answer;
    if (answer.isOk) {
      const result = answer.result(XP2PErrorCode.Ok, '');
      this.finish(
        () => this.settle.resolve(XP2PErrorCode.Ok),
        () => callbacks.onSuccess?.(result),
      );
      return;
    }
    const error = downloadFailed(
      'download-rejected',
      `the device answered ${status}`,
      status >= 500,
      { status },
    );
    const result = answer.result(error.code, error.message);
    this.finish(
      () => this.settle.reject(error),
      () => callbacks.onFailure?.(result),
    );
  }

  private fail(message: string, cause?: unknown): void {
    if (this.over) return;
    this.cancelRequest();
    const more = cause === undefined ? {} : { cause };
    const error = downloadFailed('connection-lost', message, true, more);
    const result = this.answer.result(error.code, message);
    this.finish(
      () => this.settle.reject(error),
      () => this.options.callbacks.onError?.(result),
    );
  }

  private finish(settle: () => void, tell: () => void = () => undefined): void {
    this.over = true;
    this.cancelTimer();
    this.options.onOver();
    tell();
    this.options.callbacks.onComplete?.();
    settle();
  }

  private cancelRequest(): void {
    this.options.channel.batch(() => this.handle.cancel());
  }

  private watchSilence(): void {
    const { clock } = this.options;
    const leftMs = this.heardAtMs + SILENCE_MS - clock.nowMs();
    // What waits is the app's to deal with.
    const waitsForApp = this.pendingBytes > 0;
    if (leftMs <= 0 && !waitsForApp) {
      this.fail(`nothing arrived for ${SILENCE_MS / 1000} s`);
      return;
    }
    this.cancelTimer = clock.setTimer(waitsForApp ? SILENCE_MS : leftMs, () => this.watchSilence());
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}
