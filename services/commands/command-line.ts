import type { DeviceLease, DeviceSessions, IotDevice } from '../device';
import { toIotError } from '../device';
import { IotError, XP2PErrorCode } from '../errors';
import type { CancelTimer, Clock } from '../host';
import { userCommand } from './encode-command';
import { readAnswer } from './read-answer';
import type { CommandAnswer } from './read-answer';

export interface CommandLineOptions {
  readonly sessions: DeviceSessions;
  readonly clock: Clock;
  readonly device: IotDevice;
  /** 0-based (default 0). */
  readonly channel?: number;
  /** The connection is over; what was under way has had no answer. */
  readonly onLost?: (error: IotError) => void;
}

/** How long an unused share of the connection is kept, in ms. */
const LINGER_MS = 5_000;
const CONNECT_PARAMS = 'action=live&channel=0&quality=high';

/**
 * Commands to one camera. It takes a share of the connection when there is something to send and gives
 * it back when nothing was for 5 s, so that a player that pauses can close the connection.
 */
export class CommandLine {
  private lease: Promise<DeviceLease> | null = null;
  private held: DeviceLease | null = null;
  private underWay = 0;
  private messageId = 0;
  private closed = false;
  private cancelLinger: CancelTimer = () => undefined;

  constructor(private readonly options: CommandLineOptions) {}

  /**
   * Sends a command (see `innerCommand`, `plainCommand`); several may be under way at once.
   * @param timeoutMs how long the answer is waited for, once the connection stands.
   * @returns what came of it. Rejects with an `IotError` when there is no connection.
   */
  async send(command: string, timeoutMs: number): Promise<CommandAnswer> {
    this.cancelLinger();
    this.underWay++;
    try {
      const lease = await this.connect();
      return readAnswer(await lease.sendCommand(command, { timeoutMs }));
    } finally {
      this.underWay--;
      if (this.underWay === 0) this.linger();
    }
  }

  /** Sends a maker's own command as JSON, with the next `message_id`. */
  sendUser(topic: string, data: object, timeoutMs: number): Promise<CommandAnswer> {
    this.messageId++;
    const message = { topic, data, messageId: this.messageId };
    return this.send(userCommand(message, this.options.channel ?? 0), timeoutMs);
  }

  /** Gives the share back; what is under way gets no answer. */
  close(): void {
    this.closed = true;
    this.drop();
  }

  private connect(): Promise<DeviceLease> {
    if (this.lease !== null) return this.lease;
    const opening = this.open().catch((cause: unknown) => {
      if (this.lease === opening) this.drop();
      throw toIotError(cause, {
        code: XP2PErrorCode.ServiceMissing,
        phase: 'command',
        reason: 'internal',
        message: 'the command could not be sent',
        retryable: true,
      });
    });
    this.lease = opening;
    return opening;
  }

  private async open(): Promise<DeviceLease> {
    const { sessions, device, onLost } = this.options;
    await sessions.init(device);
    if (this.closed) throw new Error('closed');
    const lease = sessions.acquire(device, {
      onPath: () => undefined,
      onDisconnect: (error) => {
        this.drop();
        onLost?.(error);
      },
      onNetworkChanged: () => {
        this.drop();
        onLost?.(networkChanged());
      },
    });
    this.held = lease;
    await lease.connect(CONNECT_PARAMS);
    return lease;
  }

  private drop(): void {
    this.cancelLinger();
    this.lease = null;
    this.held?.release();
    this.held = null;
  }

  private linger(): void {
    this.cancelLinger();
    if (this.held === null) return;
    this.cancelLinger = this.options.clock.setTimer(LINGER_MS, () => {
      if (this.underWay === 0) this.drop();
    });
  }
}

function networkChanged(): IotError {
  return new IotError({
    code: XP2PErrorCode.ServiceMissing,
    phase: 'session',
    reason: 'connection-lost',
    message: 'the network has changed',
    retryable: true,
  });
}
