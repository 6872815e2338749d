import { FlvReader } from '../../../services/media/flv';
import type { FlvTag } from '../../../services/media/flv';
import type { HeaderFields, ResponseWriter } from '../../../services/p2p/http';

/** A response whose network can be stopped: what is written then stays in the queue. */
export class FakeResponse implements ResponseWriter {
  status: number | null = null;
  headers: HeaderFields = {};
  readonly chunks: Uint8Array[] = [];
  ended = false;
  stalled = false;
  onDrain: (() => void) | null = null;
  onClose: (() => void) | null = null;
  private queued = 0;

  writeHead(status: number, headers: HeaderFields = {}): void {
    if (this.status !== null) throw new Error('the head was written twice');
    this.status = status;
    this.headers = headers;
  }

  write(chunk: Uint8Array): boolean {
    this.chunks.push(chunk.slice());
    if (this.stalled) this.queued += chunk.length;
    return this.queued < 256 * 1024;
  }

  end(chunk?: Uint8Array): void {
    if (chunk) this.write(chunk);
    this.ended = true;
  }

  abort(): void {
    this.ended = true;
  }

  bufferedBytes(): number {
    return this.queued;
  }

  estimate(): ReturnType<ResponseWriter['estimate']> {
    return { rateBps: null, appLimited: true, rttMs: null, minRttMs: null };
  }

  /** The network takes `bytes` of the queue, or all of it. */
  drain(bytes = this.queued): void {
    this.queued -= bytes;
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  get tags(): readonly FlvTag[] {
    const { tags, error } = new FlvReader().push(Buffer.concat(this.chunks));
    if (error) throw error;
    return tags;
  }

  /** `video 0`, `audio 21`, … */
  get timeline(): string[] {
    return this.tags.map(({ type, timestampMs }) => `${type} ${timestampMs}`);
  }
}
