import type { IotError } from '../errors';

/** A file on a camera's card, as its list tells it. */
export interface CameraFile {
  /** What the camera calls it; may hold folders. */
  readonly name: string;
  /** Null where the list does not tell. */
  readonly sizeBytes: number | null;
  /** `file_type`: `0` video, `1` picture, anything else is the camera's own. */
  readonly type: string;
  /** Unix seconds of the recording; null where the list does not tell. */
  readonly startS: number | null;
  readonly endS: number | null;
  /** SHA-256 in lower-case hex, for cameras that tell it. */
  readonly sha256: string | null;
}

/** What is to be fetched. */
export interface DownloadRequest {
  readonly deviceId: string;
  /** What the user calls the camera; becomes part of the file's name. */
  readonly deviceName?: string | undefined;
  /** 0-based. */
  readonly channel: number;
  readonly file: CameraFile;
}

export type DownloadPhase =
  /** Its turn has not come, or its camera is not known yet. */
  | { readonly kind: 'queued' }
  | { readonly kind: 'running'; readonly attempt: number }
  /** A try has failed; the next one is due. Times in ms of the monotonic clock. */
  | {
      readonly kind: 'waiting';
      readonly delayMs: number;
      readonly dueAtMs: number;
      readonly error: IotError;
    }
  | { readonly kind: 'paused' }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: IotError };

/** One file of the queue. */
export interface DownloadItem {
  readonly id: string;
  readonly deviceId: string;
  readonly channel: number;
  readonly file: CameraFile;
  /** What it is called here: safe on every file system, unique in the queue. */
  readonly storedName: string;
  /** Bytes that are kept for good: where the next try begins. */
  readonly storedBytes: number;
  /** From the list, or from the camera's answer; null until either tells. */
  readonly sizeBytes: number | null;
  /** Tries in a row that brought nothing. */
  readonly failures: number;
  readonly phase: DownloadPhase;
}
