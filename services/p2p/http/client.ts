import type { Session, Stream, StreamPriority } from '../session';
import { encodeRequestHead, HeadReader, parseResponseHead, parseTarget } from './head-codec';
import { asksForClear, CRYPTO_FIELD } from './request-class';
import type { HeaderFields, ResponseHead } from './types';

/** Sent with RESET_STREAM and STOP_SENDING when a side gives a request up; RFC 9114's H3_REQUEST_CANCELLED. */
export const REQUEST_CANCELLED = 0x10c;
/** RFC 9114 §8.1 H3_MESSAGE_ERROR. */
export const MESSAGE_ERROR = 0x10e;

export interface RequestOptions {
  readonly method: 'GET' | 'POST';
  /**
   * Path and query, percent-encoded. `_crypto=off` asks for the bodies of a media request (voice,
   * live, playback, download) in the clear: authenticated still, but readable on the way.
   */
  readonly target: string;
  readonly headers?: HeaderFields;
  readonly priority: StreamPriority;
  /**
   * The request may ride in the session's first message, which an attacker can play back to a camera
   * that has restarted: for idempotent requests only (RFC 9110 §9.2.2, RFC 8470).
   */
  readonly early?: boolean;
}

export interface RequestEvents {
  onHead(head: ResponseHead): void;
  /** A piece of the body; the bytes belong to the callee. */
  onData(bytes: Uint8Array): void;
  /** The response is complete. */
  onEnd(): void;
  /** The response broke off or made no sense; nothing follows. */
  onFail(reason: 'reset' | 'malformed'): void;
}

export interface RequestHandle {
  /** Writes a piece of the request's body; false means: wait for `onDrain`. */
  write(bytes: Uint8Array): boolean;
  /** Ends the request's body. A GET has ended already. */
  end(): void;
  /** Gives the request up; no event follows. */
  cancel(): void;
  /** Lets the peer send no more than it may already, 2 MiB at most; bytes on the way still come. */
  pause(): void;
  resume(): void;
  bufferedBytes(): number;
  onDrain: (() => void) | null;
}

/**
 * Sends a request on a stream of its own.
 * @returns null when the session is closed or has too many requests open.
 * @throws RangeError when target or headers hold forbidden characters.
 */
export function sendRequest(
  session: Pick<Session, 'openStream'>,
  options: RequestOptions,
  events: RequestEvents,
): RequestHandle | null {
  const head = encodeRequestHead(options.method, options.target, options.headers);
  const stream = session.openStream(options.priority, options.early ?? false);
  if (stream === null) return null;
  const target = parseTarget(options.target);
  if (target !== null && asksForClear(target)) stream.acceptsClear = true;
  readResponse(stream, events);
  stream.write(head);
  if (options.method === 'GET') stream.end();
  const handle: RequestHandle = {
    write: (bytes) => stream.write(bytes),
    end: () => stream.end(),
    cancel: () => {
      stream.stopSending(REQUEST_CANCELLED);
      stream.reset(REQUEST_CANCELLED);
    },
    pause: () => stream.pause(),
    resume: () => stream.resume(),
    bufferedBytes: () => stream.bufferedBytes(),
    onDrain: null,
  };
  stream.onDrain = () => handle.onDrain?.();
  return handle;
}

function readResponse(stream: Stream, events: RequestEvents): void {
  let reader: HeadReader | null = new HeadReader();
  const malformed = () => {
    stream.stopSending(MESSAGE_ERROR);
    stream.reset(MESSAGE_ERROR);
    events.onFail('malformed');
  };
  stream.onData = (bytes) => {
    if (reader === null) {
      events.onData(bytes);
      return;
    }
    const read = reader.push(bytes);
    if (read === null) return;
    const head = read === 'too-long' ? null : parseResponseHead(read.text);
    if (read === 'too-long' || head === null) {
      malformed();
      return;
    }
    reader = null;
    if (stream.acceptsClear && head.headers[CRYPTO_FIELD] === 'off') stream.writeClear();
    events.onHead(head);
    // The handler of the head may have cancelled the request.
    if (read.rest.length > 0 && stream.onData !== null) events.onData(read.rest);
  };
  stream.onEnd = () => {
    if (reader === null) events.onEnd();
    else events.onFail('malformed');
  };
  stream.onReset = () => events.onFail('reset');
}
