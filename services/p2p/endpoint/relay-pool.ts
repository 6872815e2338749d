import type { Host } from '../../host';
import type { KeyPair } from '../session';
import { RelayClient } from '../transport';

/** What a user of a relay is told; see `RelayClientEvents`. */
export interface RelayUser {
  onReady(): void;
  onRegistered(): void;
  onLost(detail: string): void;
  onPacket(peerKey: Uint8Array, packet: Uint8Array): void;
  onPeerGone(peerKey: Uint8Array): void;
}

/** A relay that one or more users share; closed when the last one leaves. */
export interface RelayLease {
  readonly client: RelayClient;
  release(): void;
}

interface Entry {
  readonly client: RelayClient;
  readonly users: Set<RelayUser>;
}

/** One registration per relay URL, since a relay knows one socket per key. */
export class RelayPool {
  private readonly host: Host;
  private readonly key: KeyPair;
  private readonly entries = new Map<string, Entry>();

  constructor(host: Host, key: KeyPair) {
    this.host = host;
    this.key = key;
  }

  /** @throws RangeError when `url` is no `ws:` or `wss:` URL. */
  join(url: string, user: RelayUser): RelayLease {
    const entry = this.entries.get(url) ?? this.open(url);
    entry.users.add(user);
    entry.client.retryNow();
    let held = true;
    return {
      client: entry.client,
      release: () => {
        if (!held) return;
        held = false;
        entry.users.delete(user);
        if (entry.users.size > 0) return;
        this.entries.delete(url);
        entry.client.close();
      },
    };
  }

  /** The network has changed: every socket is dialled anew. */
  onNetworkChanged(): void {
    for (const { client } of this.entries.values()) client.redial();
  }

  private open(url: string): Entry {
    const users = new Set<RelayUser>();
    const tell = (call: (user: RelayUser) => void) => {
      for (const user of [...users]) call(user);
    };
    const client = new RelayClient({
      host: this.host,
      url,
      privateKey: this.key.privateKey,
      publicKey: this.key.publicKey,
      events: {
        onReady: () => tell((user) => user.onReady()),
        onRegistered: () => tell((user) => user.onRegistered()),
        onLost: (detail) => tell((user) => user.onLost(detail)),
        onPacket: (peerKey, packet) => tell((user) => user.onPacket(peerKey, packet)),
        onPeerGone: (peerKey) => tell((user) => user.onPeerGone(peerKey)),
      },
    });
    const entry = { client, users };
    this.entries.set(url, entry);
    return entry;
  }
}
