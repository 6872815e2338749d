import type { BandwidthEstimate } from '../session';

/** Header fields with lower-case names (RFC 9110 §5.1: names are case-insensitive). */
export type HeaderFields = Readonly<Record<string, string>>;

/** Decoded query parameters; the last value wins where a name repeats. */
export type QueryParams = Readonly<Record<string, string>>;

/** The head of a request as it came off a stream. */
export interface RequestHead {
  readonly method: string;
  /** Path without the query, e.g. `/ipc.flv`. */
  readonly path: string;
  readonly query: QueryParams;
  readonly headers: HeaderFields;
}

/** The head of a response as it came off a stream. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: HeaderFields;
}

/** A request that the peer made, one per stream. Handlers are set in the same turn it is handed over. */
export interface IncomingRequest extends RequestHead {
  /** The peer's static X25519 public key, 32 bytes, proven by the handshake. */
  readonly peerKey: Uint8Array;
  /** Called for each piece of the request's body, in order. */
  onData: ((chunk: Uint8Array) => void) | null;
  /** Called once, after the last piece of the body. */
  onEnd: (() => void) | null;
}

/** Writes the response to an `IncomingRequest`. */
export interface ResponseWriter {
  /** Sends the head; to be called once, before `write`. */
  writeHead(status: number, headers?: HeaderFields): void;
  /**
   * Queues a piece of the body; the bytes are copied.
   * @returns false when the queue is above its high-water mark: wait for `onDrain`, or drop.
   */
  write(chunk: Uint8Array): boolean;
  /** Ends the response; sends the head first if none was sent. */
  end(chunk?: Uint8Array): void;
  /** Breaks the response off; the peer sees a failure, not an end. */
  abort(): void;
  /** Bytes queued that have not been sent for the first time. */
  bufferedBytes(): number;
  /**
   * How much may be sent to this peer: what the path carries at present, in bits per second, for all
   * responses to it together. `rateBps` is null until it is known.
   */
  estimate(): BandwidthEstimate;
  /** Called when the queue falls below its low-water mark after `write` returned false. */
  onDrain: (() => void) | null;
  /** Called once when nothing can be written any more: peer stopped the stream, or the session ended. */
  onClose: (() => void) | null;
}

export type RequestHandler = (request: IncomingRequest, response: ResponseWriter) => void;
