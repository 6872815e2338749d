import { readFileSync } from 'node:fs';
import path from 'node:path';
import { FlvReader, isKeyframe } from '../../../services/media/flv';
import type { TimeSpan } from '../../../services/playback';

/** Yesterday as `--seed-recordings` fills it: the same clip over and over, in camera time UTC. */

export const CLIP_S = 8;
const STARTS_S = [-60, 27_000, 44_100, 65_100, 86_340];
/** Three segments of 56 s; the third comes after a gap. */
const STRETCHES_S = [
  [0, 112],
  [132, 188],
] as const;

/** `2026-11-22`, and its first moment in unix ms. */
export function yesterday(): { readonly date: string; readonly startMs: number } {
  const date = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  return { date, startMs: Date.parse(`${date}T00:00:00Z`) };
}

/** What is recorded of that day, in seconds of it, as spans whose unit is the second. */
export const RECORDED: readonly TimeSpan[] = STARTS_S.flatMap((start) =>
  STRETCHES_S.map(([from, to]) => ({
    startMs: Math.max(0, start + from),
    endMs: Math.min(86_400, start + to),
  })),
).filter(({ startMs, endMs }) => startMs < endMs);

/** Which second of the clip is shown at a second of the day; null where nothing is recorded. */
export function clipTimeAt(dayS: number): number | null {
  const start = STARTS_S.find((one) =>
    STRETCHES_S.some(([from, to]) => dayS >= one + from - 1 && dayS < one + to + 1),
  );
  if (start === undefined) return null;
  const [from] = STRETCHES_S.find(
    ([begin, to]) => dayS >= start + begin - 1 && dayS < start + to + 1,
  )!;
  return (((dayS - start - from) % CLIP_S) + CLIP_S) % CLIP_S;
}

/** How far two moments of the clip are apart, whichever way around. */
export function clipDistance(a: number, b: number): number {
  const distance = Math.abs(a - b) % CLIP_S;
  return Math.min(distance, CLIP_S - distance);
}

/** The bytes of the clip's keyframes, one each second: they tell them apart. */
export function keyframeSizes(): readonly number[] {
  const file = path.resolve(__dirname, '../../../agents/camera/assets/sample.flv');
  const { tags } = new FlvReader().push(readFileSync(file));
  const keyframes = tags.filter((tag) => tag.type === 'video' && isKeyframe(tag));
  return keyframes.map(({ data }) => data.length).filter((size) => size > 1_000);
}
