import type { BandwidthEstimate, Stream } from '../session';
import { MESSAGE_ERROR, REQUEST_CANCELLED } from './client';
import { encodeResponseHead, HeadReader, parseRequestHead } from './head-codec';
import { asksForClear, CRYPTO_FIELD, priorityOf } from './request-class';
import type { IncomingRequest, RequestHandler, ResponseWriter } from './types';

/**
 * Reads the request that a peer makes on `stream` and hands it to `handler`.
 * @param allowClear whether bodies travel in the clear when the peer asks for it.
 */
export function serveStream(
  stream: Stream,
  peerKey: Uint8Array,
  handler: RequestHandler,
  allowClear = true,
): void {
  let reader: HeadReader | null = new HeadReader();
  let request: IncomingRequest | null = null;
  const response = new StreamResponse(stream);
  stream.onData = (bytes) => {
    if (reader === null) {
      request?.onData?.(bytes);
      return;
    }
    const read = reader.push(bytes);
    if (read === null) return;
    const head = read === 'too-long' ? null : parseRequestHead(read.text);
    if (read === 'too-long' || head === null) {
      refuse(stream, response);
      return;
    }
    reader = null;
    stream.priority = priorityOf(head);
    response.clear = allowClear && asksForClear(head);
    request = { ...head, peerKey, onData: null, onEnd: null };
    handler(request, response);
    if (read.rest.length > 0) request.onData?.(read.rest);
  };
  stream.onEnd = () => {
    if (reader === null) request?.onEnd?.();
    else refuse(stream, response);
  };
  stream.onReset = () => response.close();
}

function refuse(stream: Stream, response: StreamResponse): void {
  stream.stopSending(MESSAGE_ERROR);
  response.writeHead(400);
  response.end();
}

class StreamResponse implements ResponseWriter {
  onDrain: (() => void) | null = null;
  onClose: (() => void) | null = null;
  /** Whether the bodies are to travel in the clear. */
  clear = false;
  private readonly stream: Stream;
  private headSent = false;
  private over = false;

  constructor(stream: Stream) {
    this.stream = stream;
    stream.onDrain = () => this.onDrain?.();
    stream.onStopped = () => this.close();
  }

  writeHead(status: number, headers: Readonly<Record<string, string>> = {}): void {
    if (this.headSent || this.over) return;
    this.headSent = true;
    // What a refusal tells is not media.
    const clear = this.clear && status < 300;
    const fields = clear ? { ...headers, [CRYPTO_FIELD]: 'off' } : headers;
    this.stream.write(encodeResponseHead(status, fields));
    if (!clear) return;
    this.stream.writeClear();
    this.stream.acceptsClear = true;
  }

  write(chunk: Uint8Array): boolean {
    if (this.over) return false;
    this.writeHead(200);
    return this.stream.write(chunk);
  }

  end(chunk?: Uint8Array): void {
    if (this.over) return;
    this.writeHead(200);
    if (chunk !== undefined) this.stream.write(chunk);
    this.over = true;
    this.stream.end();
  }

  abort(): void {
    if (this.over) return;
    this.over = true;
    this.stream.reset(REQUEST_CANCELLED);
  }

  bufferedBytes(): number {
    return this.stream.bufferedBytes();
  }

  estimate(): BandwidthEstimate {
    return this.stream.estimate();
  }

  /** Nobody reads any more. */
  close(): void {
    if (this.over) return;
    this.over = true;
    this.stream.reset(REQUEST_CANCELLED);
    this.onClose?.();
  }
}
