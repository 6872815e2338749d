import type { IotError } from '../errors';
import { rejectedRequest, streamEnded } from './player-errors';
import type { PlayerEvent, Stamp } from './player-event';
import { isPulling } from './player-holdings';
import { fail, halt } from './player-recovery';
import type { PlayerState } from './player-state';
import { CATCH_UP_EVERY_MS, streamTimings } from './player-timings';

/** The surface has asked: the camera is asked for its state first, where that is wanted. */
export function beginStream(state: PlayerState): PlayerState {
  const toCheck = state.options.checkStream && !state.checked;
  return { ...state, stream: { kind: toCheck ? 'StreamChecking' : 'StreamPreparing' } };
}

/** The camera cannot play, or does not tell. */
export function failCheck(state: PlayerState, error: IotError, stamp: Stamp): PlayerState {
  return fail({ ...state, stream: { kind: 'StreamCheckError', error } }, error, stamp);
}

/** What happens to the picture. */
export function onPicture(
  state: PlayerState,
  event: Extract<
    PlayerEvent,
    { type: 'start-pull' | 'first-frame' | 'stalled' | 'resumed' | 'blocked' | 'latency' }
  >,
  { nowMs }: Stamp,
): PlayerState {
  const { stream } = state;
  switch (event.type) {
    case 'start-pull':
      if (stream.kind !== 'StreamWaitPull') return state;
      return state.visible
        ? beginStream(state)
        : { ...state, stream: { kind: 'StreamReceivePull' } };
    case 'first-frame':
      if (stream.kind !== 'StreamDataReceived' || stream.shown) return state;
      return {
        ...state,
        hasPicture: true,
        stream: { ...stream, shown: true, shownAtMs: nowMs },
      };
    case 'stalled':
    case 'resumed': {
      const stalled = event.type === 'stalled';
      if (stream.kind !== 'StreamDataReceived' || stream.stalled === stalled) return state;
      return { ...state, stream: { ...stream, stalled } };
    }
    case 'blocked':
      return state.phase === 'running' && isPulling(stream) ? halt(state, 'blocked') : state;
    case 'latency': {
      const { cacheThresholdMs } = state.options;
      if (stream.kind !== 'StreamDataReceived' || !stream.shown || !state.visible) return state;
      if (cacheThresholdMs === 0 || event.latencyMs <= cacheThresholdMs) return state;
      if (nowMs - stream.shownAtMs < CATCH_UP_EVERY_MS) return state;
      return { ...state, stream: { kind: 'StreamIdle' } };
    }
    default:
      return event satisfies never;
  }
}

/** What happens to the stream. */
export function onStream(
  state: PlayerState,
  event: Extract<
    PlayerEvent,
    {
      type:
        | 'stream-started'
        | 'stream-failed'
        | 'request'
        | 'parsed'
        | 'data'
        | 'stream-end'
        | 'stream-broken';
    }
  >,
  stamp: Stamp,
): PlayerState {
  const { kind } = state.stream;
  switch (event.type) {
    case 'stream-started':
      return kind === 'StreamPreparing' ? { ...state, stream: { kind: 'StreamStarted' } } : state;
    case 'request':
      return kind === 'StreamPreparing' || kind === 'StreamStarted'
        ? { ...state, stream: { kind: 'StreamRequest' } }
        : state;
    case 'parsed': {
      if (kind === 'StreamDataReceived' || kind === 'StreamHeaderParsed') return state;
      if (event.status >= 200 && event.status < 300) {
        return { ...state, stream: { kind: 'StreamHeaderParsed' } };
      }
      const error = rejectedRequest(event.status);
      return fail({ ...state, stream: { kind: 'StreamHttpStatusError', error } }, error, stamp);
    }
    case 'data':
      return kind === 'StreamDataReceived'
        ? state
        : {
            ...state,
            stream: {
              kind: 'StreamDataReceived',
              shown: false,
              shownAtMs: 0,
              stalled: false,
              silenceCheck: 0,
              silenceDelayMs: streamTimings(state.feed).silenceMs,
            },
          };
    case 'stream-end':
      return fail({ ...state, stream: { kind: 'StreamDataEnd' } }, streamEnded(), stamp);
    case 'stream-failed':
    case 'stream-broken': {
      const { error } = event;
      const failed = event.type === 'stream-failed' ? 'StreamStartError' : 'StreamError';
      const next: PlayerState = { ...state, stream: { kind: failed, error } };
      // An early request goes down with its connection, which knows better why.
      return state.p2p.kind === 'ServicePreparing' ? next : fail(next, error, stamp);
    }
    default:
      return event satisfies never;
  }
}
