import { encodeFlvHeader, encodeFlvTag, FlvReader, GroupCache } from '../media/flv';
import type { FlvTag } from '../media/flv';

/** A stream as bytes for those who join it late. */
export class FlvCache {
  private readonly reader = new FlvReader();
  private readonly kept = new GroupCache();
  private broken = false;

  /** Whether the bytes are FLV so far; a picture stream is not. */
  get isFlv(): boolean {
    return !this.broken;
  }

  /** Whether a late comer must leave out what comes before the next keyframe. */
  get awaitsKeyframe(): boolean {
    return this.kept.awaitsKeyframe;
  }

  /** @returns the tags that the chunk completes; none once the stream has proved to be no FLV. */
  push(chunk: Uint8Array): readonly FlvTag[] {
    if (this.broken) return [];
    const { header, tags, error } = this.reader.push(chunk);
    if (header !== null) this.kept.begin(header);
    for (const tag of tags) this.kept.take(tag);
    if (error !== null) {
      this.broken = true;
      this.kept.dropGroup();
    }
    return tags;
  }

  /** What a late comer gets first; null before the header has come. */
  catchUp(): Uint8Array<ArrayBuffer> | null {
    const { header, setUps, tags } = this.kept;
    if (header === null) return null;
    const startMs = tags[0]?.timestampMs;
    return concat([
      encodeFlvHeader(header),
      // Of the time of what follows, or a demuxer would see a gap.
      ...setUps.map((tag) => encodeFlvTag(tag, startMs ?? tag.timestampMs)),
      ...tags.map((tag) => encodeFlvTag(tag)),
    ]);
  }
}

export function concat(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
