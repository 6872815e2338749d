import type { Clock } from '../clock';

/** Browsers keep the delay in a signed 32-bit number; a longer one would fire at once. */
const MAX_DELAY_MS = 0x7fffffff;

/** The browser's clock and timers. */
export function createH5Clock(): Clock {
  return {
    nowMs: () => performance.now(),
    wallMs: () => Date.now(),
    setTimer(delayMs, callback) {
      const id = setTimeout(callback, Math.min(Math.max(0, delayMs), MAX_DELAY_MS));
      return () => clearTimeout(id);
    },
  };
}
