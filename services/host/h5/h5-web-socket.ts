import type { OpenWebSocket, WebSocketLink } from '../web-socket';

/** The browser's WebSocket, binary messages only. */
export const openH5WebSocket: OpenWebSocket = (url, events) => {
  let over = false;
  const finish = (reason: string): void => {
    if (over) return;
    over = true;
    events.onClose(reason);
  };

  let socket: WebSocket;
  try {
    socket = new WebSocket(url);
  } catch (cause) {
    // A malformed address, or `ws:` from an https page. The caller has no link yet: tell it later.
    queueMicrotask(() => finish(cause instanceof Error ? cause.message : String(cause)));
    return { send: () => {}, bufferedBytes: () => 0, close: () => void (over = true) };
  }

  socket.binaryType = 'arraybuffer';
  socket.onopen = () => {
    if (!over) events.onOpen();
  };
  socket.onmessage = (event: MessageEvent<unknown>) => {
    if (!over && event.data instanceof ArrayBuffer) events.onMessage(new Uint8Array(event.data));
  };
  // `error` says nothing that `close`, which always follows, does not.
  socket.onclose = (event) => {
    finish(event.reason === '' ? `closed with code ${event.code}` : event.reason);
  };

  const link: WebSocketLink = {
    send(message) {
      if (!over && socket.readyState === WebSocket.OPEN) {
        socket.send(message);
      }
    },
    bufferedBytes: () => (over ? 0 : socket.bufferedAmount),
    close() {
      over = true;
      socket.close();
    },
  };
  return link;
};
