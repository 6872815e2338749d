import type { HeaderFields } from '../http';

/** The seed's customer parameters (§init). Our engine checks their shape and sends none of them. */
export interface XP2PAppParams {
  readonly appid: string | number;
  readonly appOauthId: string;
  readonly appKey: string;
  readonly appSecretKey: string;
  readonly appPackage: string;
}

export type XP2PLocalEvent = 'natChanged' | 'natError';

export interface XP2PInitParams {
  readonly appParams: XP2PAppParams;
  /** Local NAT events (seed §init, from 1.1.1). */
  readonly eventHandler?: (
    event: XP2PLocalEvent,
    detail: Readonly<Record<string, unknown>>,
  ) => void;
}

/** What `startP2PService` connects to (seed §startP2PService, `streamInfo`). */
export interface XP2PStreamInfo {
  /** 1v1: `http://XP2P_INFO.xnet/ipc.p2p.com/ipc.flv?${flvParams}`. */
  readonly url: string;
  readonly productId?: string;
  readonly deviceName?: string;
  readonly xp2pInfo?: string;
  readonly liveStreamDomain?: string;
}

/**
 * `event` is `notify`, `log`, or `path` (ours: how the session reaches the camera; `subtype` is the
 * path's state and `detail` a `PathInfo`).
 */
export type XP2PMsgCallback = (event: string, subtype: string, detail: unknown) => void;

export interface XP2PServiceCallbacks {
  readonly msgCallback: XP2PMsgCallback;
  /** When given, the stream of `streamInfo.url` starts by itself. */
  readonly dataCallback?: (data: ArrayBuffer) => void;
}

export interface XP2PFlv {
  readonly filename: string;
  /** `action=live&channel=0&quality=high` */
  readonly params: string;
}

export interface XP2PStartStreamParams {
  /** Taken from the service's url when omitted. */
  readonly flv?: XP2PFlv;
  readonly dataCallback: (data: ArrayBuffer) => void;
  /** Messages of this stream alone (3.x); else they go to the service's `msgCallback`. */
  readonly msgCallback?: XP2PMsgCallback;
}

/** `detail` of notify `parsed`. */
export interface XP2PParsedDetail {
  readonly status: number;
  readonly headers: HeaderFields;
}

export interface XP2PCommandOptions {
  readonly responseType?: 'text' | 'arraybuffer';
  /** Ours: how long to wait for the answer, in ms (default 7500). */
  readonly timeoutMs?: number;
}

export interface XP2PCommandResult {
  readonly type: 'success' | 'failure' | 'error' | 'timeout';
  readonly status: number;
  readonly data: string | ArrayBuffer;
  readonly errcode: number;
  readonly errmsg: string;
}

export const XP2PEventEnum = { Notify: 'notify', Log: 'log', Path: 'path' } as const;

export const XP2PNotify_SubType = {
  Connected: 'connected',
  Request: 'request',
  Parsed: 'parsed',
  Success: 'success',
  Eof: 'eof',
  Fail: 'fail',
  Close: 'close',
  Disconnect: 'disconnect',
} as const;

export const XP2PLocalEventEnum = { NATChanged: 'natChanged', NATError: 'natError' } as const;

/**
 * The seed's module. Calls that fail reject with an `IotError`, whose `errcode` and `errmsg` are the
 * seed's; calls that succeed resolve with 0.
 */
export interface P2PModule {
  readonly XP2PEventEnum: typeof XP2PEventEnum;
  readonly XP2PNotify_SubType: typeof XP2PNotify_SubType;
  readonly XP2PLocalEventEnum: typeof XP2PLocalEventEnum;
  init(params: XP2PInitParams): Promise<number>;
  destroy(): void;
  getUUID(): string;
  startP2PService(
    id: string,
    streamInfo: XP2PStreamInfo,
    callbacks: XP2PServiceCallbacks,
  ): Promise<number>;
  updateServiceCallbacks(id: string, callbacks: XP2PServiceCallbacks): number;
  stopP2PService(id: string): void;
  startStream(id: string, params: XP2PStartStreamParams): Promise<number>;
  stopStream(id: string): void;
  sendCommand(
    id: string,
    command: string,
    options?: XP2PCommandOptions,
  ): Promise<XP2PCommandResult>;
}
