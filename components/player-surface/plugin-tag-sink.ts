import type { IotError } from '@services/errors';
import type { CancelTimer, Clock } from '@services/host';
import type { PlayerSinkEvents } from '@services/player';
import { localServerLost, playerMissing, pluginFailed } from './media-errors';
import { LOCAL_SERVER_ERROR } from './plugin-player';
import type { PlayerCloseDetail, PlayerExport } from './plugin-player';

/** A player that the plugin has not made ready after this long, in ms, is not there at all. */
const READY_MS = 8_000;
/** A first play that the system has swallowed is asked for again after this long, in ms. */
const PLAY_AGAIN_MS = 3_000;
/** A player whose request has ended has this long to ask again, in ms. */
export const RETURN_MS = 2_000;

/** A native tag as it is to be rendered. */
export interface TagView {
  /** Grows with each tag that is to be made anew; null for none. */
  readonly instance: number | null;
  readonly autoplay: boolean;
}

export interface TagContext {
  play?(): void;
  stop?(): void;
}

export interface TagSinkOptions<View> {
  readonly clock: Clock;
  /** Renders the tag. */
  readonly onView: (view: View) => void;
  /** Restarts the plugin's local server. */
  readonly resetLocalServer: () => void;
}

/**
 * What the sinks of the P2P-Player plugin's tags have in common: a tag that is made anew and gets
 * ready, its requests to the plugin's local server, and what happens when that is lost.
 */
export abstract class PluginTagSink<
  Context extends TagContext,
  Export extends PlayerExport,
  View extends TagView,
> {
  protected events: PlayerSinkEvents | null = null;
  protected player: Export | null = null;
  /** Whether the native player's request is open. */
  protected pulling = false;
  protected hidden = false;
  private context: Context | null = null;
  private instances = 0;
  private pulledBefore = false;
  private stalled = false;
  private needsReset = false;
  private cancelTimer: CancelTimer = () => undefined;
  private cancelReady: CancelTimer = () => undefined;

  constructor(
    protected readonly options: TagSinkOptions<View>,
    private readonly tag: string,
    private view: View,
  ) {}

  /** Between `play` and `stop`. */
  protected abstract get isWanted(): boolean;

  /** The native player's latest context; null while there is none. */
  get playerContext(): Context | null {
    return this.context;
  }

  open(events: PlayerSinkEvents): void {
    this.close();
    this.events = events;
    if (this.needsReset) this.options.resetLocalServer();
    this.needsReset = false;
    this.render({ instance: ++this.instances, autoplay: false } as Partial<View>);
    this.cancelReady = this.options.clock.setTimer(READY_MS, () =>
      this.fail(() => playerMissing(READY_MS, this.tag)),
    );
    if (this.hidden) events.onVisible(false);
  }

  end(): void {
    this.player?.finishMedia?.();
  }

  stop(): void {
    if (!this.isWanted) return;
    this.endPull();
    this.context?.stop?.();
  }

  close(): void {
    if (this.events === null) return;
    this.cancelReady();
    this.stop();
    this.events = null;
    this.context = null;
    this.player = null;
    this.render({ instance: null, autoplay: false } as Partial<View>);
  }

  onStartPull(): void {
    if (this.events === null || !this.isWanted) {
      // Nobody wants the picture: the native player tries again by itself.
      this.context?.stop?.();
      return;
    }
    this.cancelTimer();
    this.pulling = true;
    const again = this.pulledBefore;
    this.pulledBefore = true;
    this.onPull(again);
    if (!again) this.events.onStartPull();
  }

  onPlayerError({ error }: PlayerCloseDetail): void {
    const code = error?.code ?? 'unknown';
    if (code === LOCAL_SERVER_ERROR) this.loseLocalServer(code);
    else this.fail(() => pluginFailed(`the player plugin failed: ${code}`));
  }

  /** The system has closed the plugin's local server, which the plugin found out by itself. */
  onServerLost(detail: string): void {
    if (this.events !== null) this.loseLocalServer(detail);
  }

  /** The page was hidden or shown. */
  setHidden(hidden: boolean): void {
    if (hidden === this.hidden) return;
    this.hidden = hidden;
    this.events?.onVisible(!hidden);
    // Some systems close the request of a hidden page, and do not ask again when it is shown.
    if (!hidden && this.isWanted && !this.pulling) this.context?.play?.();
  }

  /** The native player asks for bytes; `again`: its request before this one broke off. */
  protected abstract onPull(again: boolean): void;

  /** It may come again, with another context: the newest counts. */
  protected becomeReady(context: Context | undefined, player: Export | undefined): void {
    if (this.events === null) return;
    if (context === undefined || player === undefined) {
      this.fail(() => pluginFailed('playerReady came without a player'));
      return;
    }
    this.cancelReady();
    const isFirst = this.context === null;
    const isOther = !isFirst && context !== this.context;
    this.context = context;
    this.player = player;
    if (isFirst) this.events.onReady();
    else if (isOther && this.isWanted && !this.pulling) context.play?.();
  }

  protected startPull(): void {
    this.startPlayer();
    this.schedule(PLAY_AGAIN_MS, () => this.startPlayer());
  }

  protected endPull(): void {
    this.cancelTimer();
    this.pulling = false;
    this.pulledBefore = false;
    this.stalled = false;
  }

  protected loseLocalServer(detail: string): void {
    this.needsReset = true;
    this.fail(() => localServerLost(detail));
  }

  protected fail(error: () => IotError): void {
    this.events?.onError(error());
  }

  protected tellStalled(stalled: boolean): void {
    if (stalled === this.stalled) return;
    this.stalled = stalled;
    if (stalled) this.events?.onStalled();
    else this.events?.onResumed();
  }

  /** Of the one timer: what waited is given up. */
  protected schedule(delayMs: number, call: () => void): void {
    this.cancelTimer();
    this.cancelTimer = this.options.clock.setTimer(delayMs, call);
  }

  protected render(change: Partial<View>): void {
    this.view = { ...this.view, ...change };
    this.options.onView(this.view);
  }

  /** The first play of a tag is by its property: a call is sometimes swallowed. */
  private startPlayer(): void {
    if (this.view.autoplay) this.context?.play?.();
    else this.render({ autoplay: true } as Partial<View>);
  }
}
