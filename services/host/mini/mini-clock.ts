import type { Clock } from '../clock';

/** The hosts' engines keep the delay in a signed 32-bit number; a longer one would fire at once. */
const MAX_DELAY_MS = 0x7fff_ffff;

/**
 * The clock of a mini-program: the wall clock, which here never goes back.
 *
 * `wx.getPerformance().now()` is no better base: mini-programs do not document it, and where it
 * exists it counts microseconds on phones and milliseconds in the developer tools. A wall clock set
 * forward looks like an app that slept, which everything above must survive anyway.
 */
export function createMiniClock(): Clock {
  let wallMs = Date.now();
  let nowMs = 0;
  return {
    nowMs() {
      const readMs = Date.now();
      nowMs += Math.max(0, readMs - wallMs);
      wallMs = readMs;
      return nowMs;
    },
    wallMs: () => Date.now(),
    setTimer(delayMs, callback) {
      const id = setTimeout(callback, Math.min(Math.max(0, delayMs), MAX_DELAY_MS));
      return () => clearTimeout(id);
    },
  };
}
