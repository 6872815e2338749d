import type { Clock, OpenWebSocket, WebSocketEvents, WebSocketLink } from '../../services/host';
import { ReliablePipe } from './reliable-pipe';
import type { VirtualAccess } from './virtual-access';

const REQUEST_BYTES = 400;
const FRAME_BYTES = 8;

/** What listens at a URL. */
export interface VirtualServer {
  /** Accepts a connection; messages both ways take `delayMs`, but `onOpen` and the dialling. */
  readonly open: OpenWebSocket;
  /** One-way delay from the internet to the server. */
  readonly delayMs: () => number;
}

/** What a WebSocket needs of the host that opens it. */
export interface WebSocketContext {
  readonly clock: Clock;
  /** Where the host is now; null when it has no network. */
  readonly access: VirtualAccess | null;
  /** Whether the host is at that access still, or again. */
  readonly isAttached: () => boolean;
  /** Runs what the application is told, as soon as it is awake. */
  readonly run: (call: () => void) => void;
  /** Null when nobody listens there. */
  readonly server: VirtualServer | null;
  readonly onOver: (socket: VirtualWebSocket) => void;
}

/** A WebSocket over a TCP connection that is bound to the access it was opened at. */
export class VirtualWebSocket implements WebSocketLink {
  private readonly url: string;
  private readonly events: WebSocketEvents;
  private readonly context: WebSocketContext;
  private readonly natGeneration: number;
  private readonly up: ReliablePipe;
  private readonly down: ReliablePipe;
  private serverSide: WebSocketLink | null = null;
  private over = false;
  private cut = false;
  private isReset = false;

  constructor(url: string, events: WebSocketEvents, context: WebSocketContext) {
    const { clock, access } = context;
    this.url = url;
    this.events = events;
    this.context = context;
    this.natGeneration = access?.nat.generation ?? 0;
    this.up = new ReliablePipe(
      clock,
      () => (this.passes(true) ? access!.up : null),
      () => this.end('connection timed out'),
    );
    this.down = new ReliablePipe(
      clock,
      () => (this.passes(false) ? access!.down : null),
      () => this.serverSide?.close(),
    );
    if (access === null) clock.setTimer(0, () => this.end('network unreachable'));
    else this.connect();
  }

  send(message: Uint8Array): void {
    if (this.over) return;
    const copy = message.slice();
    this.up.send(copy.length + FRAME_BYTES, () => this.serverSide?.send(copy));
  }

  bufferedBytes(): number {
    return this.over ? 0 : this.up.waitingBytes;
  }

  close(): void {
    if (this.over) return;
    this.over = true;
    this.down.close();
    this.context.onOver(this);
    // What was sent before still arrives; without a way to the server it hears nothing of the close.
    this.up.send(FRAME_BYTES, () => {
      this.serverSide?.close();
      this.up.close();
    });
  }

  /** The system takes the connection from the application. */
  die(fate: 'silent' | 'error'): void {
    this.cut = true;
    if (fate === 'error') this.end('connection aborted');
  }

  /** The handshakes of TCP, of TLS 1.3 where there is one, and of HTTP. */
  private connect(): void {
    const { server } = this.context;
    const roundTrip = (then: () => void) =>
      this.up.send(0, () => this.atServer(2, () => this.down.send(0, then)));
    const upgrade = () =>
      this.up.send(REQUEST_BYTES, () => {
        this.serverSide = server!.open(this.url, this.serverEvents);
      });
    roundTrip(() => {
      if (server === null) this.end('connection refused');
      else if (this.url.startsWith('wss:')) roundTrip(upgrade);
      else upgrade();
    });
  }

  private atServer(ways: number, call: () => void): void {
    const { server, clock } = this.context;
    clock.setTimer(ways * (server?.delayMs() ?? 0), call);
  }

  /** What the server sends. */
  private readonly serverEvents: WebSocketEvents = {
    onOpen: () =>
      this.atServer(1, () => this.toApplication(REQUEST_BYTES, () => this.events.onOpen())),
    onMessage: (message) => {
      const copy = message.slice();
      this.toApplication(copy.length + FRAME_BYTES, () => this.events.onMessage(copy));
    },
    onClose: (reason) => this.down.send(FRAME_BYTES, () => this.end(reason)),
  };

  private toApplication(sizeBytes: number, call: () => void): void {
    this.down.send(sizeBytes, () =>
      this.context.run(() => {
        if (!this.over) call();
      }),
    );
  }

  private passes(isUp: boolean): boolean {
    const { access, isAttached } = this.context;
    if (this.cut || access === null || !isAttached()) return false;
    if (access.nat.generation === this.natGeneration) return true;
    // The server gets a segment from a stranger and answers with a reset.
    if (isUp) this.reset(access);
    return false;
  }

  private reset({ up, down }: VirtualAccess): void {
    if (this.isReset) return;
    this.isReset = true;
    const roundTripMs = (up.impairment.delayMs ?? 0) + (down.impairment.delayMs ?? 0);
    this.context.clock.setTimer(roundTripMs, () => this.end('connection reset'));
  }

  private end(reason: string): void {
    this.up.close();
    this.down.close();
    if (this.over) return;
    this.context.run(() => {
      if (this.over) return;
      this.over = true;
      this.context.onOver(this);
      this.events.onClose(reason);
    });
  }
}
