import { StreamPriority } from '../session';
import type { BandwidthEstimate, Stream } from '../session';
import { MESSAGE_ERROR, REQUEST_CANCELLED } from './client';
import { encodeResponseHead, HeadReader, parseRequestHead } from './head-codec';
import type { IncomingRequest, RequestHandler, RequestHead, ResponseWriter } from './types';

/** Reads the request that a peer makes on `stream` and hands it to `handler`. */
export function serveStream(stream: Stream, peerKey: Uint8Array, handler: RequestHandler): void {
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

/** The order of the design: commands, voice, live, playback, download. */
export function priorityOf(head: Pick<RequestHead, 'path' | 'query'>): StreamPriority {
  switch (head.path) {
    case '/voice':
      return StreamPriority.Voice;
    case '/file':
      return StreamPriority.Download;
    case '/ipc.flv':
      return head.query['action']?.startsWith('playback')
        ? StreamPriority.Playback
        : StreamPriority.Live;
    default:
      return StreamPriority.Command;
  }
}

class StreamResponse implements ResponseWriter {
  onDrain: (() => void) | null = null;
  onClose: (() => void) | null = null;
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
    this.stream.write(encodeResponseHead(status, headers));
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
