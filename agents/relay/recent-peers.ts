export interface RecentPeersOptions {
  /** How long a peer counts as recent after its last packet, in ms (default 60 000). */
  readonly windowMs?: number;
  /** Peers remembered at a time; the one that was silent longest makes room (default 256). */
  readonly maxPeers?: number;
}

/** With whom a peer has exchanged packets of late: those who want to know when it goes away. */
export class RecentPeers {
  private readonly windowMs: number;
  private readonly maxPeers: number;
  private readonly heardMs = new Map<string, number>();

  constructor(options: RecentPeersOptions = {}) {
    this.windowMs = options.windowMs ?? 60_000;
    this.maxPeers = options.maxPeers ?? 256;
  }

  touch(peer: string, nowMs: number): void {
    if (this.heardMs.size >= this.maxPeers && !this.heardMs.has(peer)) this.dropOldest();
    this.heardMs.set(peer, nowMs);
  }

  forget(peer: string): void {
    this.heardMs.delete(peer);
  }

  list(nowMs: number): string[] {
    const recent: string[] = [];
    for (const [peer, atMs] of this.heardMs) {
      if (nowMs - atMs <= this.windowMs) recent.push(peer);
    }
    return recent;
  }

  /** A scan, but only when a full table meets a new peer; `touch` on each packet stays one write. */
  private dropOldest(): void {
    let oldest: string | null = null;
    let oldestMs = Infinity;
    for (const [peer, atMs] of this.heardMs) {
      if (atMs >= oldestMs) continue;
      oldest = peer;
      oldestMs = atMs;
    }
    if (oldest !== null) this.heardMs.delete(oldest);
  }
}
