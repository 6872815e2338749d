import type { PlayerEffect, TimerName } from './player-effect';
import { onService } from './link-rules';
import {
  checkTimeout,
  moduleTimeout,
  noData,
  noPicture,
  pathLost,
  pullTimeout,
  serviceTimeout,
  surfaceTimeout,
} from './player-errors';
import type { PlayerEvent, Stamp, StampedEvent } from './player-event';
import { effectsBetween, hasTimer, isPulling, isStreaming } from './player-holdings';
import {
  dropLink,
  fail,
  failP2P,
  halt,
  recover,
  restartInPlace,
  suspend,
  tryAgain,
} from './player-recovery';
import { initialPlayerState, isWanted } from './player-state';
import type { PlayerState } from './player-state';
import { streamTimings } from './player-timings';
import { beginStream, failCheck, onPicture, onStream } from './stream-rules';

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
      return isWanted(state) ? state : recover({ ...state, phase: 'running', suspended: false });
    case 'pause':
      return state.phase === 'running' || state.phase === 'new' ? halt(state, 'paused') : state;
    case 'stop':
      return halt(state, 'stopped');
    case 'close':
      return {
        ...initialPlayerState(state.options),
        phase: 'closed',
        attempts: state.attempts,
      };
    case 'retry':
      return retry(state);
    case 'stream-changed':
      return changeStream(state);
    case 'surface-replaced':
      return replaceSurface(state);
    case 'network-changed':
      return state.recovery.kind === 'scheduled' ? tryAgain(state) : state;
    case 'figures':
      return { ...state, feed: event.feed };
    case 'visible':
      return onVisible(state, event);
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
    case 'link-lost':
    case 'stream-free':
    case 'path':
      return event.attempt === state.attempts.service ? onService(state, event, stamp) : state;

    case 'start-pull':
    case 'first-frame':
    case 'stalled':
    case 'resumed':
    case 'blocked':
    case 'latency':
      return event.attempt === state.attempts.stream ? onPicture(state, event, stamp) : state;

    case 'checked':
    case 'check-failed':
      if (event.attempt !== state.attempts.stream || state.stream.kind !== 'StreamChecking') {
        return state;
      }
      if (event.type === 'check-failed') return failCheck(state, event.error, stamp);
      return { ...state, checked: true, stream: { kind: 'StreamPreparing' } };

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
  if (!isWanted(state) || state.recovery.kind !== 'none') return state;
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
      checked: false,
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

function isLinkUsable({ p2p, options }: PlayerState): boolean {
  if (p2p.kind === 'ServiceStarted') return true;
  // The check needs the connection that an early request does without.
  return options.earlyStream && !options.checkStream && p2p.kind === 'ServicePreparing';
}

function bump({ attempts }: PlayerState, region: keyof PlayerState['attempts']) {
  return { ...attempts, [region]: attempts[region] + 1 };
}

function reopen(state: PlayerState): PlayerState {
  return {
    ...initialPlayerState(state.options),
    phase: 'running',
    attempts: state.attempts,
  };
}

function retry(state: PlayerState): PlayerState {
  if (!isWanted(state)) return recover({ ...state, phase: 'running', suspended: false });
  if (state.recovery.kind !== 'none') return { ...tryAgain(state), failures: 0 };
  // What plays is begun anew; what is still on its way is left alone.
  const playing = state.stream.kind === 'StreamDataReceived' && state.stream.shown;
  return playing ? { ...state, stream: { kind: 'StreamIdle' }, failures: 0 } : state;
}

/** Another channel or quality: the picture stays until the new stream has one. */
function changeStream(state: PlayerState): PlayerState {
  const next = { ...state, checked: false, feed: { ...state.feed, keyframeIntervalMs: null } };
  if (!isWanted(state)) return next;
  if (state.recovery.kind !== 'none') return recover(next);
  return isPulling(state.stream) ? { ...next, stream: { kind: 'StreamIdle' } } : next;
}

/** The new one is made ready, and the stream begins anew: it would not understand the middle of one. */
function replaceSurface(state: PlayerState): PlayerState {
  if (!isWanted(state) || state.recovery.kind !== 'none') return state;
  return { ...state, player: { kind: 'PlayerIdle' }, stream: { kind: 'StreamIdle' } };
}

function onVisible(
  state: PlayerState,
  { visible, keeps = false }: Extract<PlayerEvent, { type: 'visible' }>,
): PlayerState {
  if (visible === state.visible && keeps === state.keepsHidden) return state;
  const next = { ...state, visible, keepsHidden: keeps };
  if (!visible) return next;
  if (state.suspended) return recover({ ...next, suspended: false });
  // Somebody looks again: no reason to wait any longer.
  if (state.recovery.kind === 'scheduled') return tryAgain(next);
  return state.stream.kind === 'StreamReceivePull' ? beginStream(next) : next;
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
      const { silenceMs } = streamTimings(state.feed);
      if (stream.kind !== 'StreamDataReceived' || sinceDataMs >= silenceMs) {
        return restartInPlace(state);
      }
      return {
        ...state,
        stream: {
          ...stream,
          silenceCheck: stream.silenceCheck + 1,
          silenceDelayMs: silenceMs - sinceDataMs,
        },
      };
    }
    case 'stall':
      return restartInPlace(state);
    case 'check':
      return failCheck(state, checkTimeout(), stamp);
    case 'hidden':
      return suspend(state);
    case 'idle':
      return dropLink(state);
    case 'stable':
      return { ...state, failures: 0 };
    case 'retry':
      return tryAgain(state);
    default:
      return timer satisfies never;
  }
}
