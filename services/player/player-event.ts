import type { IotError } from '../errors';
import type { FeedFigures, PathView } from './player-state';
import type { TimerName } from './player-effect';

/** What can happen to a player. Results of an effect carry the attempt that it was performed for. */
export type PlayerEvent =
  /** The user, or the page, wants the picture; also the tap that a blocked player waits for. */
  | { readonly type: 'start' }
  /** The user does not want it any more; the surface stays. */
  | { readonly type: 'stop' }
  /** As `stop`, but only for a while: the connection is kept. */
  | { readonly type: 'pause' }
  /** The player goes away. */
  | { readonly type: 'close' }
  /** The user wants it anew, at once. */
  | { readonly type: 'retry' }
  /** Another channel or quality of the same camera is wanted. */
  | { readonly type: 'stream-changed' }
  /** Another network, or the host is back from the background: what waits need not wait longer. */
  | { readonly type: 'network-changed' }
  /** The same, and the connection cannot move: it is over. */
  | { readonly type: 'link-lost'; readonly attempt: number }
  /** Another stream of the camera no longer stands in the way. */
  | { readonly type: 'stream-free'; readonly attempt: number }
  /** How the stream comes; told when it has changed markedly. */
  | { readonly type: 'figures'; readonly feed: FeedFigures }
  /** How far the picture is behind the newest data, in ms. */
  | { readonly type: 'latency'; readonly attempt: number; readonly latencyMs: number }
  | { readonly type: 'checked'; readonly attempt: number }
  | { readonly type: 'check-failed'; readonly attempt: number; readonly error: IotError }
  /** Another surface has taken the place of the one that was in use. */
  | { readonly type: 'surface-replaced' }
  | { readonly type: 'surface-ready'; readonly attempt: number }
  | { readonly type: 'surface-error'; readonly attempt: number; readonly error: IotError }
  | { readonly type: 'start-pull'; readonly attempt: number }
  | { readonly type: 'first-frame'; readonly attempt: number }
  | { readonly type: 'stalled'; readonly attempt: number }
  | { readonly type: 'resumed'; readonly attempt: number }
  | { readonly type: 'blocked'; readonly attempt: number }
  /** Somebody can see the picture, or nobody can; `keeps`: which is no reason to pause (default false). */
  | { readonly type: 'visible'; readonly visible: boolean; readonly keeps?: boolean }
  | { readonly type: 'module-ready'; readonly attempt: number }
  | { readonly type: 'module-failed'; readonly attempt: number; readonly error: IotError }
  | { readonly type: 'service-started'; readonly attempt: number }
  | { readonly type: 'service-failed'; readonly attempt: number; readonly error: IotError }
  | { readonly type: 'disconnected'; readonly attempt: number; readonly error: IotError }
  | { readonly type: 'path'; readonly attempt: number; readonly path: PathView }
  | { readonly type: 'stream-started'; readonly attempt: number }
  | { readonly type: 'stream-failed'; readonly attempt: number; readonly error: IotError }
  | { readonly type: 'request'; readonly attempt: number }
  | { readonly type: 'parsed'; readonly attempt: number; readonly status: number }
  /** The first bytes; the rest never reach the machine. */
  | { readonly type: 'data'; readonly attempt: number }
  | { readonly type: 'stream-end'; readonly attempt: number }
  | { readonly type: 'stream-broken'; readonly attempt: number; readonly error: IotError }
  | {
      readonly type: 'timer';
      readonly timer: TimerName;
      /** How long ago the latest frame came (or bytes, where frames are not told apart), in ms. */
      readonly sinceDataMs: number;
    };

/** What the machine needs of the outside world, as data. */
export interface Stamp {
  /** Monotonic time in ms. */
  readonly nowMs: number;
  /** A random number, 0 ≤ jitter < 1. */
  readonly jitter: number;
}

export type StampedEvent = PlayerEvent & Stamp;
