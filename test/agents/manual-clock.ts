import type { CancelTimer, Clock } from '../../services/host';

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
  private time = 1_000;
  private readonly timers = new Set<Timer>();

  nowMs(): number {
    return this.time;
  }

  wallMs(): number {
    return 1_700_000_000_000 + this.time;
  }

  get pendingTimers(): number {
    return this.timers.size;
  }

  setTimer(delayMs: number, callback: () => void): CancelTimer {
    const timer = { dueMs: this.time + Math.max(0, delayMs), callback };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** Lets time pass, and fires what falls due, in order. */
  advance(ms: number): void {
    const endMs = this.time + ms;
    for (let timer = this.next(); timer && timer.dueMs <= endMs; timer = this.next()) {
      this.timers.delete(timer);
      this.time = Math.max(this.time, timer.dueMs);
      timer.callback();
    }
    this.time = endMs;
  }

  /** Lets time pass while no timer can fire, as in a process that sleeps; they fire on `advance`. */
  suspend(ms: number): void {
    this.time += ms;
  }

  private next(): Timer | undefined {
    return [...this.timers].sort((a, b) => a.dueMs - b.dueMs)[0];
  }
}
