import type { IotError } from '../../errors';
import type { XP2PRequestResult } from './service-types';

/** The part of the platform's `RecorderManager` that `startVoice` uses (guide §startVoice). */
export interface XP2PRecorderManager {
  start(options: XP2PRecorderStartOptions): void;
  stop(): void;
  onStart(listener: () => void): void;
  onPause(listener: () => void): void;
  onResume(listener: () => void): void;
  onStop(listener: (result: XP2PRecorderStop) => void): void;
  onFrameRecorded(listener: (frame: XP2PRecorderFrame) => void): void;
  onError(listener: (error: { readonly errMsg?: string }) => void): void;
  onInterruptionBegin?(listener: () => void): void;
  onInterruptionEnd?(listener: () => void): void;
}

export interface XP2PRecorderFrame {
  readonly frameBuffer: ArrayBuffer;
  readonly isLastFrame?: boolean;
}

export interface XP2PRecorderStop {
  readonly tempFilePath?: string;
  /** Length of the recording in ms. */
  readonly duration?: number;
}

/** What the recorder is started with; the platform's names and units. */
export interface XP2PRecorderStartOptions {
  readonly format: 'PCM';
  /** Longest recording in ms; the module starts the next one by itself. */
  readonly duration: number;
  /** Hz. */
  readonly sampleRate: number;
  readonly numberOfChannels: 1 | 2;
  /** bit/s. */
  readonly encodeBitRate: number;
  /** KB between two frames. */
  readonly frameSize: number;
  readonly audioSource?: string;
}

/** Guide §startVoice, `options`: the recorder's, with defaults, and two for the request. */
export interface XP2PVoiceOptions {
  /** Only `'PCM'`, in either case, which is also the default. */
  readonly format?: string;
  /** ms, default 600 000, the platform's longest. */
  readonly duration?: number;
  /** Hz, default 8000. */
  readonly sampleRate?: number;
  /** Default 1. */
  readonly numberOfChannels?: 1 | 2;
  /** bit/s, default 16 000. */
  readonly encodeBitRate?: number;
  /** KB; by default about 60 ms of sound. */
  readonly frameSize?: number;
  readonly audioSource?: string;
  /** 3.x: send the voice without encryption of its own. */
  readonly offCrypto?: boolean;
  /** Ours: parameters of the request, e.g. `channel=0`. */
  readonly urlParams?: string;
}

/** Guide §startVoice, `callbacks`; all are optional. */
export interface XP2PVoiceCallbacks {
  onStart?(): void;
  /** `inInterruption`: the system took the microphone, e.g. for a phone call. */
  onPause?(result: { readonly inInterruption: boolean }): void;
  onResume?(): void;
  /** `willRestart`: the longest recording was reached, and the next one follows by itself. */
  onStop?(result: XP2PRecorderStop & { readonly willRestart: boolean }): void;
  /** Ours: the voice ended by itself; `onStop` with `willRestart` false comes before it. */
  onError?(error: IotError): void;
}

/** Guide §startVoiceData, `options`. */
export interface XP2PVoiceDataOptions {
  /** E.g. `channel=0` or `calltype=audio`. */
  readonly urlParams?: string;
  /** 3.x: send the voice without encryption of its own. */
  readonly offCrypto?: boolean;
}

/**
 * Guide §startVoiceData, `callbacks`; all are optional. `onStop` comes first, then one of `onSuccess`,
 * `onFailure` and `onError`, then `onComplete`, each once.
 */
export interface XP2PVoiceDataCallbacks {
  /** No more data is taken: `stopVoice`, the camera's end of it, or the loss of the connection. */
  onStop?(): void;
  /** The camera answered 2xx. */
  onSuccess?(result: XP2PRequestResult): void;
  /** The camera answered with another status. */
  onFailure?(result: XP2PRequestResult): void;
  /** No whole answer came. */
  onError?(result: XP2PRequestResult): void;
  /** The end, whatever came of it. */
  onComplete?(): void;
}

/** Guide §startVoiceData: writes voice data into the request. */
export interface XP2PVoiceDataWriter {
  /**
   * Takes one whole FLV header or tag; the bytes are copied.
   * @returns ours: whether more is welcome. After `false` wait for `onDrain`; what is written
   *   regardless is kept up to 1 MiB, beyond it and after the end it is dropped.
   */
  addChunk(chunk: ArrayBuffer): boolean;
  /** Ours: bytes taken that have not been sent. */
  readonly bufferedBytes: number;
  /** Ours: called when more is welcome again after `addChunk` returned false. */
  onDrain: (() => void) | null;
}
