export type IpFamily = 'ipv4' | 'ipv6';

/** A transport address as text: an IP address in its canonical form and a port. */
export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

/** An unconnected UDP socket, bound to a port of the host's choice. */
export interface UdpSocket {
  readonly family: IpFamily;
  /** The port it is bound to; 0 until `onBound`. */
  readonly localPort: number;
  /** Sends one datagram; failures are losses, or arrive by `onError`. Does nothing once closed. */
  send(packet: Uint8Array, to: SocketAddress): void;
  /** Closes the socket; no event follows. */
  close(): void;
}

export interface UdpSocketEvents {
  /** Datagrams can be sent from now on. */
  onBound(): void;
  /** One datagram. The bytes belong to the callee. */
  onMessage(packet: Uint8Array, from: SocketAddress): void;
  /** The socket is of no more use, e.g. since the network changed under it; no event follows. */
  onError(detail: string): void;
}

/** Opens and binds a socket; failures arrive by `onError`, never as an exception. */
export type OpenUdpSocket = (family: IpFamily, events: UdpSocketEvents) => UdpSocket;
