import type Mpegts from 'mpegts.js';
import type { MpegtsModule } from './load-mpegts';

/** What the loader tells of the demuxer behind it. */
export interface FeedLoaderEvents {
  /** It takes bytes from now on. */
  onOpen(): void;
  /** It takes none until the next `onOpen`. */
  onAbort(): void;
}

/** Hands bytes to mpegts.js in place of a network; lives as long as one of its players. */
export class FeedPort {
  private loader: Mpegts.BaseLoader | null = null;
  private position = 0;
  private received = 0;

  constructor(private readonly events: FeedLoaderEvents) {}

  /** The demuxer's place in the stream comes from the library; a reopened one goes on where it was. */
  opened(loader: Mpegts.BaseLoader, from: number): void {
    this.loader = loader;
    this.position = from;
    this.events.onOpen();
  }

  aborted(loader: Mpegts.BaseLoader): void {
    if (this.loader !== loader) return;
    this.loader = null;
    this.events.onAbort();
  }

  write(bytes: Uint8Array<ArrayBuffer>): void {
    const at = this.position;
    this.position += bytes.length;
    this.received += bytes.length;
    this.loader?.onDataArrival(bytes.buffer, at, this.received);
  }

  end(): void {
    this.loader?.onComplete(0, this.position - 1);
  }
}

/** The class that mpegts.js makes its loader of; it exists only once the library is there. */
export function createFeedLoader(
  mpegts: MpegtsModule,
  port: FeedPort,
): Mpegts.CustomLoaderConstructor {
  const { BaseLoader, LoaderStatus } = mpegts;
  return class FeedLoader extends BaseLoader {
    constructor() {
      super('feed');
      this._needStash = false;
    }

    override open(_source: Mpegts.MediaSegment, range: Mpegts.Range): void {
      this._status = LoaderStatus.kBuffering;
      port.opened(this, range.from);
    }

    override abort(): void {
      this._status = LoaderStatus.kComplete;
      port.aborted(this);
    }

    override destroy(): void {
      port.aborted(this);
      super.destroy();
    }
  };
}
