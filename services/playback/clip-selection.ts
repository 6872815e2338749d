import type { TimeSpan } from './camera-time';

export type ClipEdge = 'start' | 'end';

/** The shortest and the longest clip, in ms. */
export const MIN_CLIP_MS = 5_000;
export const MAX_CLIP_MS = 60 * 60_000;
const FIRST_CLIP_MS = 30_000;
const SECOND_MS = 1_000;

/**
 * A clip to begin with, around a moment; whole seconds.
 * @param day what it stays within
 */
export function clipAround(day: TimeSpan, atMs: number): TimeSpan {
  const latest = Math.max(day.startMs, day.endMs - FIRST_CLIP_MS);
  const startMs = clamp(floor(atMs - FIRST_CLIP_MS / 2), day.startMs, latest);
  return { startMs, endMs: Math.min(day.endMs, startMs + FIRST_CLIP_MS) };
}

/** Moves an edge to a moment; the other one gives way where the clip became too short or too long. */
export function moveClipEdge(
  clip: TimeSpan,
  edge: ClipEdge,
  toMs: number,
  day: TimeSpan,
): TimeSpan {
  if (edge === 'start') {
    const startMs = clamp(floor(toMs), day.startMs, day.endMs - MIN_CLIP_MS);
    const endMs = clamp(clip.endMs, startMs + MIN_CLIP_MS, startMs + MAX_CLIP_MS);
    return { startMs, endMs: Math.min(endMs, day.endMs) };
  }
  const endMs = clamp(floor(toMs), day.startMs + MIN_CLIP_MS, day.endMs);
  const startMs = clamp(clip.startMs, endMs - MAX_CLIP_MS, endMs - MIN_CLIP_MS);
  return { startMs: Math.max(startMs, day.startMs), endMs };
}

/** Where a key leads from an edge (ARIA slider pattern), in unix ms; null for keys that lead nowhere. */
export function clipEdgeByKey(atMs: number, key: string, day: TimeSpan): number | null {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return atMs - SECOND_MS;
    case 'ArrowRight':
    case 'ArrowUp':
      return atMs + SECOND_MS;
    case 'PageDown':
      return atMs - 10 * SECOND_MS;
    case 'PageUp':
      return atMs + 10 * SECOND_MS;
    case 'Home':
      return day.startMs;
    case 'End':
      return day.endMs;
    default:
      return null;
  }
}

function floor(ms: number): number {
  return Math.floor(ms / SECOND_MS) * SECOND_MS;
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
