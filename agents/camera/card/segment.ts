/** Why a segment begins where it does. */
export type SegmentCause =
  /** The camera was started. */
  | 'start'
  /** Straight after the one before. */
  | 'next'
  /** Nothing came from the source for a while, or it started over. */
  | 'gap'
  /** The wall clock was set. */
  | 'clock'
  /** Picture or sound are encoded in another way from here on. */
  | 'format';

const CAUSES: readonly SegmentCause[] = ['start', 'next', 'gap', 'clock', 'format'];

/** What a file's name tells. Names are the index: there is no other that could disagree. */
export interface SegmentName {
  /** Order of recording on the card, over all channels; the wall clock may jump, this does not. */
  readonly sequence: number;
  /** Unix ms. */
  readonly startMs: number;
  readonly cause: SegmentCause;
  /** Length in ms; null while it is being written. */
  readonly durationMs: number | null;
}

const PATTERN = /^(\d{10})-(\d{8}T\d{9}Z)(?:-(\d{1,8}))?-([a-z]+)\.(flv|part)$/;
/** Times that fit a name: 1970 to 9999. */
export const MAX_WALL_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
export const MAX_DURATION_MS = 99_999_999;

/** E.g. `20261123T011500123Z`. @param ms unix ms */
export function formatNameTime(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:.]/g, '');
}

/** @returns unix ms; null for what is no time. */
export function parseNameTime(text: string): number | null {
  const iso = text.replace(/^(....)(..)(..T..)(..)(..)(...)Z$/, '$1-$2-$3:$4:$5.$6Z');
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? null : ms;
}

/** E.g. `0000000012-20261123T011500123Z-60040-next.flv`; without the length, `.part`. */
export function formatSegmentName(name: SegmentName): string {
  const sequence = String(name.sequence).padStart(10, '0');
  const start = formatNameTime(name.startMs);
  if (name.durationMs === null) return `${sequence}-${start}-${name.cause}.part`;
  return `${sequence}-${start}-${name.durationMs}-${name.cause}.flv`;
}

/** @returns null for any name that `formatSegmentName` does not give. */
export function parseSegmentName(text: string): SegmentName | null {
  const match = PATTERN.exec(text);
  if (match === null) return null;
  const [, sequence, start, duration, causeText] = match;
  const cause = CAUSES.find((known) => known === causeText);
  const startMs = parseNameTime(start!);
  if (cause === undefined || startMs === null) return null;
  const durationMs = duration === undefined ? null : Number(duration);
  const name = { sequence: Number(sequence), startMs, cause, durationMs };
  return formatSegmentName(name) === text ? name : null;
}

/** A file with a stretch of recording. */
export interface Segment {
  readonly channel: number;
  readonly sequence: number;
  readonly cause: SegmentCause;
  /** Unix ms of the file's time 0. */
  readonly startMs: number;
  /** Unix ms; grows while it is being written. */
  endMs: number;
  /** What may be read; grows while it is being written, by whole tags. */
  bytes: number;
  /** The file's present name, without its folder. */
  fileName: string;
  finished: boolean;
}

export function segmentOf(channel: number, fileName: string, bytes: number): Segment | null {
  const name = parseSegmentName(fileName);
  if (name === null) return null;
  const { sequence, startMs, cause, durationMs } = name;
  return {
    channel,
    sequence,
    cause,
    startMs,
    endMs: startMs + (durationMs ?? 0),
    bytes,
    fileName,
    finished: durationMs !== null,
  };
}
