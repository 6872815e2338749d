import {
  isAudioSequenceHeader,
  isKeyframe,
  isVideoSequenceHeader,
  metadataTag,
  parseVideoTag,
  readMetadata,
} from '../../services/media/flv';
import type { FlvHeader, FlvTag } from '../../services/media/flv';
import type { CancelTimer, Clock } from '../../services/host';
import type { ResponseWriter } from '../../services/p2p/http';
import { answerText } from './answer';
import { GopCache } from './gop-cache';
import type { TimedTag } from './gop-cache';
import { LiveViewer } from './live-viewer';
import type { LiveViewerLimits } from './live-viewer';
import type { MediaEvents } from './media-source';
import { RateMeter } from './quality/rate-meter';
import { Timeline } from './timeline';

export interface LiveHubOptions extends Partial<LiveViewerLimits> {
  readonly clock: Clock;
  /** Largest group of pictures kept for new viewers, in bytes (default 8 MiB). */
  readonly maxGopBytes?: number;
  /** How long a viewer may wait for the first picture before it gets a 503, in ms (default 5 000). */
  readonly startTimeoutMs?: number;
}

interface Seat {
  readonly viewer: LiveViewer;
  readonly response: ResponseWriter;
  readonly onLeft: () => void;
  /** The hub that serves the viewer at present. */
  hub: LiveHub;
  cancelStart: CancelTimer;
}

interface Arrival {
  readonly viewer: LiveViewer;
  readonly from: LiveHub;
  readonly onMoved: () => void;
}

export interface LiveViewerEvents {
  /** The viewer is gone, or the hub has ended its stream. */
  readonly onLeft?: () => void;
  /** It waits for a picture for as long as it takes, instead of `startTimeoutMs`. */
  readonly patient?: boolean;
}

const DEFAULTS = {
  maxGopBytes: 8 * 1024 * 1024,
  startTimeoutMs: 5_000,
  maxLagMs: 1_500,
  maxBufferedBytes: 1024 * 1024,
};

/** Hands one live stream to many viewers; each begins with a picture and keeps its own pace. */
export class LiveHub implements MediaEvents {
  private readonly options: Required<LiveHubOptions>;
  private readonly timeline = new Timeline();
  private readonly gop: GopCache;
  private readonly seats = new Set<Seat>();
  private header: FlvHeader | null = null;
  private metadata: FlvTag | null = null;
  private videoSetup: FlvTag | null = null;
  private audioSetup: FlvTag | null = null;
  private readonly arrivals = new Set<Arrival>();
  private readonly rate: RateMeter;
  private lastFrameMs: number | null = null;
  private droppedByGone = 0;

  constructor(options: LiveHubOptions) {
    this.options = { ...DEFAULTS, ...options };
    this.gop = new GopCache(this.options.maxGopBytes);
    this.rate = new RateMeter(this.options.clock);
  }

  get viewerCount(): number {
    return this.seats.size;
  }

  /** Frames left out since the start, of all viewers together. */
  get droppedFrames(): number {
    let dropped = this.droppedByGone;
    for (const { viewer } of this.seats) dropped += viewer.droppedFrames;
    return dropped;
  }

  /** Bit per second of the stream; null when it has just begun. */
  get bps(): number | null {
    return this.rate.bps;
  }

  /** Width of the picture in pixels; null while unknown. */
  get width(): number | null {
    return (this.metadata && readMetadata(this.metadata)?.width) ?? null;
  }

  /** What the stream consists of; null before it begins. */
  get contents(): FlvHeader | null {
    return this.header;
  }

  /** Ms since the last frame; Infinity before the first. */
  get silentMs(): number {
    return this.lastFrameMs === null ? Infinity : this.options.clock.nowMs() - this.lastFrameMs;
  }

  /** Streams to a viewer until it or the hub goes away. */
  addViewer(response: ResponseWriter, events: LiveViewerEvents = {}): LiveViewer {
    const viewer = new LiveViewer(response, this.options.clock, this.options);
    const { onLeft = () => undefined, patient = false } = events;
    const seat: Seat = { viewer, response, onLeft, hub: this, cancelStart: () => undefined };
    if (!patient) {
      seat.cancelStart = this.options.clock.setTimer(this.options.startTimeoutMs, () =>
        refuse(seat),
      );
    }
    response.onClose = () => seat.hub.remove(seat);
    this.seats.add(seat);
    const { tags } = this.gop;
    // What a source that fell silent showed last would be taken for the present.
    if (tags.length > 0 && this.silentMs <= this.options.startTimeoutMs) this.open(seat, tags);
    return viewer;
  }

  /**
   * Takes a viewer over from another hub at the next keyframe; until then that one serves it.
   * @param onMoved called when this hub has taken over.
   * @returns what calls it off.
   */
  adopt(viewer: LiveViewer, from: LiveHub, onMoved: () => void = () => undefined): CancelTimer {
    const arrival = { viewer, from, onMoved };
    this.arrivals.add(arrival);
    return () => this.arrivals.delete(arrival);
  }

  onHeader(header: FlvHeader): void {
    this.header = header;
    this.timeline.restart();
    this.gop.clear();
    if (!header.hasVideo) this.videoSetup = null;
    if (!header.hasAudio) this.audioSetup = null;
  }

  onTag(tag: FlvTag): void {
    if (tag.type === 'script') this.onScript(tag);
    else if (isVideoSequenceHeader(tag)) {
      if (sameData(this.videoSetup, tag)) return;
      this.videoSetup = tag;
      // Frames before and after a change cannot be decoded together.
      this.gop.clear();
      this.sendSetup(tag);
    } else if (isAudioSequenceHeader(tag)) {
      if (sameData(this.audioSetup, tag)) return;
      this.audioSetup = tag;
      this.sendSetup(tag);
      // An encoder that ends says so, but the stream goes on with the next one.
    } else if (parseVideoTag(tag)?.packet !== 'end') this.onFrame(tag);
  }

  /** The source stops: what it showed last is no opening for whoever comes later. */
  interrupt(): void {
    this.gop.clear();
    this.timeline.restart();
  }

  /** Ends all streams. */
  close(): void {
    for (const seat of [...this.seats]) {
      seat.response.end();
      this.remove(seat);
    }
    this.arrivals.clear();
  }

  private onScript(tag: FlvTag): void {
    const metadata = readMetadata(tag);
    if (metadata === null) return;
    const live = metadataTag(metadata);
    if (sameData(this.metadata, live)) return;
    this.metadata = live;
    this.sendSetup(live);
  }

  private onFrame(tag: FlvTag): void {
    const keyframe = isKeyframe(tag);
    const frame: TimedTag = { tag, timeMs: this.timeline.next(tag.timestampMs), keyframe };
    this.gop.add(frame);
    this.rate.add(tag.data.length);
    this.lastFrameMs = this.options.clock.nowMs();
    const canStart = keyframe || (this.header !== null && !this.header.hasVideo);
    for (const seat of this.seats) {
      if (!seat.viewer.waiting) seat.viewer.frame(frame);
      else if (canStart) this.open(seat, [frame]);
    }
    if (keyframe) this.welcomeArrivals(frame);
  }

  private welcomeArrivals(keyframe: TimedTag): void {
    const arrivals = [...this.arrivals];
    this.arrivals.clear();
    for (const { viewer, from, onMoved } of arrivals) {
      const seat = from.handOver(viewer);
      if (seat === null) continue;
      seat.hub = this;
      this.seats.add(seat);
      if (viewer.waiting) this.open(seat, [keyframe]);
      else viewer.switchTo(this.setup, keyframe);
      onMoved();
    }
  }

  private handOver(viewer: LiveViewer): Seat | null {
    const seat = [...this.seats].find((one) => one.viewer === viewer);
    if (seat) this.seats.delete(seat);
    return seat ?? null;
  }

  private get setup(): readonly FlvTag[] {
    return [this.metadata, this.videoSetup, this.audioSetup].filter((tag) => tag !== null);
  }

  private open({ viewer, cancelStart }: Seat, frames: readonly TimedTag[]): void {
    if (this.header === null) return;
    cancelStart();
    viewer.open({ header: this.header, setup: this.setup }, frames);
  }

  private sendSetup(tag: FlvTag): void {
    for (const { viewer } of this.seats) viewer.setup(tag);
  }

  /** Takes a viewer out; its response is the caller's again. */
  remove(seat: Seat): void {
    if (!this.seats.delete(seat)) return;
    seat.cancelStart();
    this.droppedByGone += seat.viewer.droppedFrames;
    seat.onLeft();
  }
}

function refuse(seat: Seat): void {
  if (!seat.viewer.waiting) return;
  seat.hub.remove(seat);
  answerText(seat.response, 503, 'the camera has no picture at present, try later');
}

function sameData(stored: FlvTag | null, tag: FlvTag): boolean {
  return stored !== null && Buffer.compare(stored.data, tag.data) === 0;
}
