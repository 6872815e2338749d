/** Stops a timer; calling it twice, or after the timer fired, does nothing. */
export type CancelTimer = () => void;

export interface Clock {
  /** Monotonic time in ms, with an arbitrary origin; never jumps when the wall clock is set. */
  nowMs(): number;
  /** Wall-clock time in unix ms. */
  wallMs(): number;
  /** Runs `callback` once, at the earliest `delayMs` from now. */
  setTimer(delayMs: number, callback: () => void): CancelTimer;
}
