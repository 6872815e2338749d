import type Mpegts from 'mpegts.js';

type Loader = Mpegts.BaseLoader;
type ErrorListener = (type: string, detail: string, info: unknown) => void;

/** What mpegts.js does with a custom loader, without the media. */
export class FakePlayer {
  static latest: FakePlayer;
  loader: Loader | null = null;
  readonly received: { bytes: Uint8Array; at: number }[] = [];
  readonly media: unknown[] = [];
  completed = false;
  destroyed = false;
  private listener: ErrorListener | null = null;

  constructor(
    readonly source: Mpegts.MediaDataSource,
    readonly config: Mpegts.Config,
  ) {
    FakePlayer.latest = this;
  }

  on(_event: string, listener: ErrorListener): void {
    this.listener = listener;
  }

  attachMediaElement(element: unknown): void {
    this.media.push(element);
  }

  load(): void {
    this.reopen(0);
  }

  /** As after the library has suspended its loader: a new one goes on at a byte position. */
  reopen(from: number): void {
    const loader = new this.config.customLoader!({} as Mpegts.SeekHandler, this.config);
    this.loader = loader;
    loader.onDataArrival = (chunk, at) => this.received.push({ bytes: new Uint8Array(chunk), at });
    loader.onComplete = () => {
      this.completed = true;
    };
    loader.open({ duration: 0, url: '' }, { from, to: -1 });
  }

  fail(type: string, detail: string, info?: unknown): void {
    this.listener?.(type, detail, info);
  }

  destroy(): void {
    this.destroyed = true;
    this.loader?.abort();
    this.loader?.destroy();
  }
}

class BaseLoader {
  _status = 0;
  _needStash = false;
  onDataArrival: Loader['onDataArrival'] | null = null;
  onComplete: Loader['onComplete'] | null = null;
  constructor(readonly type: string) {}
  destroy(): void {
    this.onDataArrival = null;
  }
}

export const fakeMpegts = {
  supported: true,
  isSupported: () => fakeMpegts.supported,
  createPlayer: (source: Mpegts.MediaDataSource, config: Mpegts.Config) =>
    new FakePlayer(source, config),
  BaseLoader,
  LoaderStatus: { kIdle: 0, kConnecting: 1, kBuffering: 2, kError: 3, kComplete: 4 },
  Events: { ERROR: 'error' },
  ErrorTypes: { NETWORK_ERROR: 'NetworkError', MEDIA_ERROR: 'MediaError' },
  ErrorDetails: {
    MEDIA_MSE_ERROR: 'MediaMSEError',
    MEDIA_FORMAT_ERROR: 'MediaFormatError',
    MEDIA_FORMAT_UNSUPPORTED: 'MediaFormatUnsupported',
    MEDIA_CODEC_UNSUPPORTED: 'MediaCodecUnsupported',
  },
  LoggingControl: { applyConfig: jest.fn() },
};
