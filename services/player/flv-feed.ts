import type { IotError } from '../errors';
import {
  encodeFlvHeader,
  encodeFlvTag,
  FlvReader,
  isAudioSequenceHeader,
  isKeyframe,
  isVideoSequenceHeader,
  parseVideoTag,
  sameBytes,
} from '../media/flv';
import type { FlvHeader, FlvTag, VideoCodec } from '../media/flv';
import { FlvTimeline } from './flv-timeline';

export interface FlvFeedEvents {
  /** The next bytes for the demuxer: the file header, or whole tags. The callee owns them. */
  onBytes(bytes: Uint8Array<ArrayBuffer>): void;
  /** The stream is not FLV; nothing follows. */
  onError(error: IotError): void;
}

/**
 * How much of the stream is held back, in ms of its own time, for the sound that its header promises.
 * Cameras without a microphone often promise it, and a demuxer would wait for it for ever.
 */
const AWAITED_AUDIO_MS = 500;

/**
 * Prepares a live FLV stream for a demuxer that takes everything literally: hands over whole tags,
 * with a header that tells the truth and times that begin at 0 and never jump, and leaves out what
 * only confuses. Can be interrupted: it goes on at a keyframe.
 */
export class FlvFeed {
  private readonly reader = new FlvReader();
  private readonly timeline = new FlvTimeline();
  private header: FlvHeader | null = null;
  /** Tags that wait for the header to be settled; null once it was handed over. */
  private held: FlvTag[] | null = [];
  private hasAudio = false;
  private hasVideo = false;
  private readonly setups = new Map<FlvTag['type'], FlvTag>();
  private paused = false;
  private awaitsKeyframe = false;
  /** What a demuxer must have before the next keyframe; null when it has it. */
  private start: Uint8Array | null = null;
  private codec: VideoCodec | null = null;

  constructor(private readonly events: FlvFeedEvents) {}

  /** The picture's codec, null before it is known. */
  get videoCodec(): VideoCodec | null {
    return this.codec;
  }

  /** The latest time handed over, in ms from the first tag. */
  get timeMs(): number {
    return this.timeline.nowMs;
  }

  push(chunk: Uint8Array): void {
    const { header, tags, error } = this.reader.push(chunk);
    if (header !== null) this.header = header;
    const pieces = tags.flatMap((tag) => (this.held === null ? this.pass(tag) : this.hold(tag)));
    if (pieces.length > 0) this.events.onBytes(concat(pieces));
    if (error !== null) this.events.onError(error);
  }

  /** The demuxer takes nothing for now; what comes meanwhile is left out. */
  pause(): void {
    this.paused = true;
  }

  /** The demuxer takes bytes again: from the next keyframe on. */
  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.awaitsKeyframe = true;
  }

  /** Another demuxer takes over: it gets the file's header again, then what comes from a keyframe on. */
  restart(): void {
    // While tags are held, nothing was handed over that would have to be repeated.
    if (this.held !== null) return;
    this.paused = false;
    this.awaitsKeyframe = true;
    this.start = encodeFlvHeader({ hasAudio: this.hasAudio, hasVideo: this.hasVideo });
  }

  /** Keeps a tag until it is known which tracks there are. */
  private hold(tag: FlvTag): Uint8Array[] {
    const held = this.held!;
    if (tag.type === 'script') return [];
    held.push(tag);
    const { hasAudio: promised, hasVideo } = this.header!;
    const audioSeen = held.some(({ type }) => type === 'audio');
    const video = held.filter((other) => other.type === 'video' && !isVideoSequenceHeader(other));
    if (hasVideo && video.length === 0) return [];
    const first = video[0]?.timestampMs ?? 0;
    const spanMs = tag.type === 'video' ? (tag.timestampMs - first) | 0 : 0;
    if (promised && !audioSeen && Math.abs(spanMs) < AWAITED_AUDIO_MS) return [];

    this.held = null;
    this.hasAudio = audioSeen;
    this.hasVideo = hasVideo || video.length > 0;
    const start = encodeFlvHeader({ hasAudio: audioSeen, hasVideo: this.hasVideo });
    return [start, ...held.flatMap((each) => this.pass(each))];
  }

  private pass(tag: FlvTag): Uint8Array[] {
    if (tag.type === 'script' || (tag.type === 'audio' && !this.hasAudio)) return [];
    if (isVideoSequenceHeader(tag) || isAudioSequenceHeader(tag)) return this.passSetup(tag);
    if (this.paused) return [];
    const resumed: Uint8Array[] = [];
    if (this.awaitsKeyframe) {
      if (this.hasVideo && !isKeyframe(tag)) return [];
      this.awaitsKeyframe = false;
      if (this.start !== null) resumed.push(this.start);
      this.start = null;
      // They may have changed while nobody listened.
      for (const setup of this.setups.values())
        resumed.push(encodeFlvTag(setup, this.timeline.nowMs));
    }
    return [...resumed, encodeFlvTag(tag, this.timeline.place(tag.timestampMs))];
  }

  /** A decoder's set-up; cameras repeat it before each keyframe, which costs a demuxer a restart. */
  private passSetup(tag: FlvTag): Uint8Array[] {
    const known = this.setups.get(tag.type);
    if (known !== undefined && sameBytes(known.data, tag.data)) return [];
    this.setups.set(tag.type, tag);
    if (tag.type === 'video') this.codec = parseVideoTag(tag)?.codec ?? null;
    return this.paused || this.awaitsKeyframe ? [] : [encodeFlvTag(tag, this.timeline.nowMs)];
  }
}

function concat(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
