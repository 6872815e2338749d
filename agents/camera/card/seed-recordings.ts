import {
  encodeFlvTag,
  isAudioSequenceHeader,
  isVideoSequenceHeader,
} from '../../../services/media/flv';
import type { Clip } from '../clip';
import type { Card } from './card';
import { requireInteger } from './errors';
import { encodeSegmentHead } from './segment-head';

export interface SeedOptions {
  /** Default 0. */
  readonly channel?: number;
  /** Up to when, in unix ms. */
  readonly nowMs: number;
  /** How many days back, today included (default 3; at most 366). */
  readonly days?: number;
  /** Length of each of a day's four recordings (default 2; at most 240). */
  readonly minutes?: number;
}

export interface Seeded {
  readonly files: number;
  readonly bytes: number;
}

/** When a day's recordings begin, in minutes since it began; the last goes on into the next day. */
const STARTS_MIN = [7 * 60 + 30, 12 * 60 + 15, 18 * 60 + 5, 23 * 60 + 59];
/** Once in each recording: long enough to be seen. */
const GAP_MS = 20_000;
const SEGMENT_MS = 60_000;
/** Something moves in each segment, at this time. */
const EVENT_AT_MS = 20_000;
const EVENT_MS = 8_000;
const DAY_S = 86_400;

/**
 * Fills past days with a clip, for demos. Where there is a recording it is left alone, so that doing it
 * again adds only what is missing.
 * @throws IotError (-2000) naming the field; the system's error when the card cannot be written.
 */
export async function seedRecordings(
  card: Card,
  clip: Clip,
  { channel = 0, nowMs, days = 3, minutes = 2 }: SeedOptions,
): Promise<Seeded> {
  requireInteger('days', days, 1, 366);
  requireInteger('minutes', minutes, 1, 240);
  const rounds = Math.max(1, Math.floor(SEGMENT_MS / clip.periodMs));
  const file = encodeRounds(clip, rounds);
  const durationMs = rounds * clip.periodMs;
  const perRecording = Math.ceil((minutes * 60_000) / durationMs);
  let files = 0;
  let picture: Uint8Array | null = null;
  for (let back = days; back >= 0; back--) {
    const dayMs = startOfDay(card, nowMs, back);
    for (const startMin of STARTS_MIN) {
      const beginMs = dayMs + startMin * 60_000;
      for (let i = 0; i < perRecording; i++) {
        const gapMs = i >= perRecording / 2 ? GAP_MS : 0;
        const segment = { startMs: beginMs + i * durationMs + gapMs, durationMs, file };
        if (segment.startMs < nowMs - days * DAY_S * 1000) continue;
        if (segment.startMs + durationMs > nowMs) continue;
        const joins = i > 0 && i !== Math.ceil(perRecording / 2);
        if (!(await card.addRecording(channel, { ...segment, joins }))) continue;
        files++;
        const startMs = segment.startMs + EVENT_AT_MS;
        // The clip is the same everywhere, and so is the picture.
        picture = await card.addEvent(channel, { startMs, durationMs: EVENT_MS }, picture);
      }
    }
  }
  return { files, bytes: files * file.length };
}

/** @returns unix ms. */
function startOfDay(card: Card, nowMs: number, daysBack: number): number {
  // Noon is in the day that is meant, whatever clocks did.
  const noonS = card.dayAt(nowMs).startS + DAY_S / 2 - daysBack * DAY_S;
  return card.dayAt(noonS * 1000).startS * 1000;
}

function encodeRounds({ header, setup, frames, periodMs }: Clip, rounds: number): Uint8Array {
  const head = encodeSegmentHead({
    header,
    metadata: setup.find(({ type }) => type === 'script') ?? null,
    video: setup.find(isVideoSequenceHeader) ?? null,
    audio: setup.find(isAudioSequenceHeader) ?? null,
  });
  const tags: Uint8Array[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const tag of frames) tags.push(encodeFlvTag(tag, round * periodMs + tag.timestampMs));
  }
  return Buffer.concat([head, ...tags]);
}
