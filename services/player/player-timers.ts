import type { CancelTimer, Clock } from '../host';
import type { TimerName } from './player-effect';
import type { PlayerStore } from './player-store';

/** The timers that the machine has asked for, and the countdown to the next try. */
export class PlayerTimers {
  private readonly running = new Map<TimerName, CancelTimer>();
  private stopCountdown: CancelTimer | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly store: PlayerStore,
    private readonly onTimer: (timer: TimerName) => void,
  ) {}

  set(timer: TimerName, delayMs: number): void {
    const cancel = this.clock.setTimer(delayMs, () => {
      this.running.delete(timer);
      this.onTimer(timer);
    });
    this.running.set(timer, cancel);
  }

  clear(timer: TimerName): void {
    this.running.get(timer)?.();
    this.running.delete(timer);
  }

  /** Keeps `nextRetryInS` true while a try is due. */
  countDown(): void {
    this.stopCountdown?.();
    this.stopCountdown = null;
    const dueAtMs = this.store.status.nextTryAtMs;
    if (dueAtMs === null) {
      this.store.patch({ nextRetryInS: null });
      return;
    }
    const leftMs = Math.max(0, dueAtMs - this.clock.nowMs());
    const leftS = Math.ceil(leftMs / 1_000);
    this.store.patch({ nextRetryInS: leftS });
    if (leftS > 1) {
      const untilNextMs = leftMs - (leftS - 1) * 1_000;
      this.stopCountdown = this.clock.setTimer(untilNextMs, () => this.countDown());
    }
  }
}
