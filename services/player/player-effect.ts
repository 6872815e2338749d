import type { IotError } from '../errors';

/** The timers of a player; each name runs at most once at a time. */
export type TimerName =
  | 'surface'
  | 'module'
  | 'service'
  | 'pull'
  | 'first-data'
  | 'first-frame'
  | 'silence'
  | 'stall'
  | 'path-down'
  | 'stable'
  | 'check'
  | 'hidden'
  | 'idle'
  | 'retry';

/** What the controller is to do, in the order given. */
export type PlayerEffect =
  | { readonly type: 'initModule'; readonly attempt: number }
  | { readonly type: 'startService'; readonly attempt: number }
  | { readonly type: 'stopService' }
  | { readonly type: 'checkStream'; readonly attempt: number }
  | { readonly type: 'startStream'; readonly attempt: number }
  | { readonly type: 'stopStream' }
  | { readonly type: 'openSink'; readonly attempt: number }
  | { readonly type: 'closeSink' }
  | { readonly type: 'sinkPlay'; readonly attempt: number }
  | { readonly type: 'sinkStop' }
  | { readonly type: 'sinkEnd' }
  | { readonly type: 'setTimer'; readonly timer: TimerName; readonly delayMs: number }
  | { readonly type: 'clearTimer'; readonly timer: TimerName }
  /** Tells the app; `willRetry` when the player goes on by itself. */
  | { readonly type: 'reportError'; readonly error: IotError; readonly willRetry: boolean };
