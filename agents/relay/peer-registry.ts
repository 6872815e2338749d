import { RecentPeers } from './recent-peers';

interface Entry<Link> {
  link: Link;
  /** Survives a change of the link: a viewer's interest is in the peer, not in its socket. */
  readonly recent: RecentPeers;
}

export type RegisterResult<Link> =
  | { readonly outcome: 'registered'; readonly superseded: Link | null }
  | { readonly outcome: 'full' };

/** Who is registered, by key, and who has exchanged packets with whom. */
export class PeerRegistry<Link> {
  private readonly entries = new Map<string, Entry<Link>>();

  constructor(private readonly maxPeers: number) {}

  get size(): number {
    return this.entries.size;
  }

  find(key: string): Link | undefined {
    return this.entries.get(key)?.link;
  }

  /** Registers a peer. The newer link of a key takes over from the older one, even when full. */
  register(key: string, link: Link): RegisterResult<Link> {
    const entry = this.entries.get(key);
    if (entry) {
      const superseded = entry.link;
      entry.link = link;
      return { outcome: 'registered', superseded };
    }
    if (this.entries.size >= this.maxPeers) return { outcome: 'full' };
    this.entries.set(key, { link, recent: new RecentPeers() });
    return { outcome: 'registered', superseded: null };
  }

  /** Notes that a packet went from one registered peer to another. */
  noteTraffic(from: string, to: string, nowMs: number): void {
    this.entries.get(from)?.recent.touch(to, nowMs);
    this.entries.get(to)?.recent.touch(from, nowMs);
  }

  /**
   * Removes a peer, unless a newer link has taken its key over.
   * @returns the links of those who should be told.
   */
  unregister(key: string, link: Link, nowMs: number): Link[] {
    const entry = this.entries.get(key);
    if (entry?.link !== link) return [];
    this.entries.delete(key);
    const told: Link[] = [];
    for (const peer of entry.recent.list(nowMs)) {
      const other = this.entries.get(peer);
      if (!other) continue;
      other.recent.forget(key);
      told.push(other.link);
    }
    return told;
  }
}
