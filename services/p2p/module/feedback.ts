import { decodeUtf8 } from '../../encoding';
import type { CancelTimer, Clock } from '../../host';
import { StreamPriority } from '../session';
import type { RequestHandle } from '../http';
import type { RequestChannel } from './request-channel';

export interface FeedbackOptions {
  readonly channel: RequestChannel;
  readonly clock: Clock;
  /** A message, as JSON text that was not looked into. */
  readonly onMessage: (text: string) => void;
}

/** A longer line is no message. */
const MAX_LINE_BYTES = 16 * 1024;
/** A camera that ends it, e.g. for a newer one of the same viewer, is asked again after this. */
const RETRY_MS = 5_000;
const NEWLINE = 0x0a;

/** What the camera says by itself: `GET /feedback`, a message a line, until the service ends. */
export class Feedback {
  private handle: RequestHandle | null = null;
  private line: number[] = [];
  private isTooLong = false;
  private over = false;
  private cancelRetry: CancelTimer = () => undefined;

  constructor(private readonly options: FeedbackOptions) {
    this.open();
  }

  stop(): void {
    this.over = true;
    this.cancelRetry();
    const { handle } = this;
    this.handle = null;
    if (handle !== null) this.options.channel.batch(() => handle.cancel());
  }

  private open(): void {
    let isTaken = false;
    this.line = [];
    this.isTooLong = false;
    const again = (): void => {
      this.handle = null;
      // One that does not know the request will not learn it.
      if (isTaken && !this.over) this.retry();
    };
    this.handle = this.options.channel.request(
      { method: 'GET', target: '/feedback', priority: StreamPriority.Command },
      {
        onHead: ({ status }) => (isTaken = status === 200),
        onData: (bytes) => {
          if (isTaken) this.take(bytes);
        },
        onEnd: again,
        onFail: again,
      },
    );
  }

  private retry(): void {
    this.cancelRetry();
    this.cancelRetry = this.options.clock.setTimer(RETRY_MS, () => this.open());
  }

  private take(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (byte !== NEWLINE) {
        if (this.line.length < MAX_LINE_BYTES) this.line.push(byte);
        else this.isTooLong = true;
        continue;
      }
      const text = decodeUtf8(Uint8Array.from(this.line));
      const isMessage = !this.isTooLong && text !== '';
      this.line = [];
      this.isTooLong = false;
      if (isMessage) this.options.onMessage(text);
      if (this.over) return;
    }
  }
}
