import {
  encodeFlvHeader,
  encodeFlvTag,
  FlvReader,
  isAudioSequenceHeader,
  isKeyframe,
  isVideoSequenceHeader,
} from '../media/flv';
import type { FlvHeader, FlvTag } from '../media/flv';

/** The most that is kept of one group of pictures; a larger one is waited for instead. */
const MAX_GOP_BYTES = 6 * 1024 * 1024;
const MAX_GOP_TAGS = 4_096;

/** A stream as a late comer needs it: its header, the decoders' set-ups, and all since the latest keyframe. */
export class FlvCache {
  private readonly reader = new FlvReader();
  private header: FlvHeader | null = null;
  private readonly setUps = new Map<string, FlvTag>();
  private gop: FlvTag[] = [];
  private gopBytes = 0;
  private videoSeen = false;
  private broken = false;

  /** Whether the bytes are FLV so far; a picture stream is not. */
  get isFlv(): boolean {
    return !this.broken;
  }

  /** Whether a late comer must leave out what comes before the next keyframe. */
  get awaitsKeyframe(): boolean {
    return this.videoSeen && this.gop.length === 0;
  }

  /** @returns the tags that the chunk completes; none once the stream has proved to be no FLV. */
  push(chunk: Uint8Array): readonly FlvTag[] {
    if (this.broken) return [];
    const { header, tags, error } = this.reader.push(chunk);
    if (header !== null) this.header = header;
    for (const tag of tags) this.keep(tag);
    if (error !== null) {
      this.broken = true;
      this.dropGop();
    }
    return tags;
  }

  /** What a late comer gets first; null before the header has come. */
  catchUp(): Uint8Array<ArrayBuffer> | null {
    if (this.header === null) return null;
    const setUps = [...this.setUps.values()];
    const startMs = this.gop[0]?.timestampMs;
    return concat([
      encodeFlvHeader(this.header),
      // Of the time of what follows, or a demuxer would see a gap.
      ...setUps.map((tag) => encodeFlvTag(tag, startMs ?? tag.timestampMs)),
      ...this.gop.map((tag) => encodeFlvTag(tag)),
    ]);
  }

  private keep(tag: FlvTag): void {
    if (isSetUp(tag)) {
      const known = this.setUps.get(tag.type);
      this.setUps.set(tag.type, tag);
      // What is kept was coded by the older one.
      if (tag.type === 'video' && known !== undefined && !sameBytes(known.data, tag.data)) {
        this.dropGop();
      }
      return;
    }
    if (tag.type === 'video') this.videoSeen = true;
    if (isKeyframe(tag)) this.dropGop();
    else if (this.gop.length === 0) return;
    this.gop.push(tag);
    this.gopBytes += tag.data.length;
    if (this.gopBytes > MAX_GOP_BYTES || this.gop.length > MAX_GOP_TAGS) this.dropGop();
  }

  private dropGop(): void {
    this.gop = [];
    this.gopBytes = 0;
  }
}

/** What a demuxer must have before the media, and keeps. */
export function isSetUp(tag: FlvTag): boolean {
  return tag.type === 'script' || isVideoSequenceHeader(tag) || isAudioSequenceHeader(tag);
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

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
