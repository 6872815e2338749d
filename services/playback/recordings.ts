import { fieldOf, readNumber } from '../commands';
import type { TimeSpan } from './camera-time';
import { daysInMonth } from './month';
import type { Month } from './month';

const MAX_ENTRIES = 20_000;
const MAX_MASK = 0xffff_ffff;

/**
 * The days of `get_month_record`'s answer: `{video_list}` is a 32-bit mask, as a number or text, whose
 * lowest bit is the first of the month. Null where there is none that makes sense.
 */
export function readMonth(body: unknown, month: Month): ReadonlySet<number> | null {
  const mask = readNumber(fieldOf(body, 'video_list'));
  // Firmware with signed numbers writes a negative one when the last bit is set.
  if (mask === null || !Number.isInteger(mask) || mask > MAX_MASK || mask < -0x8000_0000) {
    return null;
  }
  const days = new Set<number>();
  for (let day = 1; day <= daysInMonth(month); day++) {
    if (((mask >>> (day - 1)) & 1) === 1) days.add(day);
  }
  return days;
}

/** What a camera has of a day, in order. */
export interface DayRecordings {
  readonly recordings: readonly TimeSpan[];
  /** What of it the camera marks: something moved, or the like. */
  readonly events: readonly TimeSpan[];
}

/**
 * The stretches of `get_record_index`'s answer, `{video_list:[{type,start_time,end_time}]}` in unix
 * s, as unix ms; any `type` but 0 is an event. Clipped to the span, in order, joined where they touch or overlap. Null where there is no
 * list; entries that make no sense are left out.
 */
export function readRecordings(body: unknown, span: TimeSpan): DayRecordings | null {
  const list = fieldOf(body, 'video_list');
  // Some devices leave the list out, or write null, where it is empty.
  if (list === null || list === '') return { recordings: [], events: [] };
  if (!Array.isArray(list)) return null;
  const entries = list.slice(0, MAX_ENTRIES).flatMap((entry: unknown) => {
    const startS = readNumber(fieldOf(entry, 'start_time'));
    const endS = readNumber(fieldOf(entry, 'end_time'));
    if (startS === null || endS === null) return [];
    const startMs = Math.max(span.startMs, startS * 1_000);
    const endMs = Math.min(span.endMs, endS * 1_000);
    const isEvent = (readNumber(fieldOf(entry, 'type')) ?? 0) !== 0;
    return startMs < endMs ? [{ startMs, endMs, isEvent }] : [];
  });
  const events = join(entries.filter(({ isEvent }) => isEvent));
  // What is recorded of an event is recorded, whether or not another entry says so too.
  return { recordings: join(entries), events };
}

function join(spans: readonly TimeSpan[]): readonly TimeSpan[] {
  const joined: { startMs: number; endMs: number }[] = [];
  for (const { startMs, endMs } of [...spans].sort((a, b) => a.startMs - b.startMs)) {
    const last = joined[joined.length - 1];
    if (last !== undefined && startMs <= last.endMs) last.endMs = Math.max(last.endMs, endMs);
    else joined.push({ startMs, endMs });
  }
  return joined;
}

/**
 * The event that begins after a moment, or the one before it.
 * @param slackMs one that began within this counts as the present one
 */
export function eventFrom(
  events: readonly TimeSpan[],
  fromMs: number,
  direction: 'next' | 'previous',
  slackMs = 3_000,
): TimeSpan | null {
  if (direction === 'next') return events.find(({ startMs }) => startMs > fromMs) ?? null;
  const before = events.filter(({ startMs }) => startMs < fromMs - slackMs);
  return before[before.length - 1] ?? null;
}

/** The recorded moment at a time, or the next one after it, or the last there is; null for none. */
export function nearestRecorded(recordings: readonly TimeSpan[], unixMs: number): number | null {
  const next = recordings.find(({ endMs }) => unixMs < endMs);
  if (next !== undefined) return Math.max(unixMs, next.startMs);
  const last = recordings[recordings.length - 1];
  return last === undefined ? null : Math.max(last.startMs, last.endMs - 1);
}

/**
 * The moment that is `byMs` of recorded time away; gaps do not count, as a playback skips them. Stays
 * within what is recorded.
 */
export function walk(recordings: readonly TimeSpan[], fromMs: number, byMs: number): number {
  if (recordings.length === 0) return fromMs + byMs;
  return byMs < 0 ? walkBack(recordings, fromMs, -byMs) : walkOn(recordings, fromMs, byMs);
}

function walkOn(recordings: readonly TimeSpan[], fromMs: number, byMs: number): number {
  let left = byMs;
  for (const { startMs, endMs } of recordings) {
    if (endMs <= fromMs) continue;
    const begin = Math.max(startMs, fromMs);
    if (begin + left < endMs) return begin + left;
    left -= endMs - begin;
  }
  return Math.max(fromMs, recordings[recordings.length - 1]!.endMs);
}

function walkBack(recordings: readonly TimeSpan[], fromMs: number, byMs: number): number {
  let left = byMs;
  for (let i = recordings.length - 1; i >= 0; i--) {
    const { startMs, endMs } = recordings[i]!;
    if (startMs >= fromMs) continue;
    const begin = Math.min(endMs, fromMs);
    if (begin - left >= startMs) return begin - left;
    left -= begin - startMs;
  }
  return Math.min(fromMs, recordings[0]!.startMs);
}
