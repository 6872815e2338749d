import type { TimeSpan } from './camera-time';

/** Which part of a day a timeline shows. */
export interface TimelineView {
  /** The day. */
  readonly limits: TimeSpan;
  /** What is visible, within the limits. */
  readonly startMs: number;
  readonly endMs: number;
}

/** The closest zoom: this much is visible, in ms. */
export const MIN_VISIBLE_MS = 5 * 60_000;

export interface Tick {
  readonly unixMs: number;
  readonly major: boolean;
}

/** Steps of a ruler in ms, and how many of them lie between two labels. */
const STEPS: readonly { readonly stepMs: number; readonly perLabel: number }[] = [
  { stepMs: 10_000, perLabel: 6 },
  { stepMs: 30_000, perLabel: 4 },
  { stepMs: 60_000, perLabel: 5 },
  { stepMs: 5 * 60_000, perLabel: 3 },
  { stepMs: 10 * 60_000, perLabel: 6 },
  { stepMs: 30 * 60_000, perLabel: 4 },
  { stepMs: 3_600_000, perLabel: 4 },
  { stepMs: 3_600_000, perLabel: 6 },
];

/** The whole day. */
export function wholeDay(limits: TimeSpan): TimelineView {
  return { limits, startMs: limits.startMs, endMs: limits.endMs };
}

/** Where a moment lies, as a share of the width: 0 is the left edge, 1 the right one. */
export function shareOf({ startMs, endMs }: TimelineView, unixMs: number): number {
  return (unixMs - startMs) / (endMs - startMs);
}

/** The moment at a share of the width, within the day. */
export function momentAt(view: TimelineView, share: number): number {
  const { startMs, endMs, limits } = view;
  return clamp(startMs + share * (endMs - startMs), limits.startMs, limits.endMs);
}

/** Shows `factor` times as much, with the moment at `share` staying where it is. */
export function zoom(view: TimelineView, factor: number, share: number): TimelineView {
  const { limits, startMs, endMs } = view;
  const most = limits.endMs - limits.startMs;
  const visible = endMs - startMs;
  const wanted = visible * (Number.isFinite(factor) && factor > 0 ? factor : 1);
  const length = clamp(wanted, Math.min(MIN_VISIBLE_MS, most), most);
  return place(view, startMs + share * (visible - length), length);
}

/** Moves what is visible by a share of the width; to the right shows what is earlier. */
export function pan(view: TimelineView, shareOfWidth: number): TimelineView {
  const length = view.endMs - view.startMs;
  return place(view, view.startMs - shareOfWidth * length, length);
}

/** Moves what is visible, where need be, so that a moment is in it. */
export function reveal(view: TimelineView, unixMs: number): TimelineView {
  const share = shareOf(view, unixMs);
  if (share >= 0 && share <= 1) return view;
  const length = view.endMs - view.startMs;
  return place(view, unixMs - length / 2, length);
}

/**
 * The marks of a ruler: round times of the camera's day.
 * @param maxLabels how many labels have room
 */
export function ticksOf(view: TimelineView, maxLabels: number): readonly Tick[] {
  const { limits, startMs, endMs } = view;
  const room = Math.max(1, maxLabels);
  const fitting = STEPS.find(
    ({ stepMs, perLabel }) => (endMs - startMs) / (stepMs * perLabel) <= room,
  );
  const { stepMs, perLabel } = fitting ?? { stepMs: 3_600_000, perLabel: 12 };
  const ticks: Tick[] = [];
  const first = Math.ceil((startMs - limits.startMs) / stepMs);
  for (let i = first; limits.startMs + i * stepMs <= endMs; i++) {
    ticks.push({ unixMs: limits.startMs + i * stepMs, major: i % perLabel === 0 });
  }
  return ticks;
}

function place(view: TimelineView, startMs: number, length: number): TimelineView {
  const { limits } = view;
  const start = clamp(startMs, limits.startMs, limits.endMs - length);
  return { limits, startMs: start, endMs: start + length };
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
