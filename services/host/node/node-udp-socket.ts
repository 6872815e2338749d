import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket, SocketOptions } from 'node:dgram';
import { lookup as lookupName } from 'node:dns';
import { isIP } from 'node:net';
import type { OpenUdpSocket, SocketAddress, UdpSocket, UdpSocketEvents } from '../udp-socket';
import { isPort } from '../ip-address';

export interface NodeUdpSocketOptions {
  /** Size asked for the kernel's receive buffer, in bytes (default 1 MiB); the system may give less. */
  readonly receiveBufferBytes?: number;
  /** Makes the sockets; tests put in their own. */
  readonly createSocket?: typeof createSocket;
}

/** A keyframe of a 4 Mbit/s camera with room to spare, while the process is busy elsewhere. */
const DEFAULT_RECEIVE_BUFFER_BYTES = 1024 * 1024;
/** Datagrams that may wait for a name to be looked up or for a full device queue. */
const MAX_PENDING_SENDS = 1024;

/**
 * Errors after which a socket sends and receives no more. All others (ECONNREFUSED, EHOSTUNREACH,
 * ENETUNREACH, EMSGSIZE, ENOBUFS, EPERM of a packet filter …) concern one datagram, which is lost.
 */
const FATAL_CODES = new Set([
  'EBADF',
  'ENOTSOCK',
  'EPIPE',
  'ENOTCONN',
  'ECONNABORTED',
  'ERR_SOCKET_DGRAM_NOT_RUNNING',
]);

/**
 * Makes the `openUdpSocket` of a Node host: sockets bound to all addresses at a port of the system's
 * choice. IPv6 sockets take IPv6 only, since an IPv4 peer has its own socket.
 */
export function createOpenUdpSocket(options: NodeUdpSocketOptions = {}): OpenUdpSocket {
  const create = options.createSocket ?? createSocket;
  const receiveBufferBytes = options.receiveBufferBytes ?? DEFAULT_RECEIVE_BUFFER_BYTES;
  return (family, events) => {
    let socket: Socket;
    try {
      socket = create({
        type: family === 'ipv6' ? 'udp6' : 'udp4',
        ipv6Only: family === 'ipv6',
        lookup,
      });
    } catch (error) {
      return failedSocket(family, events, reasonOf(error));
    }
    return new NodeUdpSocket(socket, family, events, receiveBufferBytes);
  };
}

/** `dns.lookup`, which would put off each packet to an address by a turn and parse it once more. */
const lookup: NonNullable<SocketOptions['lookup']> = (name, options, callback) => {
  const family = isIP(name);
  if (family === 0) lookupName(name, options, callback);
  else callback(null, name, family);
};

class NodeUdpSocket implements UdpSocket {
  private state: 'binding' | 'bound' | 'closed' = 'binding';
  private pendingSends = 0;
  private port = 0;

  constructor(
    private readonly socket: Socket,
    readonly family: UdpSocket['family'],
    private readonly events: UdpSocketEvents,
    private readonly receiveBufferBytes: number,
  ) {
    socket.on('listening', () => this.onListening());
    socket.on('message', (data, from) => this.onMessage(data, from));
    // Stays attached after our own close: an 'error' without a listener would end the process.
    socket.on('error', (error) => this.onError(error));
    // Later, since an address needs no look-up: the caller must have the socket before it is bound.
    queueMicrotask(() => {
      if (this.state !== 'binding') return;
      socket.bind({ port: 0, address: family === 'ipv6' ? '::' : '0.0.0.0', exclusive: true });
    });
  }

  get localPort(): number {
    return this.port;
  }

  send(packet: Uint8Array, { address, port }: SocketAddress): void {
    if (this.state !== 'bound' || !isPort(port) || this.pendingSends >= MAX_PENDING_SENDS) return;
    this.pendingSends++;
    this.socket.send(packet, port, address, (error) => {
      this.pendingSends--;
      if (error !== null && FATAL_CODES.has(codeOf(error))) this.fail(error);
    });
  }

  close(): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.socket.close();
  }

  private onListening(): void {
    if (this.state !== 'binding') return;
    this.state = 'bound';
    this.port = this.socket.address().port;
    try {
      this.socket.setRecvBufferSize(this.receiveBufferBytes);
    } catch {
      // Above the system's limit: its default has to do.
    }
    this.events.onBound();
  }

  private onMessage(data: Buffer, from: RemoteInfo): void {
    if (this.state !== 'bound') return;
    const packet = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.events.onMessage(packet, { address: from.address, port: from.port });
  }

  private onError(error: Error): void {
    if (this.state === 'binding' || FATAL_CODES.has(codeOf(error))) this.fail(error);
  }

  private fail(error: Error): void {
    if (this.state === 'closed') return;
    this.close();
    this.events.onError(error.message);
  }
}

function failedSocket(
  family: UdpSocket['family'],
  events: UdpSocketEvents,
  reason: string,
): UdpSocket {
  let closed = false;
  queueMicrotask(() => {
    if (!closed) events.onError(reason);
  });
  return {
    family,
    localPort: 0,
    send: () => undefined,
    close: () => {
      closed = true;
    },
  };
}

function codeOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
