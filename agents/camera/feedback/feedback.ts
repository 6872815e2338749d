import type { IncomingRequest, ResponseWriter } from '../../../services/p2p/http';
import { peerName } from '../peer-name';
import { Refusal } from '../refusal';

interface Listener {
  readonly viewer: string;
  readonly response: ResponseWriter;
}

const MAX_LISTENERS = 64;
/** Of one viewer: a page that was loaded anew may still have its old one. */
const MAX_PER_VIEWER = 4;
/** A viewer that reads nothing is not written to without end. */
const MAX_BUFFERED_BYTES = 64 * 1024;

/**
 * What the camera says by itself (`GET /feedback`): to each viewer that listens a response without
 * end, a message a line, as JSON.
 */
export class Feedback {
  private listeners: Listener[] = [];
  /** Somebody new listens. */
  onListener: (viewer: string) => void = () => undefined;
  /** A viewer listens no more. */
  onLeft: (viewer: string) => void = () => undefined;

  /** Those who listen, each once. */
  get viewers(): readonly string[] {
    return [...new Set(this.listeners.map(({ viewer }) => viewer))];
  }

  /** @throws Refusal 503 when too many listen. */
  open(request: IncomingRequest, response: ResponseWriter): void {
    const viewer = peerName(request);
    if (this.listeners.length >= MAX_LISTENERS) throw new Refusal(503, 'too many viewers listen');
    const own = this.listeners.filter((one) => one.viewer === viewer);
    if (own.length >= MAX_PER_VIEWER) this.end(own[0]!);
    const listener = { viewer, response };
    this.listeners.push(listener);
    response.onClose = () => this.forget(listener);
    response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8' });
    this.onListener(viewer);
  }

  /** @param message an object; what it holds is ours, and short. */
  tell(viewer: string, message: object): void {
    const line = Buffer.from(`${JSON.stringify(message)}\n`);
    for (const listener of [...this.listeners]) {
      if (listener.viewer !== viewer) continue;
      if (listener.response.bufferedBytes() > MAX_BUFFERED_BYTES) this.end(listener);
      else listener.response.write(line);
    }
  }

  close(): void {
    for (const listener of [...this.listeners]) this.end(listener);
  }

  private end(listener: Listener): void {
    listener.response.end();
    this.forget(listener);
  }

  private forget(listener: Listener): void {
    if (!this.listeners.includes(listener)) return;
    this.listeners = this.listeners.filter((one) => one !== listener);
    if (!this.listeners.some(({ viewer }) => viewer === listener.viewer)) {
      this.onLeft(listener.viewer);
    }
  }
}
