import type { DeviceLease, DeviceSessions, IotDevice } from '../device';
import { toIotError } from '../device';
import { XP2PErrorCode } from '../errors';
import type { IotError } from '../errors';
import type { CancelTimer, Clock } from '../host';

export interface FeedbackLineOptions {
  readonly sessions: DeviceSessions;
  readonly clock: Clock;
  readonly device: IotDevice;
  readonly onFeedback: (detail: unknown) => void;
  /** The connection is over; it is made anew by itself. */
  readonly onLost: (error: IotError) => void;
}

const CONNECT_PARAMS = 'action=live&channel=0&quality=high';
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

/** Keeps a share of a camera's connection, so that the camera can say something at any time. */
export class FeedbackLine {
  private lease: DeviceLease | null = null;
  private opened = false;
  private retryMs = FIRST_RETRY_MS;
  private cancelRetry: CancelTimer = () => undefined;

  constructor(private readonly options: FeedbackLineOptions) {}

  /** Listens from now on; does nothing where it does already. */
  open(): void {
    if (this.opened) return;
    this.opened = true;
    void this.connect();
  }

  close(): void {
    this.opened = false;
    this.cancelRetry();
    this.lease?.release();
    this.lease = null;
  }

  private async connect(): Promise<void> {
    const { sessions, device, onFeedback } = this.options;
    try {
      await sessions.init(device);
      if (!this.opened || this.lease !== null) return;
      const lease = sessions.acquire(device, {
        onPath: () => undefined,
        onFeedback,
        onDisconnect: (error) => this.lose(error),
        onNetworkChanged: () => this.lose(networkChanged()),
      });
      this.lease = lease;
      lease.watchFeedback();
      await lease.connect(CONNECT_PARAMS);
      if (this.lease === lease) this.retryMs = FIRST_RETRY_MS;
    } catch (cause) {
      if (this.opened) this.lose(lostBy(cause));
    }
  }

  private lose(error: IotError): void {
    this.lease?.release();
    this.lease = null;
    this.options.onLost(error);
    if (!this.opened) return;
    this.cancelRetry();
    this.cancelRetry = this.options.clock.setTimer(this.retryMs, () => void this.connect());
    this.retryMs = Math.min(LAST_RETRY_MS, this.retryMs * 2);
  }
}

function networkChanged(): IotError {
  return lostBy(new Error('the network has changed'));
}

function lostBy(cause: unknown): IotError {
  return toIotError(cause, {
    code: XP2PErrorCode.ServiceMissing,
    phase: 'session',
    reason: 'connection-lost',
    message: cause instanceof Error ? cause.message : String(cause),
    retryable: true,
  });
}
