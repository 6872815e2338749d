import type { Clock } from '../../services/host';

const FIRST_MS = 1_000;
const MAX_MS = 30_000;
/** A run of this length was a good one: the next failure starts with a short wait again. */
const GOOD_RUN_MS = 10_000;

/** How long to wait before a program that ended is started again. */
export class BackOff {
  private startedMs = 0;
  private nextMs = FIRST_MS;

  constructor(private readonly clock: Clock) {}

  started(): void {
    this.startedMs = this.clock.nowMs();
  }

  /** Whether the run that began last was a good one so far. */
  get goodRun(): boolean {
    return this.clock.nowMs() - this.startedMs >= GOOD_RUN_MS;
  }

  /** The run is over. @returns ms until the next one. */
  ended(): number {
    if (this.goodRun) this.nextMs = FIRST_MS;
    const waitMs = this.nextMs;
    this.nextMs = Math.min(waitMs * 2, MAX_MS);
    return waitMs;
  }
}
