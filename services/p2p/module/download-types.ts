import type { HeaderFields } from '../http';
import type { XP2PRequestResult } from './service-types';

/** Guide §startLocalDownload, `options`. */
export interface XP2PLocalDownloadOptions {
  /**
   * `channel=0&file_name=${file}&offset=0`; `file_name` must be there, percent-encoded where it holds
   * `&` or `%`. `offset` is the first byte wanted (default 0).
   */
  readonly urlParams: string;
  /** 2.0.4: send the file without encryption of its own. */
  readonly offCrypto?: boolean;
}

/** Guide §startLocalDownload, `result`. */
export type XP2PLocalDownloadResult = XP2PRequestResult;

/**
 * Guide §startLocalDownload, `callbacks`; all are optional. `onHeadersReceived` comes first, then the
 * chunks of a 2xx answer, then one of `onSuccess`, `onFailure` and `onError`, then `onComplete`. After
 * `stopLocalDownload` only `onComplete` comes.
 */
export interface XP2PLocalDownloadCallbacks {
  onHeadersReceived?(result: { readonly status: number; readonly headers: HeaderFields }): void;
  /**
   * A piece of the file, in order.
   * @returns ours: a promise to be waited for, such as that of a write to disk; while more than
   *   256 KiB wait, the camera is asked to pause. Its rejection ends the download with `onError`.
   */
  onChunkReceived?(chunk: ArrayBuffer): void | Promise<void>;
  /** The whole file is there. */
  onSuccess?(result: XP2PLocalDownloadResult): void;
  /** The camera answered with another status than 2xx. */
  onFailure?(result: XP2PLocalDownloadResult): void;
  /** No whole answer came. */
  onError?(result: XP2PLocalDownloadResult): void;
  /** The end, whatever came of it. */
  onComplete?(): void;
}
