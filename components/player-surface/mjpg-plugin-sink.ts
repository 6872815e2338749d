import { encodeUtf8 } from '@services/encoding';
import type { CancelTimer, Clock } from '@services/host';
import { boundaryOf, headerOf, MjpgReader } from '@services/media/mjpg';
import type { PlayerSink, PlayerSinkEvents } from '@services/player';
import { localServerLost, mediaBroken, playerMissing, pluginFailed } from './media-errors';
import type {
  MjpgLoadDetail,
  MjpgPlayerContext,
  MjpgPlayerExport,
  MjpgReadyDetail,
} from './mjpg-player';
import { LOCAL_SERVER_ERROR } from './plugin-player';
import type { NativeErrorDetail, PlayerCloseDetail } from './plugin-player';

/** A player that the plugin has not made ready after this long, in ms, is not there at all. */
const READY_MS = 8_000;
/** A first play that was lost is asked for again after this long, in ms. */
const PLAY_AGAIN_MS = 3_000;
/** A player whose request has ended has this long to ask again, in ms. */
const RETURN_MS = 2_000;
/** Without a picture for this long, in ms, it stands still. */
const STALL_MS = 3_000;
const PROGRESS_MS = 1_000;
/** Where the camera has named none. */
const BOUNDARY = 'picture';

/** The native tag as it is to be rendered. */
export interface MjpgView {
  /** Grows with each tag that is to be made anew; null for none. */
  readonly instance: number | null;
  readonly autoplay: boolean;
}

export interface MjpgPluginSinkOptions {
  readonly clock: Clock;
  /** Renders the tag. */
  readonly onView: (view: MjpgView) => void;
  /** Restarts the plugin's local server. */
  readonly resetLocalServer: () => void;
}

/**
 * Shows a picture stream in WeChat's `<p2p-mjpg-player>`. Takes multipart bytes cut anywhere; the plugin
 * gets whole parts, each head at the beginning of a chunk, as it wants them. A request that breaks off
 * is answered again from the next picture. It has no sound.
 */
export class MjpgPluginSink implements PlayerSink {
  private readonly options: MjpgPluginSinkOptions;
  private events: PlayerSinkEvents | null = null;
  private view: MjpgView = { instance: null, autoplay: false };
  private instances = 0;
  private context: MjpgPlayerContext | null = null;
  private player: MjpgPlayerExport | null = null;
  private reader: MjpgReader | null = null;
  private headers: Readonly<Record<string, string>> = {};
  /** Whether the player's request is open, and has its headers. */
  private pulling = false;
  private answered = false;
  private pulledBefore = false;
  private shown = 0;
  private stalled = false;
  private hidden = false;
  private needsReset = false;
  private size = { width: 0, height: 0 };
  private shownSinceMs = 0;
  private toldMs = 0;
  private cancelTimer: CancelTimer = () => undefined;
  private cancelReady: CancelTimer = () => undefined;
  private cancelStall: CancelTimer = () => undefined;

  constructor(options: MjpgPluginSinkOptions) {
    this.options = options;
  }

  /** The player's latest context; null while there is none. */
  get playerContext(): MjpgPlayerContext | null {
    return this.context;
  }

  open(events: PlayerSinkEvents): void {
    this.close();
    this.events = events;
    if (this.needsReset) this.options.resetLocalServer();
    this.needsReset = false;
    this.render({ instance: ++this.instances, autoplay: false });
    this.cancelReady = this.options.clock.setTimer(READY_MS, () =>
      this.events?.onError(playerMissing(READY_MS, 'p2p-mjpg-player')),
    );
    if (this.hidden) events.onVisible(false);
  }

  play(): void {
    this.endPull();
    this.reader = new MjpgReader();
    this.startPlayer();
    this.cancelTimer = this.options.clock.setTimer(PLAY_AGAIN_MS, () => this.startPlayer());
  }

  /** The stream's response headers; to be told before its first bytes. */
  setHeaders(headers: Readonly<Record<string, string>>): void {
    this.headers = headers;
    if (this.reader === null) return;
    this.reader = new MjpgReader({ contentType: headerOf(headers, 'content-type') });
  }

  write(chunk: ArrayBuffer): void {
    if (this.reader === null) return;
    const { pictures, error } = this.reader.push(new Uint8Array(chunk));
    for (const picture of pictures) this.hand(picture);
    if (error !== null) this.events?.onError(error);
  }

  end(): void {
    this.player?.finishMedia?.();
  }

  stop(): void {
    if (this.reader === null) return;
    this.endPull();
    this.context?.stop?.();
  }

  /** Pictures are silent; their sound is a stream of its own. */
  setMuted(): void {}

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
  onPlayerReady({ mjpgPlayerContext, playerExport }: MjpgReadyDetail): void {
    if (this.events === null) return;
    if (mjpgPlayerContext === undefined || playerExport === undefined) {
      this.events.onError(pluginFailed('playerReady came without a player'));
      return;
    }
    this.cancelReady();
    const isFirst = this.context === null;
    const isOther = !isFirst && mjpgPlayerContext !== this.context;
    this.context = mjpgPlayerContext;
    this.player = playerExport;
    if (isFirst) this.events.onReady();
    else if (isOther && this.reader !== null && !this.pulling) mjpgPlayerContext.play?.();
  }

  onStartPull(): void {
    if (this.events === null || this.reader === null) {
      this.context?.stop?.();
      return;
    }
    this.cancelTimer();
    this.pulling = true;
    this.answered = false;
    if (this.pulledBefore) return;
    this.pulledBefore = true;
    this.events.onStartPull();
  }

  onPlayerClose({ error }: PlayerCloseDetail): void {
    if (this.reader === null || !this.pulling) return;
    this.pulling = false;
    if (this.hidden || error?.code === 'MEDIA_FINISH') return;
    this.cancelTimer();
    this.cancelTimer = this.options.clock.setTimer(RETURN_MS, () => this.context?.play?.());
  }

  onPlayerError({ error }: PlayerCloseDetail): void {
    const code = error?.code ?? 'unknown';
    const isLost = code === LOCAL_SERVER_ERROR;
    this.needsReset ||= isLost;
    this.events?.onError(
      isLost ? localServerLost(code) : pluginFailed(`the player plugin failed: ${code}`),
    );
  }

  onNativeError({ errCode, errMsg = '' }: NativeErrorDetail): void {
    this.events?.onError(mediaBroken(`a picture cannot be shown: ${errCode ?? ''} ${errMsg}`));
  }

  /** A picture is on the screen. */
  onLoad({ width = 0, height = 0 }: MjpgLoadDetail): void {
    const { events, size } = this;
    if (events === null || this.reader === null) return;
    const nowMs = this.options.clock.nowMs();
    if (width > 0 && height > 0 && (width !== size.width || height !== size.height)) {
      this.size = { width, height };
      events.onVideoSize({ width, height });
    }
    if (this.shown++ === 0) {
      this.shownSinceMs = nowMs;
      this.toldMs = nowMs;
      events.onFirstFrame();
    }
    this.tellStalled(false);
    this.cancelStall();
    this.cancelStall = this.options.clock.setTimer(STALL_MS, () => this.tellStalled(true));
    if (nowMs - this.toldMs < PROGRESS_MS) return;
    this.toldMs = nowMs;
    events.onProgress({
      currentTimeMs: nowMs - this.shownSinceMs,
      latencyMs: 0,
      shownFrames: this.shown,
      droppedFrames: null,
    });
  }

  /** The page was hidden or shown. */
  setHidden(hidden: boolean): void {
    if (hidden === this.hidden) return;
    this.hidden = hidden;
    if (hidden) this.cancelStall();
    this.events?.onVisible(!hidden);
    if (!hidden && this.reader !== null && !this.pulling) this.context?.play?.();
  }

  private hand(picture: Uint8Array<ArrayBuffer>): void {
    const { player } = this;
    if (!this.pulling || player === null) return;
    const named = boundaryOf(headerOf(this.headers, 'content-type') ?? '');
    const boundary = named ?? BOUNDARY;
    try {
      if (!this.answered) {
        const contentType = `multipart/x-mixed-replace; boundary=${boundary}`;
        player.setHeaders?.(
          named === null ? { ...this.headers, 'content-type': contentType } : this.headers,
        );
      }
      this.answered = true;
      player.addChunk(partOf(picture, boundary));
    } catch (cause) {
      this.events?.onError(mediaBroken('the pictures could not be handed to the player', cause));
    }
  }

  /** The first play of a tag is by its property: a call is sometimes swallowed. */
  private startPlayer(): void {
    if (this.view.autoplay) this.context?.play?.();
    else this.render({ autoplay: true });
  }

  private tellStalled(stalled: boolean): void {
    if (stalled === this.stalled) return;
    this.stalled = stalled;
    if (stalled) this.events?.onStalled();
    else this.events?.onResumed();
  }

  private endPull(): void {
    this.cancelTimer();
    this.cancelStall();
    this.reader = null;
    this.headers = {};
    this.pulling = false;
    this.answered = false;
    this.pulledBefore = false;
    this.shown = 0;
    this.stalled = false;
  }

  private render(change: Partial<MjpgView>): void {
    this.view = { ...this.view, ...change };
    this.options.onView(this.view);
  }
}

/** A part in one piece: boundary, head and picture. */
function partOf(picture: Uint8Array, boundary: string): ArrayBuffer {
  const head = encodeUtf8(
    `--${boundary}\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\n\r\n`,
  );
  const part = new Uint8Array(head.length + picture.length + 2);
  part.set(head);
  part.set(picture, head.length);
  part.set([13, 10], head.length + picture.length);
  return part.buffer;
}
