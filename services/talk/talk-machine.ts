import type { IotError } from '../errors';
import { talkError } from './talk-errors';
import { TALK_LIMITS_MS } from './talk-state';
import type { TalkPhase, TalkState } from './talk-state';

export type TalkEvent =
  | { readonly type: 'start' }
  /** The user has had enough, the page is hidden, the component leaves. */
  | { readonly type: 'stop' }
  /** The system tells only after the talk has ended that it allows no microphone. */
  | { readonly type: 'denied'; readonly error: IotError }
  | { readonly type: 'authorised'; readonly attempt: number }
  | { readonly type: 'free'; readonly attempt: number }
  | { readonly type: 'started'; readonly attempt: number }
  /** The talk cannot begin or go on: denied, busy, rejected, interrupted, lost. */
  | { readonly type: 'failed'; readonly attempt: number; readonly error: IotError }
  /** What was said has been handed over. */
  | { readonly type: 'over'; readonly attempt: number }
  | { readonly type: 'timeout'; readonly attempt: number };

export type TalkEffect =
  | { readonly type: 'authorise' | 'check' | 'begin'; readonly attempt: number }
  /** The player gives way to the microphone, or comes back and has its loudspeaker repaired. */
  | { readonly type: 'player-away' | 'player-back' }
  /** Ends the request after what was written. */
  | { readonly type: 'hang-up' }
  /** Frees the microphone. */
  | { readonly type: 'free-microphone' }
  | { readonly type: 'set-timer'; readonly delayMs: number; readonly attempt: number }
  | { readonly type: 'clear-timer' }
  | { readonly type: 'report'; readonly error: IotError };

const HOLDS_MICROPHONE: readonly TalkPhase[] = ['authorising', 'checking', 'starting', 'sending'];
const HOLDS_LINE: readonly TalkPhase[] = ['starting', 'sending'];
const HOLDS_PLAYER: readonly TalkPhase[] = ['starting', 'sending', 'stopping'];

/** The rules of a talk as one pure function; effects are the difference of what two states hold. */
export function talkMachine(
  state: TalkState,
  event: TalkEvent,
): { readonly state: TalkState; readonly effects: readonly TalkEffect[] } {
  const next = reduce(state, event);
  return { state: next, effects: next === state ? [] : effectsBetween(state, next) };
}

function reduce(state: TalkState, event: TalkEvent): TalkState {
  if (event.type === 'start') {
    if (state.phase === 'stopping') return state.again ? state : { ...state, again: true };
    return state.phase === 'idle' ? begin(state) : state;
  }
  if (event.type === 'stop') return stop(state);
  if (event.type === 'denied') {
    return state.phase === 'idle' ? { ...state, error: event.error } : state;
  }
  if (event.attempt !== state.attempt || state.phase === 'idle') return state;
  const { phase } = state;
  switch (event.type) {
    case 'authorised':
      return phase === 'authorising' ? { ...state, phase: 'checking' } : state;
    case 'free':
      return phase === 'checking' ? { ...state, phase: 'starting' } : state;
    case 'started':
      return phase === 'starting' ? { ...state, phase: 'sending' } : state;
    case 'over':
      // What ends by itself and does not say why, somebody else has ended.
      return phase === 'stopping'
        ? settle(state)
        : fail(state, talkError('talk-interrupted', 'something else has stopped the microphone'));
    case 'failed':
      return phase === 'stopping' ? settle(state) : { ...state, phase: 'idle', error: event.error };
    case 'timeout':
      return phase === 'stopping' ? settle(state) : fail(state, timeoutOf(phase));
    default:
      return event satisfies never;
  }
}

function begin(state: TalkState): TalkState {
  const attempt = state.attempt + 1;
  return { phase: 'authorising', attempt, error: null, again: false };
}

function stop(state: TalkState): TalkState {
  switch (state.phase) {
    case 'idle':
      return state;
    case 'stopping':
      return state.again ? { ...state, again: false } : state;
    case 'sending':
      return { ...state, phase: 'stopping' };
    case 'authorising':
    case 'checking':
    case 'starting':
      return { ...state, phase: 'idle' };
    default:
      return state.phase satisfies never;
  }
}

function settle(state: TalkState): TalkState {
  return state.again ? begin(state) : { ...state, phase: 'idle' };
}

function fail(state: TalkState, error: IotError): TalkState {
  return { ...state, phase: 'idle', error };
}

function timeoutOf(phase: TalkPhase): IotError {
  return phase === 'authorising'
    ? talkError('recorder-failed', 'nobody has answered whether the microphone may be used')
    : talkError('request-timeout', `the talk was "${phase}" for too long`);
}

function effectsBetween(from: TalkState, to: TalkState): readonly TalkEffect[] {
  const effects: TalkEffect[] = [];
  const { attempt } = to;
  const isAnother = from.attempt !== attempt;
  const ends = (phases: readonly TalkPhase[]): boolean =>
    phases.includes(from.phase) && (isAnother || !phases.includes(to.phase));
  const begins = (phases: readonly TalkPhase[]): boolean =>
    phases.includes(to.phase) && (isAnother || !phases.includes(from.phase));

  if (ends(HOLDS_LINE)) effects.push({ type: 'hang-up' });
  if (ends(HOLDS_MICROPHONE) && to.phase !== 'stopping') effects.push({ type: 'free-microphone' });
  if (from.phase === 'stopping' && to.phase !== 'stopping') {
    effects.push({ type: 'free-microphone' });
  }
  if (ends(HOLDS_PLAYER)) effects.push({ type: 'player-back' });
  if (from.phase !== to.phase || isAnother) {
    const delayMs = TALK_LIMITS_MS[to.phase];
    effects.push(
      delayMs === undefined ? { type: 'clear-timer' } : { type: 'set-timer', delayMs, attempt },
    );
  }
  if (to.error !== null && to.error !== from.error) {
    effects.push({ type: 'report', error: to.error });
  }
  if (begins(['authorising'])) effects.push({ type: 'authorise', attempt });
  if (begins(['checking'])) effects.push({ type: 'check', attempt });
  if (begins(HOLDS_PLAYER)) effects.push({ type: 'player-away' });
  if (begins(['starting'])) effects.push({ type: 'begin', attempt });
  return effects;
}
