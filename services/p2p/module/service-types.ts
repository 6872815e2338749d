import type { HeaderFields } from '../http';

/** What `startP2PService` connects to (guide §startP2PService, `streamInfo`). */
export interface XP2PStreamInfo {
  /** 1v1: `http://XP2P_INFO.xnet/ipc.p2p.com/ipc.flv?${flvParams}`; the host part is not used. */
  readonly url: string;
  /** The device's triple: `productId`, `deviceName`, and the current `xp2pInfo`. */
  readonly productId?: string;
  readonly deviceName?: string;
  readonly xp2pInfo?: string;
  /** 1v1 to 1vN: accepted; this engine stays with 1v1. */
  readonly liveStreamDomain?: string;
}

/**
 * Messages of a service or a stream (guide §startP2PService, `msgCallback`).
 * @param event of `XP2PEventEnum`.
 * @param subtype of `XP2PNotify_SubType` for `notify`, `XP2PLogLevel` for `log`, `PathState` for `path`.
 * @param detail `XP2PParsedDetail`, `XP2PEndDetail` or `XP2PDisconnectDetail` for `notify`, text for
 *   `log`, `PathInfo` for `path`, JSON text for `feedback`.
 */
export type XP2PMsgCallback = (event: string, subtype: string, detail: unknown) => void;

/** Guide §startP2PService, `callbacks`; also of `updateServiceCallbacks`. */
export interface XP2PServiceCallbacks {
  readonly msgCallback: XP2PMsgCallback;
  /** When given, the stream of `streamInfo.url` starts by itself. */
  readonly dataCallback?: (data: ArrayBuffer) => void;
}

/** Which stream (guide §startStream). */
export interface XP2PFlv {
  readonly filename: string;
  /** `action=live&channel=0&quality=high` */
  readonly params: string;
}

/** Guide §startStream, `params`. */
export interface XP2PStartStreamParams {
  /** Taken from the service's url when omitted. */
  readonly flv?: XP2PFlv;
  readonly dataCallback: (data: ArrayBuffer) => void;
  /** Messages of this stream alone (3.x); else they go to the service's `msgCallback`. */
  readonly msgCallback?: XP2PMsgCallback;
  /** Ours: ask the camera to send the media without encryption (`_crypto=off`). */
  readonly offCrypto?: boolean;
}

/** `detail` of notify `parsed`. */
export interface XP2PParsedDetail {
  readonly status: number;
  readonly headers: HeaderFields;
}

/** `detail` of notify `success`, `eof` and `fail`. */
export interface XP2PEndDetail {
  /** 0 when no answer came. */
  readonly status: number;
  /** Why it broke off, for `fail`. */
  readonly type?: 'reset' | 'malformed';
}

/** Of `getServiceInitInfo`. */
export interface XP2PServiceInitInfo {
  readonly id: string;
  readonly streamInfo: XP2PStreamInfo;
}

/** How a request ended (guide §startVoiceData, §startLocalDownload). */
export interface XP2PRequestResult {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly headers: HeaderFields;
  /** The body of the answer, its first 64 KiB; empty for a download that succeeded. */
  readonly data: ArrayBuffer;
  readonly errcode: number;
  readonly errmsg: string;
}

/** `sendCommand`'s third parameter (3.x). */
export interface XP2PCommandOptions {
  /** What `data` is to be (default `'text'`). */
  readonly responseType?: 'text' | 'arraybuffer';
  /** Ours: how long to wait for the answer, in ms (default 7500, at most 600 000). */
  readonly timeoutMs?: number;
}

/** Guide §sendCommand. */
export interface XP2PCommandResult {
  /** 2xx; another status; no whole answer; no answer in time. */
  readonly type: 'success' | 'failure' | 'error' | 'timeout';
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly data: string | ArrayBuffer;
  readonly errcode: number;
  readonly errmsg: string;
}
