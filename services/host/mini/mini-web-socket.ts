import type { Clock } from '../clock';
import type { OpenWebSocket, WebSocketEvents, WebSocketLink } from '../web-socket';
import { errorTextOf, wholeBufferOf } from './mini-api';
import type { MiniApi } from './mini-api';

type ConnectSocket = NonNullable<MiniApi['connectSocket']>;
type SocketTask = WechatMiniprogram.SocketTask;

/** The host's own limit is 60 s. */
const CONNECT_TIMEOUT_MS = 10_000;
const NORMAL_CLOSURE = 1000;

/**
 * WebSockets of a mini-program (`wx.connectSocket`, SocketTask from base library 1.7.0).
 *
 * Limits of the platform: five at a time; only `wss:` URLs of domains on the app's list, but for the
 * developer tools; closed about 5 s after the app went to the background, with code 1000 and reason
 * "interrupted".
 */
export function createOpenWebSocket(connectSocket: ConnectSocket, clock: Clock): OpenWebSocket {
  return (url, events) => {
    const link = new MiniWebSocket(events, clock);
    link.connect(connectSocket, url);
    return link;
  };
}

class MiniWebSocket implements WebSocketLink {
  private state: 'connecting' | 'open' | 'over' = 'connecting';
  private task: SocketTask | undefined;
  private cancelTimer: () => void;
  private pendingBytes = 0;
  /** Whether the host has ever answered a `send`; one that never does must not look congested. */
  private isAnswering = false;

  constructor(
    private readonly events: WebSocketEvents,
    clock: Clock,
  ) {
    this.cancelTimer = clock.setTimer(CONNECT_TIMEOUT_MS, () => this.fail('no answer in time'));
  }

  connect(connectSocket: ConnectSocket, url: string): void {
    try {
      const task = connectSocket({
        url,
        tcpNoDelay: true,
        timeout: CONNECT_TIMEOUT_MS,
        fail: (cause) => this.failSoon(errorTextOf(cause)),
      }) as SocketTask | undefined;
      if (task === undefined) return this.failSoon('connectSocket gave no SocketTask');
      this.task = task;
      this.listen(task);
    } catch (cause) {
      this.failSoon(errorTextOf(cause));
    }
  }

  send(message: Uint8Array): void {
    if (this.state !== 'open') return;
    const { length } = message;
    this.pendingBytes += length;
    const answered = (): void => {
      this.isAnswering = true;
      this.pendingBytes -= length;
    };
    try {
      this.task?.send({
        data: wholeBufferOf(message),
        success: answered,
        // The socket is gone, and not every version says so by an event.
        fail: (cause) => {
          answered();
          this.failSoon(errorTextOf(cause));
        },
      });
    } catch (cause) {
      this.failSoon(errorTextOf(cause));
    }
  }

  /** Bytes that the app's side has not passed to the host's native side yet. */
  bufferedBytes(): number {
    return this.state === 'open' && this.isAnswering ? this.pendingBytes : 0;
  }

  close(): void {
    if (this.state === 'over') return;
    this.end();
  }

  private listen(task: SocketTask): void {
    task.onOpen(() => {
      // A close before the socket was open does nothing on some phones.
      if (this.state === 'over') return closeQuietly(task);
      if (this.state === 'open') return;
      this.state = 'open';
      this.cancelTimer();
      this.events.onOpen();
    });
    task.onMessage(({ data }) => {
      // Not `instanceof`: the buffer may come from another context.
      if (this.state === 'open' && typeof data !== 'string') {
        this.events.onMessage(new Uint8Array(data));
      }
    });
    task.onError((cause) => this.fail(errorTextOf(cause)));
    task.onClose(({ code, reason }) => {
      this.fail(reason ? `closed with ${code} ${reason}` : `closed with code ${code}`);
    });
  }

  /** For failures within a call of the user's, which has no link or does not expect an event yet. */
  private failSoon(reason: string): void {
    void Promise.resolve().then(() => this.fail(reason));
  }

  private fail(reason: string): void {
    if (this.state === 'over') return;
    this.end();
    this.events.onClose(reason);
  }

  private end(): void {
    this.state = 'over';
    this.cancelTimer();
    if (this.task) closeQuietly(this.task);
  }
}

function closeQuietly(task: SocketTask): void {
  try {
    // Without `fail` a socket that is closed already raises an unhandled rejection.
    task.close({ code: NORMAL_CLOSURE, fail: () => undefined });
  } catch {
    return;
  }
}
