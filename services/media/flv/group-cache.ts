import { isAudioSequenceHeader } from './audio-tag';
import type { FlvHeader, FlvTag } from './flv-tag';
import { isKeyframe, isVideoSequenceHeader } from './video-tag';

/** The most that is kept of one group: several seconds of a 4K camera. A larger one is waited for instead. */
const MAX_BYTES = 6 * 1024 * 1024;
const MAX_TAGS = 4_096;

/** A stream as a late comer needs it: its header, the decoders' set-ups, and all since the latest keyframe. */
export class GroupCache {
  private fileHeader: FlvHeader | null = null;
  private readonly known = new Map<FlvTag['type'], FlvTag>();
  private group: FlvTag[] = [];
  private groupBytes = 0;
  private videoSeen = false;

  /** Null before it has come. */
  get header(): FlvHeader | null {
    return this.fileHeader;
  }

  /** What a demuxer must have before the media. */
  get setUps(): readonly FlvTag[] {
    return [...this.known.values()];
  }

  /** From the latest keyframe on; empty before the first one, or where it has grown too large. */
  get tags(): readonly FlvTag[] {
    return this.group;
  }

  /** Whether a late comer must leave out what comes before the next keyframe. */
  get awaitsKeyframe(): boolean {
    return this.videoSeen && this.group.length === 0;
  }

  begin(header: FlvHeader): void {
    this.fileHeader = header;
  }

  take(tag: FlvTag): void {
    if (isSetUp(tag)) {
      const before = this.known.get(tag.type);
      this.known.set(tag.type, tag);
      // What is kept was coded by the older one.
      if (tag.type === 'video' && before !== undefined && !sameBytes(before.data, tag.data)) {
        this.dropGroup();
      }
      return;
    }
    if (tag.type === 'video') this.videoSeen = true;
    if (isKeyframe(tag)) this.dropGroup();
    else if (this.group.length === 0) return;
    this.group.push(tag);
    this.groupBytes += tag.data.length;
    if (this.groupBytes > MAX_BYTES || this.group.length > MAX_TAGS) this.dropGroup();
  }

  /** What is kept is of no use any more; header and set-ups stay. */
  dropGroup(): void {
    this.group = [];
    this.groupBytes = 0;
  }

  /** Another stream begins. */
  clear(): void {
    this.fileHeader = null;
    this.known.clear();
    this.videoSeen = false;
    this.dropGroup();
  }
}

/** What a demuxer must have before the media, and keeps. */
export function isSetUp(tag: FlvTag): boolean {
  return tag.type === 'script' || isVideoSequenceHeader(tag) || isAudioSequenceHeader(tag);
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
