import { Stream, StreamPriority, STREAM_WINDOW_BYTES } from './stream';
import type { StreamOwner } from './stream';
import { TransportError, TransportErrorCode } from './transport-error';

/** Streams a peer may have open at once. */
export const MAX_CONCURRENT_STREAMS = 64;
/**
 * Pieces of data behind gaps, in all streams. A full session window of whole packets with every second
 * one missing stays below it; a peer that sends single bytes with gaps between them does not.
 */
const MAX_WAITING = 4096;
/** They are counted whenever so many more wait in one stream. */
const COUNT_EVERY = 64;

/** Which side of the session we are; stream ids of RFC 9000 §2.1: 0, 4, 8 … the initiator's, 1, 5, 9 … the responder's. */
export type Role = 'initiator' | 'responder';

/** The streams of a session and the limits on their number. */
export class StreamMap {
  private readonly owner: StreamOwner;
  private readonly role: Role;
  private readonly open = new Map<number, Stream>();
  private nextOwnIndex = 0;
  private ownLimit = MAX_CONCURRENT_STREAMS;
  private peerLimit = MAX_CONCURRENT_STREAMS;
  /** Every peer stream below this index is over; of those above, the ones in `peerDone` are. */
  private peerDoneBelow = 0;
  private readonly peerDone = new Set<number>();
  /** A MAX_STREAMS frame is owed. */
  limitPending = false;

  constructor(owner: StreamOwner, role: Role) {
    this.owner = owner;
    this.role = role;
  }

  get advertisedLimit(): number {
    return this.peerLimit;
  }

  all(): IterableIterator<Stream> {
    return this.open.values();
  }

  get(id: number): Stream | undefined {
    return this.open.get(id);
  }

  /** @returns null while the peer's limit is reached. */
  openOwn(priority: StreamPriority): Stream | null {
    if (this.nextOwnIndex >= this.ownLimit) return null;
    const id = this.nextOwnIndex++ * 4 + (this.role === 'initiator' ? 0 : 1);
    return this.create(id, priority);
  }

  /**
   * The stream a frame of the peer names.
   * @returns `isNew` for the first frame of a stream of the peer's; null for a stream that is over.
   * @throws TransportError for a stream that cannot exist.
   */
  resolve(id: number): { stream: Stream; isNew: boolean } | null {
    const known = this.open.get(id);
    if (known !== undefined) return { stream: known, isNew: false };
    if ((id & 2) !== 0) {
      throw new TransportError(TransportErrorCode.StreamStateError, 'no unidirectional streams');
    }
    const index = Math.floor(id / 4);
    if (this.isOwn(id)) {
      if (index < this.nextOwnIndex) return null;
      throw new TransportError(TransportErrorCode.StreamStateError, 'stream was never opened');
    }
    if (index >= this.peerLimit) {
      throw new TransportError(TransportErrorCode.StreamLimitError, 'too many streams');
    }
    if (index < this.peerDoneBelow || this.peerDone.has(index)) return null;
    return { stream: this.create(id, StreamPriority.Command), isNew: true };
  }

  onMaxStreams(maximum: number): void {
    this.ownLimit = Math.max(this.ownLimit, maximum);
  }

  /** Forgets a stream that is over and lets the peer open another. */
  remove(stream: Stream): void {
    if (!this.open.delete(stream.id) || this.isOwn(stream.id)) return;
    this.peerDone.add(Math.floor(stream.id / 4));
    while (this.peerDone.delete(this.peerDoneBelow)) this.peerDoneBelow++;
    this.peerLimit = this.peerDoneBelow + MAX_CONCURRENT_STREAMS;
    this.limitPending = true;
  }

  /** To be called when a stream has taken data. @throws TransportError when too many pieces wait. */
  checkWaiting(stream: Stream): void {
    if (stream.waiting === 0 || stream.waiting % COUNT_EVERY !== 0) return;
    let waiting = 0;
    for (const one of this.open.values()) waiting += one.waiting;
    if (waiting <= MAX_WAITING) return;
    throw new TransportError(TransportErrorCode.ProtocolViolation, 'too many gaps');
  }

  clear(): void {
    this.open.clear();
  }

  private create(id: number, priority: StreamPriority): Stream {
    const stream = new Stream(this.owner, id, priority, STREAM_WINDOW_BYTES);
    this.open.set(id, stream);
    return stream;
  }

  private isOwn(id: number): boolean {
    return (id & 1) === (this.role === 'initiator' ? 0 : 1);
  }
}
