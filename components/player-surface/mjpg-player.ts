import type { NativeErrorDetail, PlayerCloseDetail, PlayerExport } from './plugin-player';

/**
 * WeChat's `<p2p-mjpg-player>`, as far as it is used: the P2P-Player plugin's tag for cameras that send
 * a JPEG after the other.
 */
export interface MjpgPlayerContext {
  play?(): void;
  stop?(): void;
  snapshot?(options: {
    readonly quality: 'raw' | 'compressed';
    readonly success: (result: { readonly data: ArrayBuffer }) => void;
    readonly fail: (error: { readonly errMsg?: string }) => void;
  }): void;
}

export interface MjpgPlayerExport extends PlayerExport {
  /** The answer's headers, before its first bytes: they name the boundary. */
  setHeaders?(headers: Readonly<Record<string, string>>): void;
}

export interface MjpgReadyDetail {
  readonly mjpgPlayerContext?: MjpgPlayerContext;
  readonly playerExport?: MjpgPlayerExport;
}

/** Of each picture, in px. */
export interface MjpgLoadDetail {
  readonly width?: number;
  readonly height?: number;
}

export type { NativeErrorDetail, PlayerCloseDetail };
