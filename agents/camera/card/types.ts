import type { Clock } from '../../../services/host';
import type { ResponseWriter } from '../../../services/p2p/http';
import type { MediaEvents } from '../media-source';
import type { CardFs } from './card-fs';

/** Where the card tells what goes wrong, and what it does about it. */
export interface CardLog {
  warn(message: string): void;
  info(message: string): void;
}

export interface CardOptions {
  /** The card: a folder of its own, made when it is missing. */
  readonly directory: string;
  readonly clock: Clock;
  readonly log: CardLog;
  /** Recordings together, in bytes; beyond it the oldest go (default 2 GiB, at least 1 MiB). */
  readonly maxBytes?: number;
  /** Length of a segment in ms; it is cut at the next keyframe (default 60 000; 1 s to 1 h). */
  readonly segmentMs?: number;
  /** How often what was recorded goes to the disk, in ms (default 500, at most 1 000). */
  readonly flushMs?: number;
  /** IANA time zone in which days begin, e.g. `Asia/Shanghai` (default: the machine's). */
  readonly timeZone?: string;
  /** Playbacks at a time (default 8); one more gets 503. */
  readonly maxPlaybacks?: number;
  /** Downloads at a time (default 8); one more gets 503. */
  readonly maxDownloads?: number;
  /**
   * Makes a JPEG of a keyframe in FLV, at most `width` wide; null when it cannot (default: there is
   * nobody who could; events are kept without pictures then).
   */
  readonly makePicture?: ((flv: Uint8Array, width: number) => Promise<Uint8Array | null>) | null;
  /** The file system (default: the machine's). */
  readonly fs?: CardFs;
}

/** Why a recorder does not record. */
export type RecorderFault =
  /** No space, and nothing left that could be deleted. */
  | 'disk-full'
  /** The folder cannot be written. */
  | 'unwritable'
  /** Another process records there. */
  | 'in-use'
  /** The disk takes less than the camera yields. */
  | 'too-slow';

export type RecorderState =
  /** Nothing came from the camera yet, or no keyframe. */
  | { readonly name: 'waiting' }
  | { readonly name: 'recording' }
  /** It tries again by itself. */
  | { readonly name: 'faulty'; readonly fault: RecorderFault; readonly message: string }
  | { readonly name: 'closed' };

/** Records one channel, always: a second receiver beside the live hub. It never throws. */
export interface Recorder extends MediaEvents {
  readonly channel: number;
  readonly state: RecorderState;
  /** Called after each change of `state`. */
  onState: ((state: RecorderState) => void) | null;
}

/** A stretch of time without a gap, in unix seconds: `get_record_index`. */
export interface RecordEntry {
  readonly start_time: number;
  readonly end_time: number;
}

/** A stretch of time in which something moved, in unix seconds. */
export type EventEntry = RecordEntry;

/** A small picture of a recording. */
export interface Thumbnail {
  /** When it was recorded, in unix ms. */
  readonly recordedMs: number;
  readonly jpeg: Uint8Array;
}

/** A file that can be downloaded: `get_file_list`. */
export interface FileEntry {
  /** `0` video, `1` picture. */
  readonly file_type: string;
  readonly file_name: string;
  /** In bytes: exactly what a download from offset 0 gives. */
  readonly file_size: number;
  /** Unix seconds, rounded down. */
  readonly start_time: number;
  readonly end_time: number;
}

export interface TimeRange {
  readonly channel: number;
  /** Unix seconds, whole. */
  readonly startS: number;
  /** Unix seconds, whole, later than `startS`. */
  readonly endS: number;
}

export interface FileQuery extends TimeRange {
  /** `0` video, `1` picture (default `0`); any other type has no files. */
  readonly fileType?: string;
}

export interface PlaybackRequest extends TimeRange {
  /** Sound without picture: `action=playback-audio` (default false). */
  readonly audioOnly?: boolean;
}

export interface FileRequest {
  readonly channel: number;
  /** As `get_file_list` gave it. */
  readonly fileName: string;
  /** Where to begin, in bytes (default 0; at most the file's size). */
  readonly offset?: number;
}

/**
 * A playback that is being sent.
 *
 * `progressMs` and `seek` count recorded time from the range's start; a gap counts like any other time,
 * but is skipped when playing: progress jumps over it.
 */
export interface PlaybackSession {
  readonly channel: number;
  /** False once everything was sent, the viewer went away, or `close` was called. */
  readonly open: boolean;
  readonly paused: boolean;
  /**
   * Recorded time of the last frame that was written, minus the range's start, in ms; 0 to the range's
   * length. After a seek: the keyframe from which it goes on.
   */
  readonly progressMs: number;
  /**
   * Goes on at the keyframe before `ms`; where there is a gap, at the first one after it. Timestamps go
   * on without a step. A paused playback stays paused.
   * @param ms recorded time from the range's start, 0 to the range's length.
   * @returns the progress that was reached, in ms.
   * @throws IotError (-2000, field `progress`) for a time outside of the range; (-2403) when closed.
   */
  seek(ms: number): Promise<number>;
  /** Stops sending; what is on its way still arrives. */
  pause(): void;
  resume(): void;
  /**
   * Plays faster or slower; without sound unless it is 1.
   * @param factor 0.125 to 16.
   * @throws IotError (-2000, field `speed`).
   */
  setSpeed(factor: number): void;
  /**
   * `playback_speed`: each frame is shown for so long.
   * @param ms 1 to 1 000; 0 plays at normal speed again.
   * @throws IotError (-2000, field `speed`).
   */
  setFrameInterval(ms: number): void;
  /**
   * `playback_ff`: only every n-th keyframe, n times as fast, without sound.
   * @param n 1 to 64; 0 plays normally again.
   * @throws IotError (-2000, field `speed`).
   */
  setKeyframeStep(n: number): void;
  /** Ends the response. */
  close(): void;
}

/** What the rest of the camera sees of the card. Every channel starts empty. */
export interface CardApi {
  /** The zone in which `month` and `day` count. */
  readonly timeZone: string;
  /** Bytes of all recordings. */
  readonly usedBytes: number;
  /** The recorder of a channel; the same one each time. */
  recorder(channel: number): Recorder;
  /**
   * `get_month_record`: the days with recordings.
   * @param yyyymm e.g. `202611`.
   * @returns a bit mask of 31 bits; bit 0 is the first of the month.
   * @throws IotError (-2000, field `time`).
   */
  month(channel: number, yyyymm: string): number;
  /**
   * When a day begins and ends in the card's time zone, in unix seconds: 23 to 25 h where clocks change.
   * @param yyyymmdd e.g. `20261123`.
   * @throws IotError (-2000, field `date`).
   */
  day(yyyymmdd: string): { readonly startS: number; readonly endS: number };
  /**
   * `get_record_index`: what is recorded in a time, clipped to it, in order, without overlap; what is
   * being recorded counts up to the last flush.
   * @throws IotError (-2000, field `start_time` or `end_time`).
   */
  records(range: TimeRange): RecordEntry[];
  /**
   * What moved in a time, clipped to it, in order; where it is still recorded.
   * @throws IotError (-2000, field `start_time` or `end_time`).
   */
  events(range: TimeRange): EventEntry[];
  /**
   * `get_thumbnail`: the keyframe before a time; where there is a gap, the first one after it.
   * @param timeS unix seconds, whole.
   * @returns null when nothing was recorded then or later, when it cannot be decoded, or when too many
   * wait for theirs.
   * @throws IotError (-2000, field `channel` or `start_time`).
   */
  thumbnail(channel: number, timeS: number): Promise<Thumbnail | null>;
  /**
   * `get_file_list`: the finished files that have a part in a time, in order, not clipped.
   * @throws IotError (-2000, field `start_time`, `end_time` or `file_type`); the longest range is 32 days.
   */
  files(query: FileQuery): FileEntry[];
  /**
   * Plays a time as FLV in real time. The card answers in any case: 200, or 400, 404 (nothing recorded
   * then), 503 (too many) with a line of text.
   * @returns null when it was answered with an error. Sets the response's `onDrain` and `onClose`.
   */
  openPlayback(request: PlaybackRequest, response: ResponseWriter): PlaybackSession | null;
  /**
   * Sends a file from an offset on, as fast as it is taken. The card answers in any case: 200 with
   * `content-length`, or 400, 404 (no such file), 416 (`offset` beyond the size), 503 (too many).
   * A file that the ring deletes meanwhile is sent to its end.
   * Sets the response's `onDrain` and `onClose`.
   */
  openFile(request: FileRequest, response: ResponseWriter): void;
  /** Finishes all segments, ends all playbacks and downloads. */
  close(): Promise<void>;
}
