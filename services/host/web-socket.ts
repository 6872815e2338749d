/** A binary WebSocket (RFC 6455), as every host can offer one. */
export interface WebSocketLink {
  /** Sends one binary message. Does nothing once the socket has closed. */
  send(message: Uint8Array): void;
  /** Bytes accepted by `send` that have not been handed to the network yet; 0 where a host cannot tell. */
  bufferedBytes(): number;
  /** Closes the socket; `onClose` is not called for a close of our own. */
  close(): void;
}

export interface WebSocketEvents {
  onOpen(): void;
  /** One binary message. The bytes belong to the callee. */
  onMessage(message: Uint8Array): void;
  /** The socket failed or was closed from afar; no event follows. */
  onClose(reason: string): void;
}

/** Starts connecting at once; failures arrive by `onClose`, never as an exception. */
export type OpenWebSocket = (url: string, events: WebSocketEvents) => WebSocketLink;
