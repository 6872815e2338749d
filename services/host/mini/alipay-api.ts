import { base64 } from '@scure/base';
import type { MiniApi } from './mini-api';

type Listener = (argument: never) => void;

interface AlipaySocketTask {
  send(option: object): void;
  close(option: object): void;
  onOpen(listener: Listener): void;
  onMessage(
    listener: (message: { readonly data: unknown; readonly isBuffer?: boolean }) => void,
  ): void;
  onError(listener: Listener): void;
  onClose(listener: Listener): void;
}

interface AlipayUdpSocket {
  bind(option: { readonly port?: number }): unknown;
  send(option: object): void;
  close(): void;
  onMessage(listener: (message: { message: unknown; remoteInfo: unknown }) => void): void;
  onError(listener: Listener): void;
  onClose(listener: Listener): void;
}

/** What the host uses of `my`, where it is unlike `wx`. DingTalk's `dd` is a copy of an older one. */
export interface AlipayApi {
  connectSocket?: (option: object) => AlipaySocketTask | undefined;
  /** On some phones only, and for approved apps. */
  createUDPSocket?: (option: object) => AlipayUdpSocket;
  getStorageSync?(option: { readonly key: string }): { readonly data?: unknown } | undefined;
  setStorageSync?(option: { readonly key: string; readonly data: unknown }): unknown;
  onAppHide?: MiniApi['onAppHide'];
  onAppShow?: MiniApi['onAppShow'];
  offAppHide?: MiniApi['offAppHide'];
  offAppShow?: MiniApi['offAppShow'];
  onNetworkStatusChange?: MiniApi['onNetworkStatusChange'];
  offNetworkStatusChange?: MiniApi['offNetworkStatusChange'];
  getRandomValues?: MiniApi['getRandomValues'];
}

/** Alipay's API in the words of WeChat's. */
export function alipayApi(my: AlipayApi): MiniApi {
  const { connectSocket, createUDPSocket } = my;
  const api = {
    // The arguments of `my` are one object, and so are its answers.
    getStorageSync: (key: string) => my.getStorageSync?.({ key })?.data,
    setStorageSync(key: string, data: unknown) {
      if (my.setStorageSync === undefined) throw new Error('no storage');
      const result = my.setStorageSync({ key, data }) as { readonly error?: number } | undefined;
      // It reports a full store by its answer.
      if (result?.error !== undefined) throw new Error(`setStorageSync: ${String(result.error)}`);
    },
    ...bound(my, 'onAppHide'),
    ...bound(my, 'onAppShow'),
    ...bound(my, 'offAppHide'),
    ...bound(my, 'offAppShow'),
    ...bound(my, 'onNetworkStatusChange'),
    ...bound(my, 'offNetworkStatusChange'),
    ...bound(my, 'getRandomValues'),
    ...(typeof connectSocket === 'function' && {
      // Without `multiple` the whole app shares one socket, and there is no task.
      connectSocket: (option: object) =>
        toSocketTask(connectSocket.call(my, { ...option, multiple: true })),
    }),
    ...(typeof createUDPSocket === 'function' && {
      createUDPSocket: (type: string) => toUdpSocket(createUDPSocket.call(my, {}), type),
    }),
  };
  return api as unknown as MiniApi;
}

function bound<Name extends keyof AlipayApi>(
  my: AlipayApi,
  name: Name,
): Pick<AlipayApi, Name> | object {
  const member = my[name] as ((...args: unknown[]) => unknown) | undefined;
  return typeof member === 'function' ? { [name]: member.bind(my) } : {};
}

function toSocketTask(task: AlipaySocketTask | undefined) {
  if (task === undefined) return undefined;
  return {
    send: (option: object) => task.send(option),
    close: (option: object) => task.close(option),
    onOpen: (listener: Listener) => task.onOpen(listener),
    onError: (listener: Listener) => task.onError(listener),
    onClose: (listener: (result: { readonly code?: number; readonly reason?: string }) => void) =>
      task.onClose((result) => listener(result ?? {})),
    onMessage: (listener: (message: { readonly data: unknown }) => void) =>
      task.onMessage((message) => {
        const data = payloadOf(message);
        if (data !== null) listener({ data });
      }),
  };
}

/** Versions differ: a buffer, base64 with a flag, or either one level deeper. */
function payloadOf(message: unknown): ArrayBuffer | string | null {
  if (typeof message !== 'object' || message === null) return null;
  const { data, isBuffer } = message as { readonly data?: unknown; readonly isBuffer?: unknown };
  if (typeof data === 'string') {
    if (isBuffer !== true) return data;
    try {
      return base64.decode(data).buffer as ArrayBuffer;
    } catch {
      return null;
    }
  }
  if (typeof data !== 'object' || data === null) return null;
  return 'byteLength' in data ? (data as ArrayBuffer) : payloadOf(data);
}

/** It knows IPv4 only. */
function toUdpSocket(socket: AlipayUdpSocket, type: string) {
  return {
    bind(): unknown {
      if (type === 'udp6') throw new Error('this host has no IPv6');
      const bound = socket.bind({}) as { readonly port?: unknown } | number | undefined;
      return typeof bound === 'object' ? bound?.port : bound;
    },
    setTTL: () => undefined,
    send: (option: object) => socket.send(option),
    close: () => socket.close(),
    onError: (listener: Listener) => socket.onError(listener),
    onClose: (listener: Listener) => socket.onClose(listener),
    onMessage: (listener: (message: { message: unknown; remoteInfo: unknown }) => void) =>
      socket.onMessage(({ message, remoteInfo }) =>
        listener({
          message: Array.isArray(message) ? Uint8Array.from(message).buffer : message,
          remoteInfo,
        }),
      ),
  };
}
