import type { FeedFigures } from './player-state';

/** Less than this is noise: a quarter of the value, or 50 ms. */
const SHARE = 0.25;
const NOISE_MS = 50;

/** Whether the watchdogs would do better by the newer figures. */
export function changedMarkedly(known: FeedFigures, now: FeedFigures): boolean {
  return (
    differs(known.keyframeIntervalMs, now.keyframeIntervalMs) || differs(known.rttMs, now.rttMs)
  );
}

function differs(known: number | null, now: number | null): boolean {
  if (known === null || now === null) return known !== now;
  const change = Math.abs(now - known);
  return change > NOISE_MS && change > known * SHARE;
}
