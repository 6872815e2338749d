import type { IotError } from '../errors';
import { backOffMs } from './back-off';
import type { Stamp } from './player-event';
import { isPulling } from './player-holdings';
import type { P2PRegion, PlayerState } from './player-state';
import { isWanted } from './player-state';
import { RENEW_CONNECTION_AFTER } from './player-timings';

/** Gives stream and connection up, by the user's or the host's wish; the surface stays. */
export function halt(state: PlayerState, phase: 'paused' | 'stopped' | 'blocked'): PlayerState {
  return {
    ...state,
    phase,
    suspended: false,
    p2p: phase === 'paused' ? state.p2p : released(state.p2p),
    stream: { kind: 'StreamIdle' },
    recovery: { kind: 'none' },
    failures: 0,
  };
}

/** Gives the stream up while nobody can see it; the connection stays. */
export function suspend(state: PlayerState): PlayerState {
  return {
    ...state,
    suspended: true,
    stream: { kind: 'StreamIdle' },
    recovery: { kind: 'none' },
    failures: 0,
  };
}

/** The connection is of no more use to anybody; a new one is made when it is wanted. */
export function dropLink(state: PlayerState): PlayerState {
  const stream = isPulling(state.stream) ? { kind: 'StreamIdle' as const } : state.stream;
  return { ...state, p2p: released(state.p2p), stream };
}

/** Leaves every error state, so that `settle` tries again. */
export function recover(state: PlayerState): PlayerState {
  const { player, p2p, stream } = state;
  return {
    ...state,
    recovery: { kind: 'none' },
    player: 'error' in player ? { kind: 'PlayerIdle' } : player,
    p2p:
      p2p.kind === 'P2PInitError'
        ? { kind: 'P2PIdle' }
        : 'error' in p2p
          ? { kind: 'P2PInited' }
          : p2p,
    stream: 'error' in stream || stream.kind === 'StreamDataEnd' ? { kind: 'StreamIdle' } : stream,
  };
}

/** As `recover`, after a failure. */
export function tryAgain(state: PlayerState): PlayerState {
  return recover(renewStubborn(state));
}

function released(p2p: P2PRegion): P2PRegion {
  return p2p.kind === 'ServicePreparing' || p2p.kind === 'ServiceStarted'
    ? { kind: 'P2PInited' }
    : p2p;
}

/** Takes a state whose region has just failed and decides what comes next. */
export function fail(failed: PlayerState, error: IotError, { nowMs, jitter }: Stamp): PlayerState {
  const cut = 'error' in failed.player || 'error' in failed.p2p;
  const state: PlayerState =
    cut && isPulling(failed.stream) ? { ...failed, stream: { kind: 'StreamIdle' } } : failed;
  if (!isWanted(state) || state.recovery.kind === 'failed') return state;
  if (!error.retryable) {
    const stream = isPulling(state.stream) ? { kind: 'StreamIdle' as const } : state.stream;
    // The connection carries somebody's stream, and tells when that is over.
    const p2p = error.reason === 'stream-exists' ? state.p2p : released(state.p2p);
    return { ...state, stream, p2p, recovery: { kind: 'failed', error } };
  }
  // A second region that fails with the first belongs to the same failure.
  if (state.recovery.kind === 'scheduled') {
    return { ...state, recovery: { ...state.recovery, error } };
  }
  const counted = countFailure(state);
  const delayMs = backOffMs(counted.failures, jitter);
  return {
    ...counted,
    recovery: { kind: 'scheduled', error, delayMs, dueAtMs: nowMs + delayMs },
  };
}

function countFailure(state: PlayerState): PlayerState {
  return { ...state, failures: state.failures + 1 };
}

/** Where a new stream did not help several times, the connection is renewed as well. */
function renewStubborn(state: PlayerState): PlayerState {
  const stubborn = state.failures >= RENEW_CONNECTION_AFTER && state.p2p.kind === 'ServiceStarted';
  return stubborn ? { ...state, p2p: { kind: 'P2PInited' } } : state;
}

/** As `fail`, for an error of module or connection. */
export function failP2P(
  state: PlayerState,
  p2p: P2PRegion & { readonly error: IotError },
  stamp: Stamp,
): PlayerState {
  return fail({ ...state, p2p }, p2p.error, stamp);
}

/** Begins the stream anew at once, over the last picture; the connection stays. */
export function restartInPlace(state: PlayerState): PlayerState {
  return { ...renewStubborn(countFailure(state)), stream: { kind: 'StreamIdle' } };
}
