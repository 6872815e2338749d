import type { IotError } from '@services/errors';
import { FlvFeed } from '@services/player';
import type Mpegts from 'mpegts.js';
import { createFeedLoader, FeedPort } from './feed-loader';
import type { MpegtsModule } from './load-mpegts';
import { mediaBroken, mpegtsError } from './media-errors';

/** What is behind the picture is kept for so long, in s: enough to never cut off what is shown. */
const KEPT_BEHIND_S = { most: 12, least: 6 };

const CONFIG: Mpegts.Config = {
  isLive: true,
  // A worker cannot take a loader of ours.
  enableWorker: false,
  enableStashBuffer: false,
  lazyLoad: false,
  // The first bytes may come before the source is open: the library keeps them.
  deferLoadAfterSourceOpen: false,
  autoCleanupSourceBuffer: true,
  autoCleanupMaxBackwardDuration: KEPT_BEHIND_S.most,
  autoCleanupMinBackwardDuration: KEPT_BEHIND_S.least,
  // `LiveEdge` does this.
  liveBufferLatencyChasing: false,
  liveSync: false,
};

export interface MsePullEvents {
  /** What the demuxer gets; not to be kept or changed. */
  onBytes(bytes: Uint8Array): void;
  onStartPull(): void;
  /** The pull is of no more use. */
  onError(error: IotError): void;
}

/** One pull: bytes → whole FLV tags → mpegts.js → the element's MediaSource. */
export class MsePull {
  private readonly player: Mpegts.Player;
  private readonly port: FeedPort;
  private readonly feed: FlvFeed;
  private over = false;
  private opened = false;

  constructor(
    mpegts: MpegtsModule,
    video: HTMLVideoElement,
    private readonly events: MsePullEvents,
  ) {
    this.feed = new FlvFeed({
      onBytes: (bytes) => {
        this.events.onBytes(bytes);
        this.port.write(bytes);
      },
      onError: (error) => this.fail(error),
    });
    this.port = new FeedPort({
      onOpen: () => this.onOpen(),
      onAbort: () => this.feed.pause(),
    });
    const customLoader = createFeedLoader(mpegts, this.port);
    this.player = mpegts.createPlayer({ type: 'flv', isLive: true }, { ...CONFIG, customLoader });
    this.player.on(
      mpegts.Events.ERROR,
      (_type: string, detail: string, info?: Mpegts.LoaderErrorMessage) =>
        this.fail(mpegtsError(mpegts, detail, info, this.feed.videoCodec)),
    );
    this.player.attachMediaElement(video);
    this.player.load();
  }

  write(chunk: ArrayBuffer): void {
    if (this.over) return;
    try {
      this.feed.push(new Uint8Array(chunk));
    } catch (cause) {
      this.fail(mediaBroken('the stream could not be taken apart', cause));
    }
  }

  /** The latest time that was handed on, in ms. */
  get timeMs(): number {
    return this.feed.timeMs;
  }

  /** Leaves out what is written, until `release`. */
  hold(): void {
    this.feed.pause();
  }

  /** Goes on at the next keyframe. */
  release(): void {
    this.feed.resume();
  }

  end(): void {
    if (!this.over) this.port.end();
  }

  destroy(): void {
    this.over = true;
    this.player.destroy();
  }

  private onOpen(): void {
    this.feed.resume();
    // The library also reopens a loader that it has suspended itself.
    if (!this.opened) this.events.onStartPull();
    this.opened = true;
  }

  private fail(error: IotError): void {
    if (this.over) return;
    this.over = true;
    this.events.onError(error);
  }
}
