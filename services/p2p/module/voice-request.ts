import { XP2PErrorCode } from '../../errors';
import type { CancelTimer, Clock } from '../../host';
import type { HeaderFields, RequestHandle } from '../http';
import { StreamPriority } from '../session';
import { AnswerCollector } from './answer-collector';
import { voiceFailed } from './module-errors';
import { targetOf } from './query';
import type { RequestChannel } from './request-channel';
import type { XP2PRequestResult } from './service-types';

/** How long a camera may take to answer a voice that has ended. */
const ANSWER_TIMEOUT_MS = 5000;
const MAX_ANSWER_BYTES = 64 * 1024;
/** Bytes not sent yet beyond which a chunk is dropped: the voice is late enough then. */
export const MAX_BUFFERED_BYTES = 1024 * 1024;

export interface VoiceRequestOptions {
  readonly channel: RequestChannel;
  readonly clock: Clock;
  readonly urlParams: string;
  readonly offCrypto: boolean;
  readonly headers: HeaderFields;
  /** Whether the voice is of no use any more: the camera answered or the connection is gone. */
  readonly onStopped: () => void;
  /** The end; `kind` is 'answered' when the whole answer came. */
  readonly onOver: (kind: 'answered' | 'broken', result: XP2PRequestResult) => void;
  readonly onDrain?: () => void;
}

/** The `POST /voice` of either voice. */
export class VoiceRequest {
  private readonly options: VoiceRequestOptions;
  private readonly handle: RequestHandle;
  private readonly answer = new AnswerCollector(MAX_ANSWER_BYTES);
  private state: 'open' | 'ended' | 'over' = 'open';
  private cancelTimer: CancelTimer = () => undefined;

  /** @throws IotError -2601 when no request can be made. */
  constructor(options: VoiceRequestOptions) {
    this.options = options;
    const { channel, urlParams, offCrypto, headers } = options;
    const handle = channel.request(
      {
        method: 'POST',
        target: targetOf('/voice', urlParams, offCrypto),
        headers,
        priority: StreamPriority.Voice,
      },
      {
        onHead: (head) => {
          this.answer.onHead(head);
          // A camera that takes the voice may say so at once; one that does not wants no more of it.
          if (!this.answer.isOk) this.stop();
        },
        onData: (bytes) => void this.answer.onData(bytes),
        onEnd: () => {
          this.stop();
          const { isOk, status } = this.answer;
          const code = isOk ? XP2PErrorCode.Ok : XP2PErrorCode.VoiceFailed;
          this.finish('answered', code, isOk ? '' : `the device answered ${status}`);
        },
        onFail: (reason) => {
          this.stop();
          this.finish('broken', XP2PErrorCode.VoiceFailed, `no whole answer: ${reason}`);
        },
      },
    );
    if (handle === null) throw voiceFailed('connection-lost', 'the connection takes no request');
    this.handle = handle;
    handle.onDrain = () => {
      if (this.state === 'open') options.onDrain?.();
    };
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  get bufferedBytes(): number {
    return this.state === 'over' ? 0 : this.handle.bufferedBytes();
  }

  /** @returns false when enough is queued or nothing is taken any more; see `MAX_BUFFERED_BYTES`. */
  write(bytes: Uint8Array): boolean {
    if (this.state !== 'open') return false;
    if (this.handle.bufferedBytes() + bytes.length > MAX_BUFFERED_BYTES) return false;
    return this.handle.write(bytes);
  }

  /** Ends the voice after what was written; the camera's answer is waited for. */
  end(): void {
    if (this.state !== 'open') return;
    this.state = 'ended';
    this.handle.end();
    this.awaitAnswer(Infinity);
  }

  /** @param unsentBytes what was left to send when the waiting began: a slow network is no silence. */
  private awaitAnswer(unsentBytes: number): void {
    this.cancelTimer = this.options.clock.setTimer(ANSWER_TIMEOUT_MS, () => {
      const left = this.handle.bufferedBytes();
      if (left > 0 && left < unsentBytes) this.awaitAnswer(left);
      else this.giveUp('no answer in time');
    });
  }

  /** Breaks the voice off; `onOver` follows at once. */
  giveUp(why: string): void {
    if (this.state === 'over') return;
    this.options.channel.batch(() => this.handle.cancel());
    this.finish('broken', XP2PErrorCode.VoiceFailed, why);
  }

  /** Breaks the voice off; nothing follows. */
  drop(): void {
    if (this.state === 'over') return;
    this.state = 'over';
    this.cancelTimer();
    this.options.channel.batch(() => this.handle.cancel());
  }

  private stop(): void {
    if (this.state !== 'open') return;
    this.end();
    this.options.onStopped();
  }

  private finish(kind: 'answered' | 'broken', errcode: number, errmsg: string): void {
    if (this.state === 'over') return;
    this.state = 'over';
    this.cancelTimer();
    this.options.onOver(kind, this.answer.result(errcode, errmsg));
  }
}
