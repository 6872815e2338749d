/**
 * WeChat's `<p2p-player>`, as far as it is used: what its events carry. The tag is the P2P-Player
 * plugin's, which has no typings.
 */

/** WeChat's `LivePlayerContext`; each method is there only where the base library has it. */
export interface LivePlayerContext {
  play?(): void;
  stop?(): void;
  snapshot?(options: SnapshotOptions): void;
  requestFullScreen?(options: CallOptions & { readonly direction: 0 | 90 | -90 }): void;
  exitFullScreen?(options: CallOptions): void;
  requestPictureInPicture?(options: CallOptions): void;
  exitPictureInPicture?(options: CallOptions): void;
}

interface CallOptions {
  readonly success: () => void;
  readonly fail: (error: { readonly errMsg?: string }) => void;
}

interface SnapshotOptions extends Omit<CallOptions, 'success'> {
  readonly quality: 'raw' | 'compressed';
  /** The stream's picture, or what the tag shows of it (default `stream`). */
  readonly sourceType?: 'stream' | 'view';
  readonly success: (result: { readonly tempImagePath: string }) => void;
}

export interface FullscreenChangeDetail {
  readonly fullScreen?: boolean | string;
}

/** What the plugin takes the stream by. */
export interface PlayerExport {
  addChunk(chunk: ArrayBuffer): void;
  /** The stream is complete; what is cached still plays. */
  finishMedia?(): void;
}

export interface PlayerReadyDetail {
  readonly livePlayerContext?: LivePlayerContext;
  readonly playerExport?: PlayerExport;
}

export interface PlayerCloseDetail {
  readonly error?: { readonly code?: string };
}

export interface StateChangeDetail {
  readonly code?: number;
  readonly message?: string;
}

export interface NativeErrorDetail {
  readonly errCode?: number;
  readonly errMsg?: string;
}

/** Only what has changed is present. */
export interface NetStatusDetail {
  readonly info?: {
    readonly videoWidth?: number;
    readonly videoHeight?: number;
    /** Cached and not shown yet, in ms. */
    readonly videoCache?: number;
    readonly audioCache?: number;
  };
}

/** Codes of `bindstatechange` that matter here (WeChat's live-player). */
export const PlayerCode = {
  FirstPicture: 2003,
  Lost: 2103,
  GivenUp: -2301,
} as const;

/** The plugin's local server is gone, as it says itself (from 1.1.0 on). */
export const LOCAL_SERVER_ERROR = 'WECHAT_SERVER_ERROR';

/** So 2103 tells of the same in older versions: iOS by number, Android in words. */
export function isLocalServerLost(message: string): boolean {
  return /errCode:-1004(\D|$)/.test(message) || /Failed to connect to/.test(message);
}
