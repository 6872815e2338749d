import type { Clock } from '../../host';

/** At most `perSecond` in each second, in bursts of as many. */
export class RateLimiter {
  private readonly perSecond: number;
  private readonly clock: Clock;
  private windowStartMs: number;
  private taken = 0;

  constructor(perSecond: number, clock: Clock) {
    this.perSecond = perSecond;
    this.clock = clock;
    this.windowStartMs = clock.nowMs();
  }

  /** @returns false when this second's share is used up. */
  take(): boolean {
    const nowMs = this.clock.nowMs();
    if (nowMs - this.windowStartMs >= 1000) {
      this.windowStartMs = nowMs;
      this.taken = 0;
    }
    if (this.taken >= this.perSecond) return false;
    this.taken++;
    return true;
  }
}
