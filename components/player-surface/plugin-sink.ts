import type { CancelTimer, Clock } from '@services/host';
import { FlvFeed } from '@services/player';
import type { PlayerSink, PlayerSinkEvents } from '@services/player';
import {
  localServerLost,
  mediaBroken,
  microphoneDenied,
  playerMissing,
  pluginFailed,
} from './media-errors';
import { isLocalServerLost, LOCAL_SERVER_ERROR, PlayerCode } from './plugin-player';
import type {
  LivePlayerContext,
  NativeErrorDetail,
  NetStatusDetail,
  PlayerCloseDetail,
  PlayerExport,
  PlayerReadyDetail,
  StateChangeDetail,
} from './plugin-player';

/** A player that the plugin has not made ready after this long, in ms, is not there at all. */
const READY_MS = 8_000;
/** A first play that the system has swallowed is asked for again after this long, in ms. */
const PLAY_AGAIN_MS = 3_000;
/** A player that has closed the stream with more than this cached comes back by itself, in ms. */
const CACHE_FULL_MS = 500;
/** Beyond what it has cached, a player has this long to ask again, in ms. */
const RETURN_MS = 2_000;

/** The native tag as it is to be rendered. */
export interface PluginView {
  /** Grows with each tag that is to be made anew; null for none. */
  readonly instance: number | null;
  readonly autoplay: boolean;
  readonly muted: boolean;
}

export interface PluginSinkOptions {
  readonly clock: Clock;
  /** Renders the tag. */
  readonly onView: (view: PluginView) => void;
  /** Restarts the plugin's local server. */
  readonly resetLocalServer: () => void;
}

/**
 * Shows a stream in WeChat's `<p2p-player>`: the plugin's local server hands the bytes to the native
 * player, whose requests this sink answers. A request that breaks off is answered again from the next
 * keyframe, so that the camera need not be asked anew.
 */
export class PluginSink implements PlayerSink {
  private readonly options: PluginSinkOptions;
  private events: PlayerSinkEvents | null = null;
  private view: PluginView = { instance: null, autoplay: false, muted: true };
  private instances = 0;
  private context: LivePlayerContext | null = null;
  private player: PlayerExport | null = null;
  private feed: FlvFeed | null = null;
  /** Whether the native player's request is open. */
  private pulling = false;
  private pulledBefore = false;
  private shown = false;
  private stalled = false;
  private hidden = false;
  private needsReset = false;
  private cacheMs = { video: 0, audio: 0 };
  private size = { width: 0, height: 0 };
  private cancelTimer: CancelTimer = () => undefined;
  private cancelReady: CancelTimer = () => undefined;

  constructor(options: PluginSinkOptions) {
    this.options = options;
  }

  /** The native player's latest context; null while there is none. */
  get playerContext(): LivePlayerContext | null {
    return this.context;
  }

  open(events: PlayerSinkEvents): void {
    this.close();
    this.events = events;
    if (this.needsReset) this.options.resetLocalServer();
    this.needsReset = false;
    this.render({ instance: ++this.instances, autoplay: false });
    this.cancelReady = this.options.clock.setTimer(READY_MS, () =>
      this.fail(() => playerMissing(READY_MS)),
    );
    if (this.hidden) events.onVisible(false);
  }

  play(): void {
    this.endPull();
    this.feed = new FlvFeed({
      onBytes: (bytes) => this.player?.addChunk(bytes.buffer),
      onError: (error) => this.fail(() => error),
    });
    this.startPlayer();
    this.schedule(PLAY_AGAIN_MS, () => this.startPlayer());
  }

  write(chunk: ArrayBuffer): void {
    try {
      this.feed?.push(new Uint8Array(chunk));
    } catch (cause) {
      this.fail(() => mediaBroken('the stream could not be handed to the player', cause));
    }
  }

  end(): void {
    this.player?.finishMedia?.();
  }

  stop(): void {
    if (this.feed === null) return;
    this.endPull();
    this.context?.stop?.();
  }

  setMuted(muted: boolean): void {
    this.render({ muted });
  }

  /** live-player has no volume of its own; the phone's buttons are the user's. */
  setVolume(): void {}

  close(): void {
    if (this.events === null) return;
    this.cancelReady();
    this.stop();
    this.events = null;
    this.context = null;
    this.player = null;
    this.render({ instance: null, autoplay: false });
  }

  /** It may come again, with another context: the newest counts. */
  onPlayerReady({ livePlayerContext, playerExport }: PlayerReadyDetail): void {
    const { events } = this;
    if (events === null) return;
    if (livePlayerContext === undefined || playerExport === undefined) {
      this.fail(() => pluginFailed('playerReady came without a player'));
      return;
    }
    this.cancelReady();
    const isFirst = this.context === null;
    const isOther = !isFirst && livePlayerContext !== this.context;
    this.context = livePlayerContext;
    this.player = playerExport;
    if (isFirst) events.onReady();
    else if (isOther && this.feed !== null && !this.pulling) livePlayerContext.play?.();
  }

  onStartPull(): void {
    const { feed, events } = this;
    if (events === null || feed === null) {
      // Nobody wants the picture: the native player tries again by itself.
      this.context?.stop?.();
      return;
    }
    this.cancelTimer();
    this.pulling = true;
    if (this.pulledBefore) {
      feed.restart();
      this.tellStalled(false);
      return;
    }
    this.pulledBefore = true;
    events.onStartPull();
  }

  onPlayerClose(detail: PlayerCloseDetail): void {
    if (this.feed === null || !this.pulling) return;
    this.pulling = false;
    this.feed.pause();
    if (this.hidden || detail.error?.code === 'MEDIA_FINISH') return;
    const cachedMs = Math.max(this.cacheMs.video, this.cacheMs.audio);
    const isFull = cachedMs > CACHE_FULL_MS;
    if (!isFull) this.tellStalled(true);
    this.schedule((isFull ? cachedMs : 0) + RETURN_MS, () => {
      this.tellStalled(true);
      this.context?.play?.();
    });
  }

  onPlayerError({ error }: PlayerCloseDetail): void {
    const code = error?.code ?? 'unknown';
    if (code === LOCAL_SERVER_ERROR) this.loseLocalServer(code);
    else this.fail(() => pluginFailed(`the player plugin failed: ${code}`));
  }

  onNativeError({ errCode, errMsg = '' }: NativeErrorDetail): void {
    // RTC mode wants the microphone; the system's refusal has no code.
    if (/system permission denied/i.test(errMsg)) this.fail(() => microphoneDenied(errMsg));
    else this.fail(() => mediaBroken(`live-player failed: ${errCode ?? ''} ${errMsg}`));
  }

  onStateChange({ code, message = '' }: StateChangeDetail): void {
    if (this.feed === null) return;
    switch (code) {
      case PlayerCode.FirstPicture:
        if (!this.shown) this.events?.onFirstFrame();
        this.shown = true;
        return;
      case PlayerCode.Lost:
        // Else it asks again by itself, which `onStartPull` answers.
        if (isLocalServerLost(message)) this.loseLocalServer(message);
        return;
      case PlayerCode.GivenUp:
        this.fail(() => mediaBroken(`live-player has given up: ${message}`));
        return;
      default:
        return;
    }
  }

  onNetStatus({ info = {} }: NetStatusDetail): void {
    const { events, cacheMs, size } = this;
    this.cacheMs = {
      video: info.videoCache ?? cacheMs.video,
      audio: info.audioCache ?? cacheMs.audio,
    };
    this.size = { width: info.videoWidth ?? size.width, height: info.videoHeight ?? size.height };
    const { width, height } = this.size;
    if (width > 0 && height > 0 && (width !== size.width || height !== size.height)) {
      events?.onVideoSize({ width, height });
    }
    if (!this.shown) return;
    events?.onProgress({
      currentTimeMs: this.feed?.timeMs ?? 0,
      latencyMs: Math.max(this.cacheMs.video, this.cacheMs.audio),
      shownFrames: null,
      droppedFrames: null,
    });
  }

  /** The page was hidden or shown. */
  setHidden(hidden: boolean): void {
    if (hidden === this.hidden) return;
    this.hidden = hidden;
    this.events?.onVisible(!hidden);
    // Some systems close the request of a hidden page, and do not ask again when it is shown.
    if (!hidden && this.feed !== null && !this.pulling) this.context?.play?.();
  }

  /** The first play of a tag is by its property: a call is sometimes swallowed. */
  private startPlayer(): void {
    if (this.view.autoplay) this.context?.play?.();
    else this.render({ autoplay: true });
  }

  private loseLocalServer(detail: string): void {
    this.needsReset = true;
    this.fail(() => localServerLost(detail));
  }

  private fail(error: () => Parameters<PlayerSinkEvents['onError']>[0]): void {
    this.events?.onError(error());
  }

  private tellStalled(stalled: boolean): void {
    if (!this.shown || stalled === this.stalled) return;
    this.stalled = stalled;
    if (stalled) this.events?.onStalled();
    else this.events?.onResumed();
  }

  private endPull(): void {
    this.cancelTimer();
    this.feed = null;
    this.pulling = false;
    this.pulledBefore = false;
    this.shown = false;
    this.stalled = false;
    this.cacheMs = { video: 0, audio: 0 };
  }

  private schedule(delayMs: number, call: () => void): void {
    this.cancelTimer();
    this.cancelTimer = this.options.clock.setTimer(delayMs, call);
  }

  private render(change: Partial<PluginView>): void {
    this.view = { ...this.view, ...change };
    this.options.onView(this.view);
  }
}
