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
  /** The request is on its way. */
  | { readonly kind: 'StreamPreparing' }
  | { readonly kind: 'StreamStarted' }
  | { readonly kind: 'StreamRequest' }
  | { readonly kind: 'StreamHeaderParsed' }
  | {
      readonly kind: 'StreamDataReceived';
      /** Whether the first picture has been shown. */
      readonly shown: boolean;
      /** Whether the picture stands still. */
      readonly stalled: boolean;
      /** Counts the checks for silence, each of which sets the timer anew. */
      readonly silenceCheck: number;
      /** When to check next, in ms. */
      readonly silenceDelayMs: number;
    }
  /** The camera ended the stream; the surface plays what it still has. */
  | { readonly kind: 'StreamDataEnd' }
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
  | 'running'
  /** Not started yet, or stopped by the user. */
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

export interface PlayerState {
  readonly phase: PlayerPhase;
  readonly player: PlayerRegion;
  readonly p2p: P2PRegion;
  readonly stream: StreamRegion;
  readonly path: PathView;
  /** Grows with each change between up and down. */
  readonly pathChanges: number;
  readonly visible: boolean;
  readonly recovery: Recovery;
  /** Failures in a row; 0 once the picture has been stable. */
  readonly failures: number;
  /** Whether a picture has been shown, which then stays visible. */
  readonly hasPicture: boolean;
  readonly attempts: Attempts;
  /** Whether the stream may be asked for while the connection is still being made. */
  readonly earlyStream: boolean;
}

export interface PlayerMachineOptions {
  /**
   * Whether `startStream` may be called from ServicePreparing on. Our engine then puts the request
   * into its first message, which saves a round trip (default true).
   */
  readonly earlyStream?: boolean;
}

/** A player that has not been started. */
export function initialPlayerState(options: PlayerMachineOptions = {}): PlayerState {
  return {
    phase: 'stopped',
    player: { kind: 'PlayerIdle' },
    p2p: { kind: 'P2PIdle' },
    stream: { kind: 'StreamIdle' },
    path: { state: 'connecting' },
    pathChanges: 0,
    visible: true,
    recovery: { kind: 'none' },
    failures: 0,
    hasPicture: false,
    attempts: { player: 0, module: 0, service: 0, stream: 0 },
    earlyStream: options.earlyStream ?? true,
  };
}
