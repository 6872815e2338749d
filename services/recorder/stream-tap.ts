import { FlvReader, isAudioSequenceHeader, isKeyframe, isVideoSequenceHeader } from '../media/flv';
import type { FlvHeader, FlvTag } from '../media/flv';

export interface StreamTapListener {
  /** A pull begins: its times have nothing to do with those before. */
  onBegin(header: FlvHeader): void;
  onTag(tag: FlvTag): void;
}

/** What is kept of one group of pictures, in bytes: several seconds of a 4K camera. */
const MAX_CACHED_BYTES = 8 * 1024 * 1024;

/**
 * Listens to the stream that a picture is shown from, so that a recording needs no second one. It
 * keeps the decoders' set-ups and what has come since the latest keyframe: whoever begins to listen
 * gets those first, and can begin with a picture at once.
 */
export class StreamTap {
  private reader = new FlvReader();
  private header: FlvHeader | null = null;
  private readonly setups = new Map<FlvTag['type'], FlvTag>();
  /** Since the latest keyframe; empty before the first one, or where it has grown too large. */
  private cached: FlvTag[] = [];
  private cachedBytes = 0;
  private readonly listeners = new Set<StreamTapListener>();
  private total = 0;

  /** Bytes of all pulls so far. */
  get bytes(): number {
    return this.total;
  }

  /** Another pull begins; its bytes begin with a file header. */
  restart(): void {
    this.reader = new FlvReader();
    this.header = null;
    this.setups.clear();
    this.clearCache();
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
    if (this.header !== null) {
      listener.onBegin(this.header);
      for (const setup of this.setups.values()) listener.onTag(setup);
      for (const tag of this.cached) listener.onTag(tag);
    }
    return () => void this.listeners.delete(listener);
  }

  private begin(header: FlvHeader): void {
    this.header = header;
    for (const listener of [...this.listeners]) listener.onBegin(header);
  }

  private take(tag: FlvTag): void {
    if (isVideoSequenceHeader(tag) || isAudioSequenceHeader(tag)) this.setups.set(tag.type, tag);
    else this.cache(tag);
    for (const listener of [...this.listeners]) listener.onTag(tag);
  }

  private cache(tag: FlvTag): void {
    if (isKeyframe(tag)) this.clearCache();
    else if (this.cached.length === 0) return;
    this.cached.push(tag);
    this.cachedBytes += tag.data.length;
    if (this.cachedBytes > MAX_CACHED_BYTES) this.clearCache();
  }

  private clearCache(): void {
    this.cached = [];
    this.cachedBytes = 0;
  }
}
