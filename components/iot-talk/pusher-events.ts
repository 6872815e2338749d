/**
 * WeChat's `<p2p-pusher>`: what its properties take and its events carry. The tag is the P2P-Player
 * plugin's, which has no typings.
 */

/** WeChat's `LivePusherContext`, as far as it is used. */
export interface LivePusherContext {
  start?(options: { readonly fail: (error: { readonly errMsg?: string }) => void }): void;
  stop?(options: object): void;
  startPreview?(options: object): void;
  stopPreview?(options: object): void;
  /** Front or back. */
  switchCamera?(options: object): void;
  /** @param options volume: 0 to 1; at 0 silence is pushed */
  setMICVolume?(options: { readonly volume: number }): void;
}

export interface PusherReadyDetail {
  readonly livePusherContext?: LivePusherContext;
  readonly pusherExport?: unknown;
  readonly pusherInnerId?: string | number;
}

export interface PusherFlvDetail {
  readonly data?: ArrayBuffer;
  /** The pusher's clock in ms. */
  readonly clock?: number;
  readonly params?: { readonly aacPacketType?: number };
}

export interface PusherCloseDetail {
  readonly error?: { readonly code?: string };
}

export interface PusherErrorDetail {
  readonly errCode?: number;
  readonly errMsg?: string;
}

export interface PusherStateDetail {
  readonly code?: number;
  readonly message?: string;
}

/** Codes of `bindstatechange` that end a push; the others tell of its course. */
export const PusherCode = {
  GivenUp: -1307,
  NoServer: 3002,
} as const;

/** Codes of `binderror`. */
export const NativeErrorCode = {
  CameraDenied: 10001,
  MicrophoneDenied: 10002,
  NoMusic: 10003,
  /** Android tells it wherever no waiting image was given. */
  NoWaitingImage: 10004,
} as const;

export function isHarmless(errCode: number | undefined): boolean {
  return errCode === NativeErrorCode.NoMusic || errCode === NativeErrorCode.NoWaitingImage;
}

/** The plugin's local RTMP server is gone, as it says itself. */
export const PUSHER_SERVER_ERROR = 'WECHAT_SERVER_ERROR';

/**
 * Attributes of WeChat's live-pusher that the tag passes through; sizes in px, bit rates in kbit/s. A talk
 * has no camera: what concerns the picture is for calls.
 */
export interface PusherSettings {
  readonly mode?: 'RTC' | 'SD' | 'HD' | 'FHD' | 'HVGA' | 'QVGA';
  readonly enableMic?: boolean;
  readonly enableAgc?: boolean;
  readonly enableAns?: boolean;
  /** `low`: 16 kHz, which cameras take; `high`: 48 kHz. */
  readonly audioQuality?: 'low' | 'high';
  readonly audioVolumeType?: 'auto' | 'media' | 'voicecall';
  readonly aspect?: '3:4' | '9:16';
  readonly orientation?: 'vertical' | 'horizontal';
  readonly minBitrate?: number;
  readonly maxBitrate?: number;
  readonly fps?: number;
  readonly videoWidth?: number;
  readonly videoHeight?: number;
  readonly localMirror?: 'auto' | 'enable' | 'disable';
  readonly remoteMirror?: boolean;
  readonly devicePosition?: 'front' | 'back';
  /** 0 to 9. */
  readonly beauty?: number;
  readonly whiteness?: number;
  /** 0: none, to 11 (base library 2.31.0). */
  readonly voiceChangerType?: number;
  /** Leaves out audio tags without sound (default true). */
  readonly ignoreEmptyAudioTag?: boolean;
}
