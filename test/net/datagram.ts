import type { IpFamily, SocketAddress } from '../../services/host';

/** One UDP datagram on its way. */
export interface Datagram {
  readonly from: SocketAddress;
  readonly to: SocketAddress;
  readonly bytes: Uint8Array;
}

/** What became of a datagram; the last of them is what a test usually looks for. */
export type DatagramFate =
  /** An application has sent it. */
  | 'sent'
  /** Larger than the link's MTU. */
  | 'too-big'
  /** The NAT lets no such datagram out. */
  | 'blocked'
  /** The link has lost it, or its queue was full. */
  | 'lost'
  /** Nobody has the address it is for. */
  | 'unroutable'
  /** The NAT has no mapping for it, or does not let this sender in. */
  | 'filtered'
  /** The host sleeps, or no socket is bound to the port. */
  | 'unheard'
  | 'delivered';

/** One line of a network's trace. */
export interface TraceEntry {
  readonly atMs: number;
  readonly fate: DatagramFate;
  readonly from: SocketAddress;
  readonly to: SocketAddress;
  readonly sizeBytes: number;
}

/** Something that datagrams arrive at. */
export interface NetworkNode {
  receive(datagram: Datagram): void;
}

/** Where nodes get addresses and send datagrams. */
export interface Segment {
  /** A fresh address at which datagrams reach `node`; null when the family is not offered. */
  allocate(node: NetworkNode, family: IpFamily): string | null;
  send(datagram: Datagram): void;
}

/** The addresses of a host. */
export type Addresses = Readonly<Record<IpFamily, string | null>>;

/** IPv4 or IPv6, and UDP. */
export const headerBytes = (family: IpFamily): number => (family === 'ipv4' ? 28 : 48);

export const familyOf = (address: string): IpFamily => (address.includes(':') ? 'ipv6' : 'ipv4');

/** A key for maps. */
export const addressKey = ({ address, port }: SocketAddress): string => `${address}|${port}`;
