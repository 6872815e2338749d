import { FlvFeed } from '@services/player';
import type { PlayerSink } from '@services/player';
import type { StreamTap } from '@services/recorder';
import { mediaBroken, microphoneDenied } from './media-errors';
import { isLocalServerLost, PlayerCode } from './plugin-player';
import type {
  LivePlayerContext,
  NativeErrorDetail,
  NetStatusDetail,
  PlayerCloseDetail,
  PlayerExport,
  PlayerReadyDetail,
  StateChangeDetail,
} from './plugin-player';
import { PluginTagSink, RETURN_MS } from './plugin-tag-sink';
import type { TagSinkOptions, TagView } from './plugin-tag-sink';

/** A player that has closed the stream with more than this cached comes back by itself, in ms. */
const CACHE_FULL_MS = 500;

export interface PluginView extends TagView {
  readonly muted: boolean;
}

export interface PluginSinkOptions extends TagSinkOptions<PluginView> {
  /** Gets what the native player gets. */
  readonly tap?: StreamTap;
}

/**
 * Shows a stream in WeChat's `<p2p-player>`: the plugin's local server hands the bytes to the native
 * player, whose requests this sink answers. A request that breaks off is answered again from the next
 * keyframe, so that the camera need not be asked anew.
 */
export class PluginSink
  extends PluginTagSink<LivePlayerContext, PlayerExport, PluginView>
  implements PlayerSink
{
  private readonly tap: StreamTap | null;
  private feed: FlvFeed | null = null;
  private shown = false;
  private pageHidden = false;
  private floating = false;
  private cacheMs = { video: 0, audio: 0 };
  private size = { width: 0, height: 0 };

  constructor(options: PluginSinkOptions) {
    super(options, 'p2p-player', { instance: null, autoplay: false, muted: true });
    this.tap = options.tap ?? null;
  }

  play(): void {
    this.endPull();
    this.tap?.restart();
    this.feed = new FlvFeed({
      onBytes: (bytes) => {
        this.tap?.push(bytes);
        this.player?.addChunk(bytes.buffer);
      },
      onError: (error) => this.fail(() => error),
    });
    this.startPull();
  }

  write(chunk: ArrayBuffer): void {
    try {
      this.feed?.push(new Uint8Array(chunk));
    } catch (cause) {
      this.fail(() => mediaBroken('the stream could not be handed to the player', cause));
    }
  }

  setMuted(muted: boolean): void {
    this.render({ muted });
  }

  /** live-player has no volume of its own; the phone's buttons are the user's. */
  setVolume(): void {}

  onPlayerReady({ livePlayerContext, playerExport }: PlayerReadyDetail): void {
    this.becomeReady(livePlayerContext, playerExport);
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
      this.playerContext?.play?.();
    });
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

  override setHidden(hidden: boolean): void {
    this.pageHidden = hidden;
    super.setHidden(hidden && !this.floating);
  }

  /** The picture floats over other pages, or apps, or does not any more: whoever sees it wants it. */
  setFloating(floating: boolean): void {
    this.floating = floating;
    super.setHidden(this.pageHidden && !floating);
  }

  protected get isWanted(): boolean {
    return this.feed !== null;
  }

  protected onPull(again: boolean): void {
    if (!again) return;
    // The file begins anew, at the next keyframe.
    this.tap?.restart();
    this.feed?.restart();
    this.tellStalled(false);
  }

  protected override tellStalled(stalled: boolean): void {
    if (this.shown) super.tellStalled(stalled);
  }

  protected override endPull(): void {
    super.endPull();
    this.feed = null;
    this.shown = false;
    this.cacheMs = { video: 0, audio: 0 };
  }
}
