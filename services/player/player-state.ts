import type { IotError } from '../errors';

/** The surface, and where it failed: the seed's names (behaviour of the reference, §4.1). */
export type PlayerRegion =
  | { readonly kind: 'PlayerIdle' }
  /** The surface makes itself ready. */
  | { readonly kind: 'PlayerPreparing' }
  | { readonly kind: 'PlayerReady' }
  /** The surface could not be made ready. */
  | { readonly kind: 'PlayerError'; readonly error: IotError }
  /** The surface failed while it was in use. */
  | { readonly kind: 'LivePlayerError'; readonly error: IotError };

/** The module and the connection (§4.2). */
export type P2PRegion =
  | { readonly kind: 'P2PIdle' }
  | { readonly kind: 'P2PIniting' }
  | { readonly kind: 'P2PInited' }
  | { readonly kind: 'P2PInitError'; readonly error: IotError }
  | { readonly kind: 'ServicePreparing' }
  | { readonly kind: 'ServiceStarted' }
  /** The connection could not be made. */
  | { readonly kind: 'ServiceStartError'; readonly error: IotError }
  /** The connection broke. */
  | { readonly kind: 'ServiceError'; readonly error: IotError };

/** The stream (§4.3). */
export type StreamRegion =
  | { readonly kind: 'StreamIdle' }
  /** The surface was told to play and has not asked for bytes yet. */
  | { readonly kind: 'StreamWaitPull' }
  /** It has asked; the stream is held back while the page is hidden. */
  | { readonly kind: 'StreamReceivePull' }
  /** The camera is asked whether it can play at all (`checkStream`). */
  | { readonly kind: 'StreamChecking' }
  /** The request is on its way. */
  | { readonly kind: 'StreamPreparing' }
  | { readonly kind: 'StreamStarted' }
  | { readonly kind: 'StreamRequest' }
  | { readonly kind: 'StreamHeaderParsed' }
  | {
      readonly kind: 'StreamDataReceived';
      /** Whether the first picture has been shown. */
      readonly shown: boolean;
      /** When it was, monotonic ms; 0 before. */
      readonly shownAtMs: number;
      /** Whether the picture stands still. */
      readonly stalled: boolean;
      /** Counts the checks for silence, each of which sets the timer anew. */
      readonly silenceCheck: number;
      /** When to check next, in ms. */
      readonly silenceDelayMs: number;
    }
  /** The camera ended the stream; the surface plays what it still has. */
  | { readonly kind: 'StreamDataEnd' }
  /** The check found that the camera cannot play. */
  | { readonly kind: 'StreamCheckError'; readonly error: IotError }
  | { readonly kind: 'StreamStartError'; readonly error: IotError }
  | { readonly kind: 'StreamHttpStatusError'; readonly error: IotError }
  | { readonly kind: 'StreamError'; readonly error: IotError };

export type PathDownReason = 'relay-unreachable' | 'peer-offline' | 'silent';

/** How the connection reaches the camera, as far as the machine must know. */
export type PathView =
  | { readonly state: 'connecting' }
  | { readonly state: 'up' }
  | { readonly state: 'down'; readonly reason: PathDownReason };

/** What is done about the error that the regions are in. */
export type Recovery =
  | { readonly kind: 'none' }
  /** The next try comes by itself. */
  | {
      readonly kind: 'scheduled';
      readonly error: IotError;
      readonly delayMs: number;
      /** Monotonic ms. */
      readonly dueAtMs: number;
    }
  /** Only the user can try again. */
  | { readonly kind: 'failed'; readonly error: IotError };

/** What the user and the host want. */
export type PlayerPhase =
  /** Not started yet, but about to be. */
  | 'new'
  | 'running'
  /** The stream is given up by the user, the connection is kept for a while. */
  | 'paused'
  /** Stopped by the user. */
  | 'stopped'
  /** Stopped by the host, which wants a tap before it plays. */
  | 'blocked'
  /** Gone; everything is released. */
  | 'closed';

/** Grows with each try of a region: results that carry an older number are ignored. */
export interface Attempts {
  readonly player: number;
  readonly module: number;
  readonly service: number;
  readonly stream: number;
}

/** What the watchdogs follow; null where it is not known. */
export interface FeedFigures {
  /** Between two keyframes of the stream, in ms of its own time. */
  readonly keyframeIntervalMs: number | null;
  /** Round trip to the camera, in ms. */
  readonly rttMs: number | null;
}

export interface PlayerState {
  readonly phase: PlayerPhase;
  readonly player: PlayerRegion;
  readonly p2p: P2PRegion;
  readonly stream: StreamRegion;
  readonly path: PathView;
  /** Grows with each change between up and down. */
  readonly pathChanges: number;
  readonly visible: boolean;
  /** It is not to be paused although it is not visible. */
  readonly keepsHidden: boolean;
  /** The page has been hidden for so long that the stream was given up; showing it takes it up again. */
  readonly suspended: boolean;
  readonly feed: FeedFigures;
  readonly recovery: Recovery;
  /** Failures in a row; 0 once the picture has been stable. */
  readonly failures: number;
  /** Whether a picture has been shown, which then stays visible. */
  readonly hasPicture: boolean;
  readonly attempts: Attempts;
  /** Whether the check before playing was passed on this connection. */
  readonly checked: boolean;
  readonly options: Required<PlayerMachineOptions>;
}

export interface PlayerMachineOptions {
  /**
   * Whether `startStream` may be called from ServicePreparing on. Our engine then puts the request
   * into its first message, which saves a round trip (default true).
   */
  readonly earlyStream?: boolean;
  /**
   * Whether the camera is asked by `get_device_st` before the stream (guide `needCheckStream`), so that
   * a full or faulty one is named. Costs a round trip, once per connection (default false).
   */
  readonly checkStream?: boolean;
  /** A picture that nobody sees for so long, in ms, is paused; null: never (default 30 000). */
  readonly pauseAfterHiddenMs?: number | null;
  /**
   * A picture that is more than this behind the newest data, in ms, begins anew at the newest; 0: off
   * (default 0). For hosts that cannot catch up by playing faster.
   */
  readonly cacheThresholdMs?: number;
}

/** A player that has not been started. */
export function initialPlayerState(options: PlayerMachineOptions = {}): PlayerState {
  return {
    phase: 'new',
    player: { kind: 'PlayerIdle' },
    p2p: { kind: 'P2PIdle' },
    stream: { kind: 'StreamIdle' },
    path: { state: 'connecting' },
    pathChanges: 0,
    visible: true,
    keepsHidden: false,
    suspended: false,
    feed: { keyframeIntervalMs: null, rttMs: null },
    recovery: { kind: 'none' },
    failures: 0,
    hasPicture: false,
    attempts: { player: 0, module: 0, service: 0, stream: 0 },
    checked: false,
    options: {
      earlyStream: options.earlyStream ?? true,
      checkStream: options.checkStream ?? false,
      pauseAfterHiddenMs:
        options.pauseAfterHiddenMs === undefined ? 30_000 : options.pauseAfterHiddenMs,
      cacheThresholdMs: options.cacheThresholdMs ?? 0,
    },
  };
}

/** Whether a picture is wanted now, so that what fails is tried again. */
export function isWanted({ phase, suspended }: PlayerState): boolean {
  return phase === 'running' && !suspended;
}
