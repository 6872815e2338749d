import { IotError, XP2PErrorCode } from '@services/errors';
import type { CancelTimer, Clock } from '@services/host';
import type { Log } from '@services/log';
import { PusherSource, talkError } from '@services/talk';
import type { PushedTracks, TalkProfile } from '@services/talk';
import { isHarmless, NativeErrorCode, PUSHER_SERVER_ERROR, PusherCode } from './pusher-events';
import type {
  LivePusherContext,
  PusherCloseDetail,
  PusherErrorDetail,
  PusherFlvDetail,
  PusherReadyDetail,
  PusherStateDetail,
} from './pusher-events';
import type { TalkPusher } from './talk-pusher';

/** A pusher that the plugin has not made ready after this long, in ms, is not there at all. */
const READY_MS = 8_000;

/** The native tag as it is to be rendered. */
export interface PusherView {
  /** Grows with each tag that is to be made anew; null for none. */
  readonly instance: number | null;
  readonly profile: TalkProfile;
  /** Whether the phone's camera is on. */
  readonly video: boolean;
}

export interface PluginPusherOptions {
  readonly clock: Clock;
  /** Asks the user for the microphone, and for the camera where `tracks` has a picture. */
  readonly authorise: () => Promise<void>;
  /** Restarts the plugin's local RTMP server. */
  readonly resetLocalServer: () => void;
  /** Of the talk at hand: read anew for each. */
  readonly tracks: PushedTracks;
  readonly log?: Log | undefined;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: IotError) => void;
}

const NONE: PusherView = { instance: null, profile: 'high', video: false };

/** A page has one native pusher at most: whoever made the last one. */
let holder: PluginPusher | null = null;

/**
 * Captures by WeChat's `<p2p-pusher>`: the native pusher publishes to the plugin's local server, whose
 * FLV goes to the camera. The tag is made for the first talk, and anew after each failure.
 */
export class PluginPusher implements TalkPusher {
  /** What the talk is started by. */
  readonly source: PusherSource;
  onDenied: ((error: IotError) => void) | null = null;
  private readonly options: PluginPusherOptions;
  private onView: (view: PusherView) => void = () => undefined;
  private view = NONE;
  private instances = 0;
  private context: LivePusherContext | null = null;
  /** Whether somebody talks; a tag may be ready without. */
  private wanted = false;
  private needsReset = false;
  private missing = false;
  /** Why there is no pusher after all. */
  private failure: IotError | null = null;
  private waiting: Waiting | null = null;
  private cancelReady: CancelTimer = () => undefined;

  constructor(options: PluginPusherOptions) {
    this.options = options;
    this.source = new PusherSource({
      pusher: {
        start: () => this.start(),
        stop: () => this.stop(),
        setProfile: (profile) => this.render({ profile }),
        setMuted: (muted) => this.context?.setMICVolume?.({ volume: muted ? 0 : 1 }),
      },
      tracks: options.tracks,
      authorise: async () => {
        await options.authorise();
        // Before the camera is asked: one that hears nothing for long takes the talk for over.
        await this.ready();
      },
      wallMs: () => options.clock.wallMs(),
    });
  }

  /** False once a tag has never become ready: the app was built without it. */
  get isThere(): boolean {
    return !this.missing;
  }

  /** What is to be rendered at present. */
  get shown(): PusherView {
    return this.view;
  }

  /** The surface is on the page and renders what it is told from now on. */
  open(onView: (view: PusherView) => void): void {
    this.onView = onView;
    onView(this.view);
  }

  /** The surface leaves the page, and its tag with it. */
  close(): void {
    this.stop();
    this.discard();
    if (holder === this) holder = null;
    this.waiting = null;
    this.onView = () => undefined;
  }

  /** The other one of the phone's cameras. */
  switchCamera(): void {
    this.context?.switchCamera?.({});
  }

  /** It may come again, with another context: the newest counts. */
  onReady({ livePusherContext }: PusherReadyDetail): void {
    if (this.view.instance === null) return;
    if (livePusherContext === undefined) {
      this.fail(pusherFailed('pusherReady came without a pusher'));
      return;
    }
    const isOther = this.context !== null && livePusherContext !== this.context;
    this.context = livePusherContext;
    this.missing = false;
    this.cancelReady();
    if (this.view.video) livePusherContext.startPreview?.({});
    this.waiting?.resolve();
    this.waiting = null;
    if (this.wanted && isOther) this.begin(livePusherContext);
  }

  onStartPush(): void {
    // Nobody talks: a pusher that starts late, or by itself, is stopped.
    if (!this.wanted) this.context?.stop?.({});
  }

  onFlvHeader({ data }: PusherFlvDetail): void {
    if (this.wanted && data !== undefined) this.source.onHeader(data);
  }

  onFlvTag({ data, clock = 0, params }: PusherFlvDetail): void {
    if (!this.wanted || data === undefined) return;
    const aacPacketType = params?.aacPacketType;
    this.source.onTag({
      data,
      clockMs: clock,
      ...(aacPacketType !== undefined && { aacPacketType }),
    });
  }

  onPusherClose({ error }: PusherCloseDetail): void {
    if (!this.wanted) return;
    this.fail(talkError('talk-interrupted', `the pusher was closed: ${error?.code ?? 'unknown'}`));
  }

  onPusherError({ error }: PusherCloseDetail): void {
    const code = error?.code ?? 'unknown';
    if (code === PUSHER_SERVER_ERROR) this.loseLocalServer(code);
    else this.fail(pusherFailed(`the pusher plugin failed: ${code}`));
  }

  onNativeError({ errCode, errMsg = '' }: PusherErrorDetail): void {
    if (isHarmless(errCode)) return;
    const what = `live-pusher failed: ${errCode ?? ''} ${errMsg}`;
    // The system's refusal has no code; it may come after the page was hidden by its dialogue.
    if (/system permission denied/i.test(errMsg)) {
      const error = talkError('microphone-denied', what);
      if (!this.wanted && this.waiting === null) this.onDenied?.(error);
      this.fail(error);
      return;
    }
    if (errCode === NativeErrorCode.CameraDenied && !this.options.tracks.video) return;
    this.fail(pusherFailed(what));
  }

  onStateChange({ code, message = '' }: PusherStateDetail): void {
    this.note('statechange', { code, message });
    if (code === PusherCode.NoServer) this.loseLocalServer(message);
    else if (code === PusherCode.GivenUp) {
      this.fail(pusherFailed(`live-pusher has given up: ${message}`));
    }
  }

  onNetStatus(detail: unknown): void {
    this.note('netstatus', detail);
  }

  private async ready(): Promise<void> {
    if (holder !== this) holder?.giveWay();
    holder = this;
    // A camera that is on is not turned off, nor on, by a tag that is there.
    if (this.view.video !== this.options.tracks.video) this.discard();
    if (this.view.instance === null) {
      if (this.needsReset) this.options.resetLocalServer();
      this.needsReset = false;
      this.failure = null;
      this.render({ instance: ++this.instances, video: this.options.tracks.video });
    }
    if (this.context !== null) return;
    this.cancelReady();
    this.cancelReady = this.options.clock.setTimer(READY_MS, () => {
      this.missing = true;
      this.fail(pusherMissing());
    });
    await new Promise<void>((resolve, reject) => {
      this.waiting = { resolve, reject };
    });
  }

  private start(): void {
    this.wanted = true;
    this.render({ profile: 'high' });
    if (this.context !== null) this.begin(this.context);
    else this.fail(this.failure ?? pusherFailed('there is no pusher any more'));
  }

  private begin(context: LivePusherContext): void {
    const { instance } = this.view;
    context.start?.({
      fail: ({ errMsg = 'no reason given' }) => {
        if (instance === this.view.instance) this.fail(pusherFailed(`start failed: ${errMsg}`));
      },
    });
  }

  private stop(): void {
    // The camera goes off with its tag.
    if (this.view.video) {
      if (this.wanted) this.context?.stop?.({});
      this.wanted = false;
      this.discard();
      return;
    }
    if (!this.wanted) return;
    this.wanted = false;
    this.context?.stop?.({});
  }

  /** Another one needs the page's pusher. */
  private giveWay(): void {
    if (this.wanted) this.fail(talkError('talk-interrupted', 'another pusher was started'));
    else this.discard();
  }

  private loseLocalServer(detail: string): void {
    this.needsReset = true;
    const message = `the pusher's local server is gone: ${detail}`;
    this.fail(talkError('local-server-lost', message));
  }

  /** A tag that has failed is not used again. */
  private fail(error: IotError): void {
    this.discard();
    this.failure = error;
    this.waiting?.reject(error);
    this.waiting = null;
    this.source.onError(error);
  }

  private discard(): void {
    this.cancelReady();
    this.context = null;
    this.render({ instance: null, video: false });
  }

  private render(change: Partial<PusherView>): void {
    this.view = { ...this.view, ...change };
    this.onView(this.view);
  }

  private note(event: string, data: unknown): void {
    this.options.log?.({
      level: 'debug',
      scope: 'talk',
      message: `pusher ${event}`,
      data: { data },
    });
  }
}

function pusherFailed(message: string): IotError {
  return talkError('recorder-failed', message);
}

/** `<p2p-pusher>` stays silent: the app does not know the tag, or the plugin could not be loaded. */
function pusherMissing(): IotError {
  return new IotError({
    code: XP2PErrorCode.VoiceFailed,
    phase: 'voice',
    reason: 'player-load-failed',
    message:
      `<p2p-pusher> fired no pusherReady within ${READY_MS} ms: the app's build needs ` +
      `plugins: ['taro-iot-video/taro-plugin'] with the feature "pusher", and the mini-program the ` +
      'approved P2P-Player plugin',
    retryable: true,
  });
}
