import type { Frame, PeerAddressBytes } from './frames';
import { equalBytes } from './bytes';

/** Candidates that either side may announce. */
const MAX_ADDRESSES = 16;

type AddressFrame = Extract<Frame, { type: 'add-address' | 'remove-address' }>;

/** The addresses that both sides believe they can be reached at: ADD_ADDRESS and REMOVE_ADDRESS. */
export class AddressBook {
  private own = new Map<number, PeerAddressBytes>();
  private nextSequence = 0;
  /** Sequence numbers whose frame is to be sent (again). */
  private readonly pending = new Set<number>();
  private readonly peer = new Map<number, PeerAddressBytes>();

  get hasPending(): boolean {
    return this.pending.size > 0;
  }

  /** What the peer has announced and not taken back. */
  get peerAddresses(): PeerAddressBytes[] {
    return [...this.peer.values()];
  }

  /** Announces these, and takes back what is no longer among them. */
  setOwn(addresses: readonly PeerAddressBytes[]): void {
    const kept = addresses.slice(0, MAX_ADDRESSES);
    for (const [sequence, address] of this.own) {
      if (kept.some((one) => sameAddress(one, address))) continue;
      this.own.delete(sequence);
      this.pending.add(sequence);
    }
    for (const address of kept) {
      if ([...this.own.values()].some((one) => sameAddress(one, address))) continue;
      this.own.set(this.nextSequence, address);
      this.pending.add(this.nextSequence++);
    }
  }

  nextFrame(): AddressFrame | null {
    for (const sequence of this.pending) {
      const address = this.own.get(sequence);
      return address === undefined
        ? { type: 'remove-address', sequence }
        : { type: 'add-address', sequence, address };
    }
    return null;
  }

  onSent(sequence: number): void {
    this.pending.delete(sequence);
  }

  onLost(sequence: number): void {
    this.pending.add(sequence);
  }

  onAdd(sequence: number, address: PeerAddressBytes): void {
    // A peer that announces more than it may is heard no further.
    if (this.peer.size < MAX_ADDRESSES || this.peer.has(sequence)) this.peer.set(sequence, address);
  }

  onRemove(sequence: number): void {
    this.peer.delete(sequence);
  }
}

export function sameAddress(a: PeerAddressBytes, b: PeerAddressBytes): boolean {
  return a.port === b.port && equalBytes(a.ip, b.ip);
}
