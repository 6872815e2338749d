import type { CancelTimer, Clock } from '../../../services/host';

export interface Work {
  start(): void;
  stop(): Promise<void>;
}

/** Viewers come and go, e.g. when they switch qualities; an encoder that was stopped starts slowly. */
const GRACE_MS = 10_000;

/** Something that runs while somebody uses it, and a little longer. */
export class OnDemand {
  private users = 0;
  private running = false;
  private cancelGrace: CancelTimer = () => undefined;

  constructor(
    private readonly work: Work,
    private readonly clock: Clock,
    private readonly graceMs = GRACE_MS,
  ) {}

  get active(): boolean {
    return this.running;
  }

  /** @returns what ends the use; calling it again does nothing. */
  use(): () => void {
    this.cancelGrace();
    this.users++;
    if (!this.running) {
      this.running = true;
      this.work.start();
    }
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.users--;
      if (this.users > 0) return;
      this.cancelGrace = this.clock.setTimer(this.graceMs, () => {
        this.running = false;
        void this.work.stop();
      });
    };
  }

  async close(): Promise<void> {
    this.cancelGrace();
    this.running = false;
    await this.work.stop();
  }
}
