import type { PlayerSink, PlayerSinkEvents, SinkPacing } from '@services/player';
import type { StreamTap } from '@services/recorder';
import { FrozenPicture } from './frozen-picture';
import { LiveEdge } from './live-edge';
import type { EdgeDecision, PlaybackView } from './live-edge';
import { loadedMpegts, loadMpegts } from './load-mpegts';
import type { MpegtsModule } from './load-mpegts';
import { mediaBroken, mediaUnsupported, playerLoadFailed } from './media-errors';
import { MsePull } from './mse-pull';
import { RecordedPace } from './recorded-pace';

/** How often position and buffer are looked at, in ms. */
const WATCH_EVERY_MS = 250;
const PROGRESS_EVERY_MS = 1_000;
/** A pause that the browser makes by itself is undone, but not over and over, in ms. */
const RESUME_AT_MOST_EVERY_MS = 1_000;

/** Shows a stream in a `<video>` element by Media Source Extensions. */
export class MseSink implements PlayerSink {
  private events: PlayerSinkEvents | null = null;
  private mpegts: MpegtsModule | null = null;
  private pull: MsePull | null = null;
  private pacing: SinkPacing = 'live';
  private edge: { update(view: PlaybackView): EdgeDecision } = new LiveEdge();
  private standing = false;
  private readonly frozen: FrozenPicture;
  private stopListening: () => void = () => {};
  private shown = false;
  private stalled = false;
  private muted = true;
  private watchedAtMs = 0;
  private reportedAtMs = 0;
  private resumedAtMs = -Infinity;
  private frameRequest = 0;

  constructor(
    private readonly video: HTMLVideoElement,
    canvas: HTMLCanvasElement,
    /** Gets what the demuxer gets. */
    private readonly tap: StreamTap | null = null,
  ) {
    this.frozen = new FrozenPicture(video, canvas);
  }

  open(events: PlayerSinkEvents): void {
    this.close();
    this.events = events;
    this.stopListening = this.listen();
    if (this.isUnseen) events.onVisible(false);
    const ready = (mpegts: MpegtsModule): void => {
      if (this.events !== events) return;
      this.mpegts = mpegts;
      if (mpegts.isSupported()) events.onReady();
      else events.onError(mediaUnsupported('this browser has no usable Media Source Extensions'));
    };
    const mpegts = loadedMpegts();
    if (mpegts !== null) ready(mpegts);
    else {
      loadMpegts().then(ready, (cause: unknown) => {
        if (this.events === events) events.onError(playerLoadFailed(cause));
      });
    }
  }

  play(): void {
    const { events, mpegts } = this;
    if (events === null || mpegts === null) return;
    this.endPull();
    this.standing = false;
    this.edge = this.pacing === 'live' ? new LiveEdge() : new RecordedPace();
    this.tap?.restart();
    try {
      this.pull = new MsePull(mpegts, this.video, {
        onBytes: (bytes) => this.tap?.push(bytes),
        onStartPull: () => events.onStartPull(),
        onError: (error) => events.onError(error),
      });
    } catch (cause) {
      events.onError(mediaBroken('the media source could not be made', cause));
      return;
    }
    this.awaitFirstFrame();
    this.startPlayback();
  }

  write(chunk: ArrayBuffer): void {
    this.pull?.write(chunk);
    // Also with bytes: a hidden page's timers may run once a minute only.
    if (performance.now() - this.watchedAtMs >= WATCH_EVERY_MS) this.watch();
  }

  end(): void {
    this.pull?.end();
  }

  stop(): void {
    if (this.shown) this.frozen.take();
    this.endPull();
  }

  setPacing(pacing: SinkPacing): void {
    this.pacing = pacing;
  }

  freeze(): void {
    this.standing = true;
    this.video.pause();
  }

  unfreeze(): void {
    if (!this.standing) return;
    this.standing = false;
    this.startPlayback();
  }

  hold(): void {
    this.pull?.hold();
  }

  release(): void {
    const { pull, edge } = this;
    if (pull === null) return;
    if (edge instanceof RecordedPace) edge.jumpBehind(pull.timeMs / 1_000);
    pull.release();
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    this.video.muted = muted;
  }

  setVolume(volume: number): void {
    this.video.volume = volume;
  }

  close(): void {
    if (this.events === null) return;
    this.stop();
    this.stopListening();
    this.events = null;
  }

  /** A picture that floats is seen although its page is not. */
  private get isUnseen(): boolean {
    return document.hidden && document.pictureInPictureElement !== this.video;
  }

  private endPull(): void {
    const { pull } = this;
    this.pull = null;
    this.shown = false;
    this.stalled = false;
    this.cancelFirstFrame();
    pull?.destroy();
  }

  private listen(): () => void {
    const { video } = this;
    const abort = new AbortController();
    const options = { signal: abort.signal };
    video.addEventListener('timeupdate', () => this.watch(), options);
    video.addEventListener('playing', () => this.onPlaying(), options);
    video.addEventListener('pause', () => this.onPause(), options);
    video.addEventListener('resize', () => this.tellSize(), options);
    video.addEventListener('volumechange', () => this.onVolumeChange(), options);
    video.addEventListener('error', () => this.onVideoError(), options);
    const onVisibility = (): void => this.onVisibility();
    document.addEventListener('visibilitychange', onVisibility, options);
    video.addEventListener('enterpictureinpicture', onVisibility, options);
    video.addEventListener('leavepictureinpicture', onVisibility, options);
    const timer = setInterval(() => this.watch(), WATCH_EVERY_MS);
    return () => {
      abort.abort();
      clearInterval(timer);
    };
  }

  /** Without sound first, if need be; then only after a tap. */
  private startPlayback(): void {
    const { video, pull, events } = this;
    if (pull === null || events === null) return;
    video.muted = this.muted;
    video.play().catch((error: unknown) => {
      if (this.pull !== pull || !(error instanceof DOMException)) return;
      // An AbortError says that the element was emptied, which is our own doing.
      if (error.name !== 'NotAllowedError') return;
      if (this.muted) {
        events.onBlocked();
        return;
      }
      this.muted = true;
      events.onMuted(true);
      this.startPlayback();
    });
  }

  private awaitFirstFrame(): void {
    const { video, pull } = this;
    if (typeof video.requestVideoFrameCallback !== 'function') return;
    this.frameRequest = video.requestVideoFrameCallback(() => {
      if (this.pull === pull) this.onFirstFrame();
    });
  }

  private cancelFirstFrame(): void {
    if (typeof this.video.cancelVideoFrameCallback !== 'function') return;
    this.video.cancelVideoFrameCallback(this.frameRequest);
  }

  private onPlaying(): void {
    // Browsers without frame callbacks begin to play with the first picture; sound alone has none.
    const hasCallbacks = typeof this.video.requestVideoFrameCallback === 'function';
    if (!hasCallbacks || this.video.videoWidth === 0) this.onFirstFrame();
  }

  private onFirstFrame(): void {
    if (this.shown || this.pull === null) return;
    this.shown = true;
    this.frozen.drop();
    this.tellSize();
    this.events?.onFirstFrame();
  }

  private tellSize(): void {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (width > 0 && height > 0) this.events?.onVideoSize({ width, height });
  }

  private onPause(): void {
    const { paused, ended } = this.video;
    // An event of the pull before this one comes late, when the element plays again.
    if (this.pull === null || this.standing || !paused || ended || this.isUnseen) return;
    const nowMs = performance.now();
    if (nowMs - this.resumedAtMs < RESUME_AT_MOST_EVERY_MS) {
      this.events?.onBlocked();
      return;
    }
    this.resumedAtMs = nowMs;
    this.startPlayback();
  }

  private onVolumeChange(): void {
    if (this.video.muted === this.muted) return;
    this.muted = this.video.muted;
    this.events?.onMuted(this.muted);
  }

  private onVideoError(): void {
    const { error } = this.video;
    if (this.pull === null || error === null) return;
    this.events?.onError(mediaBroken(`the video element failed: ${error.message}`, error));
  }

  private onVisibility(): void {
    this.events?.onVisible(!this.isUnseen);
    if (this.isUnseen || this.pull === null) return;
    if (this.video.paused && !this.standing) this.startPlayback();
    this.watch(true);
  }

  private watch(returning = false): void {
    const { video, pull, events } = this;
    if (pull === null || events === null) return;
    const nowMs = performance.now();
    this.watchedAtMs = nowMs;
    const decision = this.edge.update({
      nowMs,
      currentTimeS: video.currentTime,
      ranges: rangesOf(video.buffered),
      // Before the first picture a start takes its time; a hidden one need not move.
      paused: video.paused || this.isUnseen || !this.shown,
      returning,
    });
    if (decision.seekToS !== null) video.currentTime = decision.seekToS;
    if (video.playbackRate !== decision.playbackRate) video.playbackRate = decision.playbackRate;
    if (decision.stalled !== this.stalled) {
      this.stalled = decision.stalled;
      if (this.stalled) events.onStalled();
      else events.onResumed();
    }
    const everyMs = this.pacing === 'live' ? PROGRESS_EVERY_MS : WATCH_EVERY_MS;
    if (this.shown && nowMs - this.reportedAtMs >= everyMs) {
      this.reportedAtMs = nowMs;
      this.report(decision.latencyS);
    }
  }

  private report(latencyS: number): void {
    const { video } = this;
    const quality = video.getVideoPlaybackQuality?.();
    this.events?.onProgress({
      currentTimeMs: Math.round(video.currentTime * 1_000),
      latencyMs: Math.round(latencyS * 1_000),
      shownFrames: quality === undefined ? null : quality.totalVideoFrames,
      droppedFrames: quality === undefined ? null : quality.droppedVideoFrames,
    });
  }
}

function rangesOf(buffered: TimeRanges): { startS: number; endS: number }[] {
  return Array.from({ length: buffered.length }, (_, i) => ({
    startS: buffered.start(i),
    endS: buffered.end(i),
  }));
}
