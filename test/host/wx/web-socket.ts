import WebSocket from 'ws';
import type { Sandbox } from '../sandbox';

/** Connections that WeChat allows at once. */
const MAX_SOCKETS = 5;

interface Callbacks {
  readonly success?: (result: unknown) => void;
  readonly fail?: (result: unknown) => void;
  readonly complete?: (result: unknown) => void;
}

type Listener = (argument: unknown) => void;

/** `wx.connectSocket` on real WebSockets. */
export function createWebSockets(sandbox: Sandbox) {
  const open = new Set<WebSocket>();

  const connectSocket = (option: Callbacks & { readonly url: string }) => {
    const listeners: Record<string, Listener> = {};
    const on = (name: string) => (listener: Listener) => {
      listeners[name] = listener;
    };
    const answer = (callbacks: Callbacks, error: Error | null): void => {
      const result = { errMsg: error === null ? 'ok' : `fail ${error.message}` };
      if (error === null) callbacks.success?.(result);
      else callbacks.fail?.(result);
      callbacks.complete?.(result);
    };
    if (open.size >= MAX_SOCKETS) {
      answer(option, new Error('the maximum number of sockets is reached'));
    }
    const socket = new WebSocket(option.url, { perMessageDeflate: false });
    socket.binaryType = 'nodebuffer';
    open.add(socket);
    socket.on('open', () => listeners['open']?.({ header: {} }));
    socket.on('message', (data: Buffer, isBinary: boolean) =>
      listeners['message']?.({ data: isBinary ? sandbox.toBuffer(data) : data.toString() }),
    );
    socket.on('error', ({ message }) => listeners['error']?.({ errMsg: message }));
    socket.on('close', (code, reason) => {
      open.delete(socket);
      listeners['close']?.({ code, reason: reason.toString() });
    });
    queueMicrotask(() => answer(option, null));
    return {
      send(message: Callbacks & { readonly data: ArrayBuffer | string }): void {
        const { data } = message;
        if (ArrayBuffer.isView(data)) throw new Error('SocketTask.send: data is a view');
        socket.send(typeof data === 'string' ? data : Buffer.from(data), (error) =>
          answer(message, error ?? null),
        );
      },
      close(how: Callbacks & { readonly code?: number; readonly reason?: string } = {}): void {
        socket.close(how.code ?? 1000, how.reason);
        answer(how, null);
      },
      onOpen: on('open'),
      onMessage: on('message'),
      onError: on('error'),
      onClose: on('close'),
    };
  };

  return {
    connectSocket,
    openCount: () => open.size,
    closeAll: () => {
      for (const socket of open) socket.terminate();
    },
  };
}
