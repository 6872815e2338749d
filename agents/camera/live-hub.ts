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
import { GopCache } from './gop-cache';
import type { TimedTag } from './gop-cache';
import { LiveViewer } from './live-viewer';
import type { LiveViewerLimits } from './live-viewer';
import type { MediaEvents } from './media-source';
import { Timeline } from './timeline';

export interface LiveHubOptions extends Partial<LiveViewerLimits> {
  readonly clock: Clock;
  /** Viewers at a time (default 16). */
  readonly maxViewers?: number;
  /** Largest group of pictures kept for new viewers, in bytes (default 8 MiB). */
  readonly maxGopBytes?: number;
  /** How long a viewer may wait for the first picture before it gets a 503, in ms (default 5 000). */
  readonly startTimeoutMs?: number;
}

interface Seat {
  readonly viewer: LiveViewer;
  readonly response: ResponseWriter;
  readonly cancelStart: CancelTimer;
}

const DEFAULTS = {
  maxViewers: 16,
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
  private droppedByGone = 0;

  constructor(options: LiveHubOptions) {
    this.options = { ...DEFAULTS, ...options };
    this.gop = new GopCache(this.options.maxGopBytes);
  }

  get viewerCount(): number {
    return this.seats.size;
  }

  get full(): boolean {
    return this.seats.size >= this.options.maxViewers;
  }

  /** Frames left out since the start, of all viewers together. */
  get droppedFrames(): number {
    let dropped = this.droppedByGone;
    for (const { viewer } of this.seats) dropped += viewer.droppedFrames;
    return dropped;
  }

  /**
   * Streams to a viewer until it or the hub goes away.
   * @returns false when there are too many; nothing has been answered then.
   */
  addViewer(response: ResponseWriter): boolean {
    if (this.full) return false;
    const viewer = new LiveViewer(response, this.options.clock, this.options);
    const seat: Seat = {
      viewer,
      response,
      cancelStart: this.options.clock.setTimer(this.options.startTimeoutMs, () => {
        if (!viewer.waiting) return;
        this.remove(seat);
        response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8' });
        response.end(new TextEncoder().encode('the camera has no picture at present, try later'));
      }),
    };
    response.onClose = () => this.remove(seat);
    this.seats.add(seat);
    if (this.gop.tags.length > 0) this.open(seat, this.gop.tags);
    return true;
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

  /** Ends all streams. */
  close(): void {
    for (const seat of [...this.seats]) {
      this.remove(seat);
      seat.response.end();
    }
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
    const canStart = keyframe || (this.header !== null && !this.header.hasVideo);
    for (const seat of this.seats) {
      if (!seat.viewer.waiting) seat.viewer.frame(frame);
      else if (canStart) this.open(seat, [frame]);
    }
  }

  private open({ viewer, cancelStart }: Seat, frames: readonly TimedTag[]): void {
    if (this.header === null) return;
    cancelStart();
    const setup = [this.metadata, this.videoSetup, this.audioSetup].filter((tag) => tag !== null);
    viewer.open({ header: this.header, setup }, frames);
  }

  private sendSetup(tag: FlvTag): void {
    for (const { viewer } of this.seats) viewer.setup(tag);
  }

  private remove(seat: Seat): void {
    if (!this.seats.delete(seat)) return;
    seat.cancelStart();
    this.droppedByGone += seat.viewer.droppedFrames;
  }
}

function sameData(stored: FlvTag | null, tag: FlvTag): boolean {
  return stored !== null && Buffer.compare(stored.data, tag.data) === 0;
}
