import WebSocket from 'ws';
import type { OpenWebSocket, WebSocketEvents, WebSocketLink } from '../web-socket';

export interface NodeWebSocketOptions {
  /** Largest message accepted from the peer, in bytes (default 64 KiB). */
  readonly maxMessageBytes?: number;
  /** How long the TCP, TLS and WebSocket handshakes may take together, in ms (default 10 000). */
  readonly connectTimeoutMs?: number;
}

const DEFAULT_MAX_MESSAGE_BYTES = 64 * 1024;
const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
/** `ws` waits 30 s for the peer's close frame, which would hold up the end of a program. */
const CLOSE_TIMEOUT_MS = 1_000;

/** Makes the `openWebSocket` of a Node host. */
export function createOpenWebSocket(options: NodeWebSocketOptions = {}): OpenWebSocket {
  return (url, events) => {
    let socket: WebSocket;
    try {
      socket = new WebSocket(url, {
        maxPayload: options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES,
        handshakeTimeout: options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
        perMessageDeflate: false,
      });
    } catch (error) {
      return failedLink(events, reasonOf(error));
    }
    return link(socket, events);
  };
}

function link(socket: WebSocket, events: WebSocketEvents): WebSocketLink {
  let open = true;
  let failure: string | null = null;
  socket.binaryType = 'arraybuffer';
  socket.on('open', () => {
    if (open) events.onOpen();
  });
  socket.on('message', (data, isBinary) => {
    if (open && isBinary) events.onMessage(new Uint8Array(data as ArrayBuffer));
  });
  // Stays attached after our own close: an 'error' without a listener would end the process.
  socket.on('error', (error) => {
    failure ??= reasonOf(error);
  });
  socket.on('close', (code, reason) => {
    if (!open) return;
    open = false;
    events.onClose(failure ?? `closed with ${code} ${reason.toString()}`.trimEnd());
  });
  return {
    send(message) {
      if (socket.readyState === WebSocket.OPEN) {
        socket.send(message, { binary: true, compress: false });
      }
    },
    bufferedBytes: () => socket.bufferedAmount,
    close() {
      if (!open) return;
      open = false;
      const timer = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
      socket.once('close', () => clearTimeout(timer));
      socket.close(1000);
    },
  };
}

function failedLink(events: WebSocketEvents, reason: string): WebSocketLink {
  let open = true;
  queueMicrotask(() => {
    if (open) events.onClose(reason);
    open = false;
  });
  return {
    send: () => undefined,
    bufferedBytes: () => 0,
    close: () => {
      open = false;
    },
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
