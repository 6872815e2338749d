import { createHash } from 'node:crypto';
import type { Element } from 'glass-easel';
import type { CodeSpace, component } from 'glass-easel-miniprogram-adapter';
import { FlvReader, isKeyframe, isVideoSequenceHeader } from '../../services/media/flv';
import { EmulatedMjpgPlayer, MJPG_EVENTS, MJPG_PROPERTIES } from './emulated-mjpg-player';
import { EmulatedPusher, PUSHER_EVENTS, PUSHER_PROPERTIES } from './emulated-pusher';
import type { EmulatedPlugin } from './mini-program';

/** How the native player behaves that the plugin wraps. */
export interface PlayerManners {
  /** The order of its state changes, and what a pause does (default android). */
  readonly system?: 'ios' | 'android';
  /** The first `play()` of a player is lost. */
  readonly swallowsFirstPlay?: boolean;
  /** Time from the tag to `playerReady`, in ms (default 0). */
  readonly readyAfterMs?: number;
  /** The same of a pusher; null: it never is (default 0). */
  readonly pusherReadyAfterMs?: number | null;
}

/** Properties of `<p2p-player>`: those of live-player, and its own. */
const PLAYER_PROPERTIES = {
  autoplay: Boolean,
  muted: Boolean,
  mode: String,
  soundMode: String,
  orientation: String,
  minCache: Number,
  maxCache: Number,
  objectFit: String,
  acceptLivePlayerEvents: Object,
} as const;

const PLAYER_EVENTS = [
  'playerReady',
  'playerStartPull',
  'playerClose',
  'playerError',
  'error',
  'statechange',
  'netstatus',
  'fullscreenchange',
  'enterpictureinpicture',
  'leavepictureinpicture',
] as const;

/** What each tag takes and fires: nothing else may be written to it. */
export const TAGS: Readonly<
  Record<string, { readonly properties: readonly string[]; readonly events: readonly string[] }>
> = {
  'p2p-player': { properties: Object.keys(PLAYER_PROPERTIES), events: PLAYER_EVENTS },
  'p2p-pusher': { properties: Object.keys(PUSHER_PROPERTIES), events: PUSHER_EVENTS },
  'p2p-mjpg-player': { properties: Object.keys(MJPG_PROPERTIES), events: MJPG_EVENTS },
};

/** Events of a good start in each system's order; the first picture is 2003. */
const START = {
  android: { before: [2001, 2004, 2026], first: [2008, 2009, 2003, 2032] },
  ios: { before: [2008, 2001, 2004, 2026], first: [2009, 2003] },
} as const;

type Tag = component.GeneralComponent;

/** The native player is another thread: what it is told, and what it tells, takes a turn. */
const soon = (call: () => void): void => void setImmediate(call);

interface Outcome {
  readonly success?: () => void;
}

/** One `<p2p-player>` on a page: the plugin's local server, and a native player that reads FLV. */
export class EmulatedPlayer {
  readonly problems: string[] = [];
  /** Pictures of the present request, and of all. */
  frames = 0;
  totalFrames = 0;
  /** A digest of each, in order: what was on the screen. */
  readonly digests: string[] = [];
  /** Size of the present request's first picture. */
  firstPictureBytes = 0;
  /** Requests of the native player that reached the local server. */
  pulls = 0;
  private reader: FlvReader | null = null;
  private lastVideoMs: number | null = null;
  private playCalls = 0;
  private gone = false;
  readonly waiters = new Set<() => void>();

  constructor(
    private readonly tag: Tag,
    private readonly manners: PlayerManners,
    private readonly onStream: (tag: Tag, bytes: Uint8Array | null) => void,
  ) {
    setTimeout(() => this.ready(), manners.readyAfterMs ?? 0);
  }

  get isPulling(): boolean {
    return this.reader !== null;
  }

  /** What the app has set. */
  get properties(): Readonly<Record<string, unknown>> {
    return this.tag.data;
  }

  /** `playerReady`; the plugin may fire it more than once. */
  ready(): void {
    if (this.gone) return;
    this.fire('playerReady', {
      livePlayerContext: {
        play: () => this.play(),
        stop: () => soon(() => this.close('USER_CLOSE')),
        requestFullScreen: (option: Outcome) => this.full(true, option),
        exitFullScreen: (option: Outcome) => this.full(false, option),
      },
      playerExport: {
        addChunk: (chunk: ArrayBuffer) => this.addChunk(chunk),
        setHeaders: () => undefined,
        finishMedia: () => this.close('MEDIA_FINISH'),
        abortMedia: () => this.close('TRANSMISSION_ERROR'),
      },
    });
    if (this.tag.data['autoplay'] === true) soon(() => this.pull());
  }

  /** Whether something with this class stands inside of the tag: all that its full screen shows. */
  holds(className: string): boolean {
    let found = false;
    const visit = (element: Element): void => {
      if (element.class.split(/\s+/).includes(className)) found = true;
      element.forEachComposedChild((child) => {
        const inner = child.asElement();
        if (inner !== null) visit(inner);
      });
    };
    visit(this.tag._$);
    return found;
  }

  /** The native full screen; the user's back key leaves it, too. */
  full(on: boolean, option: Outcome = {}): void {
    soon(() => {
      this.fire('fullscreenchange', { fullScreen: on, direction: on ? 'horizontal' : 'vertical' });
      option.success?.();
    });
  }

  onAutoplay(autoplay: boolean): void {
    if (autoplay) soon(() => this.pull());
  }

  play(): void {
    this.playCalls++;
    if (this.manners.swallowsFirstPlay === true && this.playCalls === 1) return;
    soon(() => this.pull());
  }

  /** The native player asks the local server, as it also does by itself. */
  pull(): void {
    if (this.gone || this.reader !== null) return;
    this.reader = new FlvReader();
    this.frames = 0;
    this.lastVideoMs = null;
    this.pulls++;
    this.onStream(this.tag, null);
    this.fire('playerStartPull', {});
  }

  /** The request ends. */
  close(code: string): void {
    if (this.reader === null) return;
    this.reader = null;
    this.fire('playerClose', { error: { code } });
  }

  /** Fires an event of the plugin or of live-player. */
  fire(name: string, detail: unknown): void {
    if (!this.gone) this.tag.triggerEvent(name, detail, {});
  }

  state(code: number, message = ''): void {
    soon(() => this.fire('statechange', { code, message }));
  }

  leave(): void {
    this.reader = null;
    this.gone = true;
  }

  /** The native player's decoder, as far as order and completeness go. */
  private addChunk(chunk: ArrayBuffer): void {
    if (this.reader === null) {
      this.problems.push('bytes without a request');
      return;
    }
    const bytes = new Uint8Array(chunk);
    this.onStream(this.tag, bytes);
    const { header, tags, error } = this.reader.push(bytes);
    if (error !== null) this.problems.push(error.message);
    const { before, first } = START[this.manners.system ?? 'android'];
    if (header !== null) for (const code of before) this.state(code);
    for (const tag of tags) {
      if (tag.type !== 'video' || isVideoSequenceHeader(tag)) continue;
      if (this.frames === 0) {
        if (!isKeyframe(tag)) this.problems.push('the first picture is no keyframe');
        this.firstPictureBytes = tag.data.length;
        for (const code of first) this.state(code);
      }
      const gapMs = this.lastVideoMs === null ? 0 : tag.timestampMs - this.lastVideoMs;
      if (gapMs < 0 || gapMs > 200) this.problems.push(`a gap of ${gapMs} ms`);
      this.lastVideoMs = tag.timestampMs;
      this.frames++;
      this.totalFrames++;
      this.digests.push(digestOf(tag.data));
    }
    for (const check of [...this.waiters]) check();
  }
}

/** What tells one picture from another. */
export function digestOf(data: Uint8Array): string {
  return createHash('sha1').update(data).digest('hex');
}

/** The vendor's P2P-Player plugin, as its documentation and its demo show it. */
export class EmulatedPlayerPlugin implements EmulatedPlugin {
  readonly components = ['p2p-player', 'p2p-pusher', 'p2p-mjpg-player'];
  readonly players: EmulatedPlayer[] = [];
  readonly pushers: EmulatedPusher[] = [];
  readonly mjpgPlayers: EmulatedMjpgPlayer[] = [];
  resets = 0;
  rtmpResets = 0;
  /** Makes ArrayBuffers of the app's realm. */
  toBuffer: (bytes: Uint8Array) => ArrayBuffer = () => {
    throw new Error('the plugin has no realm yet');
  };
  /** Where the pictures of a tag are seen: FLV, null when another stream begins. */
  onStream: (tag: Tag, bytes: Uint8Array | null) => void = () => undefined;
  /** The same of a `<p2p-mjpg-player>`, a JPEG after the other. */
  onPicture: (tag: Tag, jpeg: Uint8Array) => void = () => undefined;
  hostExport: unknown = null;
  private onServerError: ((error: { errNum: number }) => void) | null = null;
  readonly exports = {
    Version: '1.3.8',
    reset: () => {
      this.resets++;
    },
    resetRtmp: () => {
      this.rtmpResets++;
    },
    initHttp: ({ errorCallback }: { errorCallback(error: { errNum: number }): void }) => {
      this.onServerError = errorCallback;
    },
  };

  constructor(public manners: PlayerManners = {}) {}

  /** The system ends the local server, and with it what the players ask of it. */
  loseServer(errNum: number): void {
    this.onServerError?.({ errNum });
  }

  onHostExport(exported: unknown): void {
    this.hostExport = exported;
  }

  define(space: CodeSpace): void {
    const players = new WeakMap<object, EmulatedPlayer>();
    const { players: all } = this;
    const manners = () => this.manners;
    const onStream = (tag: Tag, bytes: Uint8Array | null) => this.onStream(tag, bytes);
    space
      .component('p2p-player')
      .definition({
        properties: PLAYER_PROPERTIES,
        observers: {
          autoplay(this: Tag, autoplay: boolean) {
            players.get(this)?.onAutoplay(autoplay);
          },
        },
        lifetimes: {
          attached(this: Tag) {
            const player = new EmulatedPlayer(this, manners(), onStream);
            players.set(this, player);
            all.push(player);
          },
          detached(this: Tag) {
            players.get(this)?.leave();
          },
        },
      })
      .register();
    this.definePusher(space);
    this.defineMjpgPlayer(space);
  }

  private definePusher(space: CodeSpace): void {
    const known = new WeakMap<object, EmulatedPusher>();
    const make = (tag: Tag): void => {
      const { pusherReadyAfterMs = 0 } = this.manners;
      const pusher = new EmulatedPusher(tag, this.toBuffer, pusherReadyAfterMs);
      known.set(tag, pusher);
      this.pushers.push(pusher);
    };
    space
      .component('p2p-pusher')
      .definition({
        properties: PUSHER_PROPERTIES,
        lifetimes: {
          attached(this: Tag) {
            make(this);
          },
          detached(this: Tag) {
            known.get(this)?.leave();
          },
        },
      })
      .register();
  }

  private defineMjpgPlayer(space: CodeSpace): void {
    const known = new WeakMap<object, EmulatedMjpgPlayer>();
    const make = (tag: Tag): void => {
      const player = new EmulatedMjpgPlayer(tag, this.toBuffer, (jpeg) =>
        this.onPicture(tag, jpeg),
      );
      known.set(tag, player);
      this.mjpgPlayers.push(player);
    };
    space
      .component('p2p-mjpg-player')
      .definition({
        properties: MJPG_PROPERTIES,
        observers: {
          autoplay(this: Tag, autoplay: boolean) {
            known.get(this)?.onAutoplay(autoplay);
          },
        },
        lifetimes: {
          attached(this: Tag) {
            make(this);
          },
          detached(this: Tag) {
            known.get(this)?.leave();
          },
        },
      })
      .register();
  }
}
