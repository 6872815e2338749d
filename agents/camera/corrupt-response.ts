import type { BandwidthEstimate } from '../../services/p2p/session';
import type { HeaderFields, ResponseWriter } from '../../services/p2p/http';

/** Bytes of a stream that are as they should be. */
const SOUND_BYTES = 160_000;
/** What follows, bit by bit the opposite, is this long. */
const GARBAGE_BYTES = 40_000;

/** A stream as a broken encoder or card gives it: a stretch of it is garbage. */
export class CorruptResponse implements ResponseWriter {
  private written = 0;

  constructor(private readonly inner: ResponseWriter) {}

  writeHead(status: number, headers?: HeaderFields): void {
    this.inner.writeHead(status, headers);
  }

  write(chunk: Uint8Array): boolean {
    const start = this.written;
    this.written += chunk.length;
    return this.inner.write(
      chunk.map((byte, i) => {
        const at = start + i - SOUND_BYTES;
        return at >= 0 && at < GARBAGE_BYTES ? byte ^ 0xff : byte;
      }),
    );
  }

  end(chunk?: Uint8Array): void {
    if (chunk !== undefined) this.write(chunk);
    this.inner.end();
  }

  abort(): void {
    this.inner.abort();
  }

  bufferedBytes(): number {
    return this.inner.bufferedBytes();
  }

  estimate(): BandwidthEstimate {
    return this.inner.estimate();
  }

  get onDrain(): (() => void) | null {
    return this.inner.onDrain;
  }

  set onDrain(listener: (() => void) | null) {
    this.inner.onDrain = listener;
  }

  get onClose(): (() => void) | null {
    return this.inner.onClose;
  }

  set onClose(listener: (() => void) | null) {
    this.inner.onClose = listener;
  }
}
