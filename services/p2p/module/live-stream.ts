import { IotError, XP2PErrorCode } from '../../errors';
import { priorityOf } from '../http';
import type { RequestHandle } from '../http';
import { toArrayBuffer } from './array-buffer';
import { XP2PEventEnum, XP2PNotify_SubType } from '../../p2p-names';
import { paramsOf, targetOf } from './query';
import type { RequestChannel } from './request-channel';
import type { XP2PEndDetail, XP2PFlv, XP2PMsgCallback, XP2PParsedDetail } from './service-types';

export interface LiveStreamOptions {
  readonly channel: RequestChannel;
  readonly flv: XP2PFlv;
  /** The stream's type, `''` where its parameters name none. */
  readonly action: string;
  readonly offCrypto: boolean;
  readonly onMessage: XP2PMsgCallback;
  readonly onData: (data: ArrayBuffer) => void;
  /** The stream is over, whoever ended it. */
  readonly onOver: () => void;
}

/** One running `startStream`: its request and the guide's messages about it, in the guide's order. */
export class LiveStream {
  readonly action: string;
  private readonly options: LiveStreamOptions;
  private readonly handle: RequestHandle;
  private status = 0;
  private over = false;

  /** @throws IotError -2402 when no request can be made. */
  constructor(options: LiveStreamOptions) {
    this.options = options;
    const { channel, flv, offCrypto } = options;
    const path = `/${flv.filename}`;
    this.action = options.action;
    const handle = channel.request(
      {
        method: 'GET',
        target: targetOf(path, flv.params, offCrypto),
        priority: priorityOf({ path, query: paramsOf(flv.params) }),
        early: true,
      },
      {
        onHead: (head) => this.onHead(head),
        onData: (bytes) => {
          if (this.status === 200) options.onData(toArrayBuffer(bytes));
        },
        onEnd: () => {
          const ok = this.status === 200;
          this.finish(ok ? XP2PNotify_SubType.Eof : XP2PNotify_SubType.Fail, {
            status: this.status,
          });
        },
        onFail: (reason) =>
          this.finish(XP2PNotify_SubType.Fail, { status: this.status, type: reason }),
      },
    );
    if (handle === null) {
      throw new IotError({
        code: XP2PErrorCode.StreamFailed,
        phase: 'stream',
        reason: 'connection-lost',
        message: 'the connection takes no request',
        retryable: true,
      });
    }
    this.handle = handle;
  }

  /** Tells that the request is on its way. */
  announce(): void {
    if (!this.over) this.notify(XP2PNotify_SubType.Request, undefined);
  }

  /** Ends the stream from our side; `close` follows (guide §startP2PService, subtype `close`). */
  stop(): void {
    if (this.over) return;
    this.over = true;
    this.options.channel.batch(() => this.handle.cancel());
    this.options.onOver();
    this.notify(XP2PNotify_SubType.Close, undefined);
  }

  private onHead({ status, headers }: XP2PParsedDetail): void {
    this.status = status;
    this.notify(XP2PNotify_SubType.Parsed, { status, headers });
  }

  private finish(subtype: string, detail: XP2PEndDetail): void {
    if (this.over) return;
    this.over = true;
    this.options.onOver();
    this.notify(subtype, detail);
  }

  private notify(subtype: string, detail: unknown): void {
    this.options.onMessage(XP2PEventEnum.Notify, subtype, detail);
  }
}
