import { IotError, XP2PErrorCode } from '../../errors';
import type { Connection } from '../endpoint';
import { priorityOf, parseQuery } from '../http';
import type { RequestHandle } from '../http';
import { toArrayBuffer } from './array-buffer';
import { safeQuery } from './parameters';
import { XP2PEventEnum, XP2PNotify_SubType } from './types';
import type { XP2PFlv, XP2PMsgCallback, XP2PParsedDetail } from './types';

export interface LiveStreamOptions {
  readonly connection: Connection;
  readonly flv: XP2PFlv;
  readonly onMessage: XP2PMsgCallback;
  readonly onData: (data: ArrayBuffer) => void;
  /** The stream is over, whoever ended it. */
  readonly onOver: () => void;
}

/** One running `startStream`: its request and the seed's messages about it, in the seed's order. */
export class LiveStream {
  private readonly options: LiveStreamOptions;
  private readonly handle: RequestHandle;
  private status = 0;
  private over = false;

  /** @throws IotError -2402 when no request can be made. */
  constructor(options: LiveStreamOptions) {
    this.options = options;
    const { filename, params } = options.flv;
    const path = `/${filename}`;
    const query = safeQuery(params);
    const handle = options.connection.request(
      {
        method: 'GET',
        target: query === '' ? path : `${path}?${query}`,
        priority: priorityOf({ path, query: parseQuery(query) ?? {} }),
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

  /** Ends the stream from our side; `close` follows (seed: 主动关闭直播流). */
  stop(): void {
    if (this.over) return;
    this.over = true;
    this.options.connection.batch(() => this.handle.cancel());
    this.options.onOver();
    this.notify(XP2PNotify_SubType.Close, undefined);
  }

  private onHead(head: XP2PParsedDetail): void {
    this.status = head.status;
    this.notify(XP2PNotify_SubType.Parsed, head);
  }

  private finish(subtype: string, detail: Readonly<Record<string, unknown>>): void {
    if (this.over) return;
    this.over = true;
    this.options.onOver();
    this.notify(subtype, detail);
  }

  private notify(subtype: string, detail: unknown): void {
    this.options.onMessage(XP2PEventEnum.Notify, subtype, detail);
  }
}
