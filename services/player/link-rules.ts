import type { PlayerEvent, Stamp } from './player-event';
import { dropLink, failP2P, recover, tryAgain } from './player-recovery';
import type { PathView, PlayerState } from './player-state';
import { streamTimings } from './player-timings';

/** Before a stream that has become free is asked for, in ms. */
const STREAM_FREE_MS = 1_000;

/** What happens to the connection. */
export function onService(
  state: PlayerState,
  event: Extract<
    PlayerEvent,
    {
      type:
        | 'service-started'
        | 'service-failed'
        | 'disconnected'
        | 'link-lost'
        | 'stream-free'
        | 'path';
    }
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
    case 'link-lost':
      // No failure of anything: a fresh connection at once, under the same page.
      return recover(dropLink(state));
    case 'stream-free':
      return onStreamFree(state, stamp);
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

/** Whoever had the stream may be about to take it up again, so not at once. */
function onStreamFree(state: PlayerState, { nowMs }: Stamp): PlayerState {
  const { recovery } = state;
  if (recovery.kind !== 'failed' || recovery.error.reason !== 'stream-exists') return state;
  const delayMs = STREAM_FREE_MS;
  const { error } = recovery;
  return { ...state, recovery: { kind: 'scheduled', error, delayMs, dueAtMs: nowMs + delayMs } };
}

function onPath(state: PlayerState, path: PathView): PlayerState {
  const { stream } = state;
  if ((path.state === 'down') === (state.path.state === 'down')) return { ...state, path };
  const { silenceMs } = streamTimings(state.feed);
  const next: PlayerState = {
    ...state,
    path,
    pathChanges: state.pathChanges + 1,
    stream:
      stream.kind === 'StreamDataReceived' ? { ...stream, silenceDelayMs: silenceMs } : stream,
  };
  // What failed meanwhile failed for the path.
  return path.state === 'up' && state.recovery.kind === 'scheduled' ? tryAgain(next) : next;
}
