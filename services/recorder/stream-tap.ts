import { FlvReader, GroupCache } from '../media/flv';
import type { FlvHeader, FlvTag } from '../media/flv';

export interface StreamTapListener {
  /** A pull begins: its times have nothing to do with those before. */
  onBegin(header: FlvHeader): void;
  onTag(tag: FlvTag): void;
}

/**
 * Listens to the stream that a picture is shown from, so that a recording needs no second one. It
 * keeps the decoders' set-ups and what has come since the latest keyframe: whoever begins to listen
 * gets those first, and can begin with a picture at once.
 */
export class StreamTap {
  private reader = new FlvReader();
  private readonly kept = new GroupCache();
  private readonly listeners = new Set<StreamTapListener>();
  private total = 0;

  /** Bytes of all pulls so far. */
  get bytes(): number {
    return this.total;
  }

  /** Another pull begins; its bytes begin with a file header. */
  restart(): void {
    this.reader = new FlvReader();
    this.kept.clear();
  }

  /** Takes what the player's demuxer takes. The bytes are copied. */
  push(bytes: Uint8Array): void {
    this.total += bytes.length;
    const { header, tags } = this.reader.push(bytes);
    if (header !== null) this.begin(header);
    for (const tag of tags) this.take(tag);
  }

  /**
   * Listens from the latest keyframe on.
   * @returns ends it
   */
  listen(listener: StreamTapListener): () => void {
    this.listeners.add(listener);
    const { header, setUps, tags } = this.kept;
    if (header !== null) {
      listener.onBegin(header);
      for (const tag of [...setUps, ...tags]) listener.onTag(tag);
    }
    return () => void this.listeners.delete(listener);
  }

  private begin(header: FlvHeader): void {
    this.kept.begin(header);
    for (const listener of [...this.listeners]) listener.onBegin(header);
  }

  private take(tag: FlvTag): void {
    this.kept.take(tag);
    for (const listener of [...this.listeners]) listener.onTag(tag);
  }
}
