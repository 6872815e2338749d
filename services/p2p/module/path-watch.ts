import type { CancelTimer, Clock } from '../../host';
import type { PathInfo } from '../endpoint';

/** Until the first round trip is known, and from then on. */
const FIRST_RTT_CHECK_MS = 100;
const CHECK_MS = 1000;
/** Changes that are worth a message: a fifth of the round trip, if that is more than noise. */
const RTT_SHARE = 0.2;
const RTT_NOISE_MS = 5;
const LOSS_STEP = 0.02;

/** Whether `now` tells markedly more than what was told last. */
export function isNews(told: PathInfo, now: PathInfo): boolean {
  if (told.rttMs === null || now.rttMs === null) return told.rttMs !== now.rttMs;
  const change = Math.abs(now.rttMs - told.rttMs);
  if (change > told.rttMs * RTT_SHARE && change >= RTT_NOISE_MS) return true;
  return Math.abs((now.loss ?? 0) - (told.loss ?? 0)) >= LOSS_STEP;
}

/** Repeats a path's message when its figures have changed markedly, at most once a second. */
export class PathWatch {
  private readonly clock: Clock;
  private readonly current: () => PathInfo;
  private readonly tell: (path: PathInfo) => void;
  private told: PathInfo | null = null;
  private cancelTimer: CancelTimer = () => undefined;

  constructor(clock: Clock, current: () => PathInfo, tell: (path: PathInfo) => void) {
    this.clock = clock;
    this.current = current;
    this.tell = tell;
  }

  start(): void {
    this.schedule();
  }

  /** A message was sent for another reason. */
  onTold(path: PathInfo): void {
    this.told = path;
  }

  stop(): void {
    this.cancelTimer();
  }

  private schedule(): void {
    const known = this.told !== null && this.told.rttMs !== null;
    this.cancelTimer();
    this.cancelTimer = this.clock.setTimer(known ? CHECK_MS : FIRST_RTT_CHECK_MS, () => {
      this.schedule();
      const path = this.current();
      if (path.state === 'up' && this.told !== null && isNews(this.told, path)) {
        // Timed anew: a first round trip changes the pace.
        this.tell(path);
        this.schedule();
      }
    });
  }
}
