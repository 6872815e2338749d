import type { CancelTimer, Clock } from '../../host';
import type { OutgoingPacket, Session } from '../session';
import { TransportErrorCode } from '../session';

/** How soon a transport that took no more is asked again; hosts report no such event. */
const BLOCKED_RETRY_MS = 10;

/**
 * Runs a sans-I/O session: hands it packets and timers, and sends what it has to say. Several writes in
 * one `run` leave together.
 */
export class SessionRunner {
  readonly session: Session;
  private readonly clock: Clock;
  private readonly send: (packet: OutgoingPacket) => void;
  private readonly canSend: () => boolean;
  private readonly onInternalError: (error: unknown) => void;
  private cancelTimer: CancelTimer = () => undefined;
  /** When the timer that is set goes off; Infinity when none is. */
  private timerAtMs = Infinity;
  private depth = 0;
  private stopped = false;

  constructor(options: {
    readonly session: Session;
    readonly clock: Clock;
    readonly send: (packet: OutgoingPacket) => void;
    /** Whether the transport takes a packet now; what it would only queue is better kept here. */
    readonly canSend: () => boolean;
    /** A handler of the app threw; the session was closed for it. */
    readonly onInternalError: (error: unknown) => void;
  }) {
    this.session = options.session;
    this.clock = options.clock;
    this.send = options.send;
    this.canSend = options.canSend;
    this.onInternalError = options.onInternalError;
  }

  /** Runs `work` on the session and sends what came of it. */
  run(work: (session: Session, nowMs: number) => void): void {
    this.depth++;
    try {
      work(this.session, this.clock.nowMs());
    } catch (error) {
      this.session.close(TransportErrorCode.InternalError, 'internal error');
      this.onInternalError(error);
    } finally {
      this.depth--;
    }
    this.flush();
  }

  /** The session has something to send; does nothing inside `run`, which sends at its end. */
  wake(): void {
    if (this.depth === 0) this.run(() => undefined);
  }

  stop(): void {
    this.stopped = true;
    this.cancelTimer();
    this.timerAtMs = Infinity;
  }

  private flush(): void {
    if (this.depth > 0 || this.stopped) return;
    this.depth++;
    try {
      while (this.canSend()) {
        const packet = this.session.nextPacket(this.clock.nowMs());
        if (packet === null) break;
        this.send(packet);
      }
    } finally {
      this.depth--;
    }
    this.schedule();
  }

  private schedule(): void {
    const nowMs = this.clock.nowMs();
    let due = this.session.nextTimeoutMs(nowMs);
    if (due === null || due === Infinity) {
      this.cancelTimer();
      this.timerAtMs = Infinity;
      return;
    }
    if (!this.canSend()) due = Math.max(due, nowMs + BLOCKED_RETRY_MS);
    // Most packets only put the timer off; it is set anew when it goes off too early, not for each.
    if (due >= this.timerAtMs) return;
    this.cancelTimer();
    this.timerAtMs = due;
    this.cancelTimer = this.clock.setTimer(Math.max(0, due - nowMs), () => {
      this.timerAtMs = Infinity;
      this.run((session, now) => session.onTimeout(now));
    });
  }
}
