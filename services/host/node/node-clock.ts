import type { CancelTimer, Clock } from '../clock';

/** Node fires a longer timer at once. */
const MAX_DELAY_MS = 2_147_483_647;

/** The clock of a Node process. Its timers keep the process alive, as the work they stand for does. */
export const nodeClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  setTimer(delayMs, callback): CancelTimer {
    const timer = setTimeout(callback, Math.min(Math.max(delayMs, 0), MAX_DELAY_MS));
    return () => clearTimeout(timer);
  },
};

/** The same clock with timers that do not keep the process alive: for watching, not for work. */
export const backgroundClock: Clock = {
  ...nodeClock,
  setTimer(delayMs, callback): CancelTimer {
    const timer = setTimeout(callback, Math.min(Math.max(delayMs, 0), MAX_DELAY_MS)).unref();
    return () => clearTimeout(timer);
  },
};
