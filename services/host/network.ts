import type { IpFamily } from './udp-socket';

export type NetworkType = 'none' | 'wifi' | 'cellular' | 'ethernet' | 'unknown';

export type NetworkEvent =
  /** Another network, or none, or the same one with other addresses. */
  | { readonly kind: 'changed'; readonly type: NetworkType }
  /** The app went to the background: timers and sockets may stand still from now on. */
  | { readonly kind: 'hidden' }
  /** The app is back; sockets may be dead without having said so. */
  | { readonly kind: 'shown'; readonly hiddenMs: number };

/** A local address that peers on the same network may reach. */
export interface LocalAddress {
  readonly family: IpFamily;
  readonly address: string;
}

/** What the host knows of its network. */
export interface NetworkMonitor {
  /** Calls `listener` on each event until the returned function is called. */
  subscribe(listener: (event: NetworkEvent) => void): () => void;
  /** Addresses of this machine but loopback; empty where the host does not tell. */
  localAddresses(): Promise<readonly LocalAddress[]>;
}
