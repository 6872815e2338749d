import type { PlayerEffect, TimerName } from './player-effect';
import {
  moduleTimeout,
  noData,
  noPicture,
  pathLost,
  pullTimeout,
  rejectedRequest,
  serviceTimeout,
  streamEnded,
  surfaceTimeout,
} from './player-errors';
import type { PlayerEvent, Stamp, StampedEvent } from './player-event';
import { effectsBetween, hasTimer, isPulling, isStreaming } from './player-holdings';
import { fail, failP2P, halt, recover, restartInPlace, tryAgain } from './player-recovery';
import { initialPlayerState } from './player-state';
import type { PathView, PlayerState } from './player-state';
import { PLAYER_TIMINGS as T } from './player-timings';

export interface PlayerTransition {
  readonly state: PlayerState;
  readonly effects: readonly PlayerEffect[];
}

/**
 * The player's rules as one pure function over three regions: surface, connection, stream.
 *
 * An event changes regions; `settle` then starts what can start; the effects are the difference of
 * what the two states hold (`effectsBetween`).
 */
export function playerMachine(state: PlayerState, event: StampedEvent): PlayerTransition {
  const next = settle(reduce(state, event, event));
  if (next === state) return { state, effects: [] };
  const effects = effectsBetween(state, next);
  if (next.recovery.kind !== 'none' && next.recovery !== state.recovery) {
    const { kind, error } = next.recovery;
    effects.push({ type: 'reportError', error, willRetry: kind === 'scheduled' });
  }
  return { state: next, effects };
}

function reduce(state: PlayerState, event: PlayerEvent, stamp: Stamp): PlayerState {
  if (state.phase === 'closed') return event.type === 'start' ? reopen(state) : state;
  switch (event.type) {
    case 'start':
      return state.phase === 'running' ? state : recover({ ...state, phase: 'running' });
    case 'stop':
      return halt(state, 'stopped');
    case 'close':
      return {
        ...initialPlayerState({ earlyStream: state.earlyStream }),
        phase: 'closed',
        attempts: state.attempts,
      };
    case 'retry':
      return retry(state);
    case 'stream-changed':
      if (state.phase !== 'running') return state;
      if (state.recovery.kind !== 'none') return recover(state);
      return isPulling(state.stream) ? { ...state, stream: { kind: 'StreamIdle' } } : state;
    case 'visible':
      return onVisible(state, event.visible);
    case 'timer':
      return hasTimer(state, event.timer) ? onTimer(state, event.timer, event, stamp) : state;

    case 'surface-ready':
    case 'surface-error':
      return event.attempt === state.attempts.player ? onSurface(state, event, stamp) : state;

    case 'module-ready':
    case 'module-failed':
      if (event.attempt !== state.attempts.module || state.p2p.kind !== 'P2PIniting') return state;
      if (event.type === 'module-ready') return { ...state, p2p: { kind: 'P2PInited' } };
      return failP2P(state, { kind: 'P2PInitError', error: event.error }, stamp);

    case 'service-started':
    case 'service-failed':
    case 'disconnected':
    case 'path':
      return event.attempt === state.attempts.service ? onService(state, event, stamp) : state;

    case 'start-pull':
    case 'first-frame':
    case 'stalled':
    case 'resumed':
    case 'blocked':
      return event.attempt === state.attempts.stream ? onPicture(state, event) : state;

    case 'stream-started':
    case 'stream-failed':
    case 'request':
    case 'parsed':
    case 'data':
    case 'stream-end':
    case 'stream-broken':
      if (event.attempt !== state.attempts.stream || !isStreaming(state.stream)) return state;
      return onStream(state, event, stamp);
    default:
      return event satisfies never;
  }
}

/** Starts what can start: surface and connection at once, the pull when both can carry it. */
function settle(state: PlayerState): PlayerState {
  if (state.phase !== 'running' || state.recovery.kind !== 'none') return state;
  let next = state;
  if (next.player.kind === 'PlayerIdle') {
    next = { ...next, player: { kind: 'PlayerPreparing' }, attempts: bump(next, 'player') };
  }
  if (next.p2p.kind === 'P2PIdle') {
    next = { ...next, p2p: { kind: 'P2PIniting' }, attempts: bump(next, 'module') };
  }
  if (next.p2p.kind === 'P2PInited') {
    next = {
      ...next,
      p2p: { kind: 'ServicePreparing' },
      path: { state: 'connecting' },
      attempts: bump(next, 'service'),
    };
  }
  if (
    next.player.kind === 'PlayerReady' &&
    isLinkUsable(next) &&
    next.stream.kind === 'StreamIdle'
  ) {
    next = { ...next, stream: { kind: 'StreamWaitPull' }, attempts: bump(next, 'stream') };
  }
  return next;
}

function isLinkUsable({ p2p, earlyStream }: PlayerState): boolean {
  return p2p.kind === 'ServiceStarted' || (earlyStream && p2p.kind === 'ServicePreparing');
}

function bump({ attempts }: PlayerState, region: keyof PlayerState['attempts']) {
  return { ...attempts, [region]: attempts[region] + 1 };
}

function reopen(state: PlayerState): PlayerState {
  return {
    ...initialPlayerState({ earlyStream: state.earlyStream }),
    phase: 'running',
    attempts: state.attempts,
  };
}

function retry(state: PlayerState): PlayerState {
  if (state.phase !== 'running') return recover({ ...state, phase: 'running' });
  if (state.recovery.kind !== 'none') return { ...tryAgain(state), failures: 0 };
  // What plays is begun anew; what is still on its way is left alone.
  const playing = state.stream.kind === 'StreamDataReceived' && state.stream.shown;
  return playing ? { ...state, stream: { kind: 'StreamIdle' }, failures: 0 } : state;
}

function onVisible(state: PlayerState, visible: boolean): PlayerState {
  if (visible === state.visible) return state;
  const next = { ...state, visible };
  if (!visible) return next;
  // Somebody looks again: no reason to wait any longer.
  if (state.recovery.kind === 'scheduled') return tryAgain(next);
  return state.stream.kind === 'StreamReceivePull'
    ? { ...next, stream: { kind: 'StreamPreparing' } }
    : next;
}

function onSurface(
  state: PlayerState,
  event: Extract<PlayerEvent, { type: 'surface-ready' | 'surface-error' }>,
  stamp: Stamp,
): PlayerState {
  const preparing = state.player.kind === 'PlayerPreparing';
  if (event.type === 'surface-ready') {
    return preparing ? { ...state, player: { kind: 'PlayerReady' } } : state;
  }
  if (!preparing && state.player.kind !== 'PlayerReady') return state;
  const { error } = event;
  const kind = preparing ? 'PlayerError' : 'LivePlayerError';
  return fail({ ...state, player: { kind, error } }, error, stamp);
}

function onService(
  state: PlayerState,
  event: Extract<
    PlayerEvent,
    { type: 'service-started' | 'service-failed' | 'disconnected' | 'path' }
  >,
  stamp: Stamp,
): PlayerState {
  const { kind } = state.p2p;
  if (kind !== 'ServicePreparing' && kind !== 'ServiceStarted') return state;
  switch (event.type) {
    case 'service-started':
      return kind === 'ServicePreparing' ? onConnected(state) : state;
    case 'service-failed':
      if (kind !== 'ServicePreparing') return state;
      return failP2P(state, { kind: 'ServiceStartError', error: event.error }, stamp);
    case 'disconnected':
      return failP2P(state, { kind: 'ServiceError', error: event.error }, stamp);
    case 'path':
      return onPath(state, event.path);
    default:
      return event satisfies never;
  }
}

function onConnected(state: PlayerState): PlayerState {
  const { stream } = state;
  return {
    ...state,
    p2p: { kind: 'ServiceStarted' },
    stream: 'error' in stream ? { kind: 'StreamIdle' } : stream,
  };
}

function onPath(state: PlayerState, path: PathView): PlayerState {
  const { stream } = state;
  if ((path.state === 'down') === (state.path.state === 'down')) return { ...state, path };
  return {
    ...state,
    path,
    pathChanges: state.pathChanges + 1,
    stream:
      stream.kind === 'StreamDataReceived' ? { ...stream, silenceDelayMs: T.silenceMs } : stream,
  };
}

function onPicture(
  state: PlayerState,
  event: Extract<
    PlayerEvent,
    { type: 'start-pull' | 'first-frame' | 'stalled' | 'resumed' | 'blocked' }
  >,
): PlayerState {
  const { stream } = state;
  switch (event.type) {
    case 'start-pull':
      if (stream.kind !== 'StreamWaitPull') return state;
      return {
        ...state,
        stream: { kind: state.visible ? 'StreamPreparing' : 'StreamReceivePull' },
      };
    case 'first-frame':
      if (stream.kind !== 'StreamDataReceived' || stream.shown) return state;
      return { ...state, hasPicture: true, stream: { ...stream, shown: true } };
    case 'stalled':
    case 'resumed': {
      const stalled = event.type === 'stalled';
      if (stream.kind !== 'StreamDataReceived' || stream.stalled === stalled) return state;
      return { ...state, stream: { ...stream, stalled } };
    }
    case 'blocked':
      return state.phase === 'running' && isPulling(stream) ? halt(state, 'blocked') : state;
    default:
      return event satisfies never;
  }
}

function onStream(
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
              stalled: false,
              silenceCheck: 0,
              silenceDelayMs: T.silenceMs,
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

function onTimer(
  state: PlayerState,
  timer: TimerName,
  { sinceDataMs }: { readonly sinceDataMs: number },
  stamp: Stamp,
): PlayerState {
  switch (timer) {
    case 'surface':
      return onSurface(
        state,
        { type: 'surface-error', attempt: state.attempts.player, error: surfaceTimeout() },
        stamp,
      );
    case 'module':
      return failP2P(state, { kind: 'P2PInitError', error: moduleTimeout() }, stamp);
    case 'service':
      return failP2P(state, { kind: 'ServiceStartError', error: serviceTimeout() }, stamp);
    case 'path-down': {
      const reason = state.path.state === 'down' ? state.path.reason : 'silent';
      return failP2P(state, { kind: 'ServiceError', error: pathLost(reason) }, stamp);
    }
    case 'pull':
    case 'first-frame': {
      const error = timer === 'pull' ? pullTimeout() : noPicture();
      return fail({ ...state, player: { kind: 'LivePlayerError', error } }, error, stamp);
    }
    case 'first-data': {
      const error = noData();
      return fail({ ...state, stream: { kind: 'StreamError', error } }, error, stamp);
    }
    case 'silence': {
      const { stream } = state;
      if (stream.kind !== 'StreamDataReceived' || sinceDataMs >= T.silenceMs) {
        return restartInPlace(state);
      }
      return {
        ...state,
        stream: {
          ...stream,
          silenceCheck: stream.silenceCheck + 1,
          silenceDelayMs: T.silenceMs - sinceDataMs,
        },
      };
    }
    case 'stall':
      return restartInPlace(state);
    case 'stable':
      return { ...state, failures: 0 };
    case 'retry':
      return tryAgain(state);
    default:
      return timer satisfies never;
  }
}
