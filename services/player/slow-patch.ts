import type { CancelTimer, Clock } from '../host';

const EVERY_MS = 1_000;

/** Hands values on at most once a second, the newest of each; the first at once. */
export class SlowPatch<Values extends object> {
  private pending: Partial<Values> = {};
  private atMs = -Infinity;
  private cancelTimer: CancelTimer | null = null;

  constructor(
    private readonly clock: Clock,
    /** May make more of it: called at the moment when the values go. */
    private readonly hand: (values: Partial<Values>) => void,
  ) {}

  set(values: Partial<Values>): void {
    this.pending = { ...this.pending, ...values };
    const dueMs = this.atMs + EVERY_MS - this.clock.nowMs();
    if (dueMs <= 0) this.flush();
    else this.cancelTimer ??= this.clock.setTimer(dueMs, () => this.flush());
  }

  /** What waits is of no more interest. */
  clear(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
    this.pending = {};
  }

  private flush(): void {
    const values = this.pending;
    this.clear();
    this.atMs = this.clock.nowMs();
    this.hand(values);
  }
}
