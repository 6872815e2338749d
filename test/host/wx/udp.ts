import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Sandbox } from '../sandbox';

/** Longest datagram that WeChat hands over, in bytes. */
const MAX_MESSAGE_BYTES = 4095;

interface SendOption {
  readonly address: string;
  readonly port: number;
  readonly message: ArrayBuffer | string;
}

type Listener = (argument: unknown) => void;

/** `wx.createUDPSocket` on real UDP, with WeChat's limits. */
export function createUdpSockets(sandbox: Sandbox) {
  const open = new Set<() => void>();
  const rebinds = new Set<() => void>();

  const createUDPSocket = (type: 'udp4' | 'udp6' = 'udp4') => {
    const listeners: Record<string, Listener> = {};
    const tell = (name: string, argument: unknown): void => listeners[name]?.(argument);
    const make = (): Socket => {
      const made = createSocket({
        type,
        // A look-up that answers at once makes binding synchronous, as it is in WeChat.
        lookup: (address, _options, found) => found(null, address, isIPv6(address) ? 6 : 4),
      });
      made.on('error', ({ message }) => tell('error', { errMsg: message }));
      made.on('message', (data, from) => {
        if (data.length > MAX_MESSAGE_BYTES) return;
        const remoteInfo = {
          address: from.address,
          port: from.port,
          size: data.length,
          family: from.family,
        };
        tell('message', { message: sandbox.toBuffer(data), remoteInfo });
      });
      return made;
    };
    let socket = make();
    let closed = false;
    const close = (): void => {
      if (closed) return;
      closed = true;
      open.delete(close);
      rebinds.delete(rebind);
      socket.close();
    };
    const rebind = (): void => {
      socket.close();
      socket = make();
      socket.bind({ port: 0, address: type === 'udp6' ? '::' : '0.0.0.0', exclusive: true });
    };
    open.add(close);
    rebinds.add(rebind);
    const on = (name: string) => (listener: Listener) => {
      listeners[name] = listener;
    };
    const off = (name: string) => () => {
      delete listeners[name];
    };
    return {
      bind(port = 0): number {
        socket.bind({ port, address: type === 'udp6' ? '::' : '0.0.0.0', exclusive: true });
        return socket.address().port;
      },
      send({ address, port, message }: SendOption): void {
        if (closed) throw new Error('UDPSocket.send: socket is closed');
        if (ArrayBuffer.isView(message)) throw new Error('UDPSocket.send: message is a view');
        socket.send(typeof message === 'string' ? message : new Uint8Array(message), port, address);
      },
      close,
      setTTL: (ttl: number) => socket.setTTL(ttl),
      onMessage: on('message'),
      onError: on('error'),
      onClose: on('close'),
      onListening: on('listening'),
      offMessage: off('message'),
      offError: off('error'),
      offClose: off('close'),
      offListening: off('listening'),
    };
  };

  return {
    createUDPSocket,
    /** Sockets that the app has not closed. */
    openCount: () => open.size,
    /** The NAT before this phone forgets it: peers see other ports, and what they send to the old ones is lost. */
    rebindAll: () => {
      for (const rebind of rebinds) rebind();
    },
    closeAll: () => {
      for (const close of [...open]) close();
    },
  };
}
