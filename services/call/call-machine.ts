import type { IotError } from '../errors';
import { callError } from './call-errors';
import type { CallCommand, CallSignal } from './call-signals';
import { CALL_LIMITS_MS } from './call-state';
import type { CallEnd, CallPhase, CallState } from './call-state';

/** What came of `wx_call_start` or `wx_call_answer`. */
export type CallReply = 'taken' | 'busy' | 'unsupported' | 'refused' | 'silent';

export type CallEvent =
  /** @property callId a fresh name */
  | { readonly type: 'start'; readonly callId: string; readonly video: boolean }
  /** @property video whether to send a picture, too */
  | { readonly type: 'answer'; readonly video: boolean }
  /** Hang up, give up, or reject, whatever it is at present. */
  | { readonly type: 'stop' }
  | { readonly type: 'signal'; readonly signal: CallSignal }
  | { readonly type: 'prepared'; readonly attempt: number }
  | { readonly type: 'replied'; readonly attempt: number; readonly reply: CallReply }
  /** The sound goes out. */
  | { readonly type: 'voice'; readonly attempt: number }
  /** No microphone, no voice, no connection. */
  | { readonly type: 'failed'; readonly attempt: number; readonly error: IotError }
  /** The connection is over, and with it the call: the camera knows nobody. */
  | { readonly type: 'lost'; readonly error: IotError }
  | { readonly type: 'timeout'; readonly attempt: number };

export type CallEffect =
  | { readonly type: 'prepare' | 'begin-voice'; readonly attempt: number }
  | {
      readonly type: 'send';
      readonly command: CallCommand;
      readonly callId: string;
      readonly video: boolean;
      readonly attempt: number;
    }
  /** Frees microphone and camera. */
  | { readonly type: 'end-voice' }
  /** The camera is to be heard, or the player's sound is as before. */
  | { readonly type: 'sound-on' | 'sound-back' }
  | { readonly type: 'set-timer'; readonly delayMs: number; readonly attempt: number }
  | { readonly type: 'clear-timer' }
  | { readonly type: 'report'; readonly error: IotError };

interface Step {
  readonly state: CallState;
  readonly send?: CallCommand;
  /** Of another call than the state's. */
  readonly sendId?: string;
}

const HOLDS_MICROPHONE: readonly CallPhase[] = ['preparing', 'calling', 'connecting', 'talking'];
const HOLDS_VOICE: readonly CallPhase[] = ['connecting', 'talking'];

/** The rules of a call as one pure function. */
export function callMachine(
  state: CallState,
  event: CallEvent,
): { readonly state: CallState; readonly effects: readonly CallEffect[] } {
  const step = reduce(state, event);
  const effects = step.state === state ? [] : effectsBetween(state, step.state);
  if (step.send === undefined) return { state: step.state, effects };
  const { callId, video, attempt } = step.state;
  const send: CallEffect = {
    type: 'send',
    command: step.send,
    callId: step.sendId ?? callId,
    video,
    attempt,
  };
  return { state: step.state, effects: [...effects, send] };
}

function reduce(state: CallState, event: CallEvent): Step {
  switch (event.type) {
    case 'start':
      return state.phase === 'idle'
        ? { state: begin(state, 'preparing', 'out', event.callId, event.video) }
        : { state };
    case 'answer':
      return state.phase === 'ringing'
        ? { state: { ...state, phase: 'preparing', video: event.video } }
        : { state };
    case 'stop':
      return stop(state);
    case 'signal':
      return onSignal(state, event.signal);
    case 'lost':
      // A camera that knows nobody rings no more.
      return state.phase === 'idle' || (state.phase === 'preparing' && state.direction === 'out')
        ? { state }
        : { state: fail(state, event.error) };
    default:
      return event.attempt === state.attempt && state.phase !== 'idle'
        ? onOwn(state, event)
        : { state };
  }
}

function onOwn(state: CallState, event: Extract<CallEvent, { attempt: number }>): Step {
  const { phase, direction } = state;
  switch (event.type) {
    case 'prepared':
      if (phase !== 'preparing') return { state };
      return direction === 'out'
        ? { state: { ...state, phase: 'calling' }, send: 'wx_call_start' }
        : { state: { ...state, phase: 'connecting' }, send: 'wx_call_answer' };
    case 'replied':
      return onReply(state, event.reply);
    case 'voice':
      return { state: phase === 'connecting' ? { ...state, phase: 'talking' } : state };
    case 'failed':
      return { ...farewell(state), state: fail(state, event.error) };
    case 'timeout':
      return onTimeout(state);
    default:
      return event satisfies never;
  }
}

function onReply(state: CallState, reply: CallReply): Step {
  const { phase } = state;
  if (phase !== 'calling' && phase !== 'connecting') return { state };
  switch (reply) {
    case 'taken':
      return { state: { ...state, isTaken: true } };
    case 'busy':
      return { state: finish(state, state.direction === 'out' ? 'busy' : 'answered-elsewhere') };
    case 'unsupported':
      return { state: finish(state, 'unsupported') };
    case 'refused':
      return { state: finish(state, state.direction === 'out' ? 'rejected' : 'missed') };
    case 'silent':
      return {
        ...farewell(state),
        state: fail(state, callError('request-timeout', 'the camera does not answer')),
      };
    default:
      return reply satisfies never;
  }
}

function onTimeout(state: CallState): Step {
  switch (state.phase) {
    case 'calling':
      return { state: finish(state, 'unanswered'), send: 'wx_call_timeout' };
    case 'ringing':
      return { state: finish(state, 'missed') };
    case 'preparing': {
      const message = 'nobody has answered whether the microphone may be used';
      return { ...farewell(state), state: fail(state, callError('recorder-failed', message)) };
    }
    default: {
      const message = 'the sound could not be sent in time';
      return { ...farewell(state), state: fail(state, callError('request-timeout', message)) };
    }
  }
}

function onSignal(state: CallState, signal: CallSignal): Step {
  const { phase, direction } = state;
  if (signal.name === 'call_start') return onCalled(state, signal);
  const isOther = signal.callId !== null && state.callId !== '' && signal.callId !== state.callId;
  if (phase === 'idle' || isOther) return { state };
  const isOpen = phase === 'connecting' || phase === 'talking';
  const isAsked = phase === 'ringing' || (phase === 'preparing' && direction === 'in');
  // Nothing was asked of the camera yet.
  if (phase === 'preparing' && direction === 'out') return { state };
  switch (signal.name) {
    case 'call_answer':
      return { state: phase === 'calling' ? { ...state, phase: 'connecting' } : state };
    case 'call_reject':
      return { state: finish(state, isOpen ? 'ended' : 'rejected') };
    case 'call_busy':
      return { state: isOpen ? state : finish(state, 'busy') };
    case 'call_timeout':
      return { state: finish(state, isOpen ? 'ended' : isAsked ? 'missed' : 'unanswered') };
    case 'call_cancel':
      if (signal.isAnswered && !isOpen) return { state: finish(state, 'answered-elsewhere') };
      return { state: finish(state, isOpen ? 'ended' : isAsked ? 'missed' : 'rejected') };
    case 'call_hang_up':
      return { state: finish(state, isOpen ? 'ended' : isAsked ? 'missed' : 'rejected') };
    default:
      return signal.name satisfies never;
  }
}

function onCalled(state: CallState, { callId, video }: CallSignal): Step {
  const id = callId ?? '';
  if (state.phase === 'idle') return { state: begin(state, 'ringing', 'in', id, video) };
  // It repeats itself, or both have called at once: then it takes our call for the answer.
  const isSame = state.direction === 'in' && id === state.callId;
  if (isSame || state.phase === 'calling') return { state };
  return { state, send: 'wx_call_busy', sendId: id };
}

function begin(
  state: CallState,
  phase: CallPhase,
  direction: 'out' | 'in',
  callId: string,
  video: boolean,
): CallState {
  const attempt = state.attempt + 1;
  return { phase, attempt, direction, callId, video, isTaken: false, end: null, error: null };
}

function stop(state: CallState): Step {
  return state.phase === 'idle'
    ? { state }
    : { ...farewell(state), state: finish(state, 'hung-up') };
}

/** What the camera is told when the call ends here. */
function farewell({ phase, direction }: CallState): Pick<Step, 'send'> {
  switch (phase) {
    case 'idle':
      return {};
    case 'preparing':
      return direction === 'in' ? { send: 'wx_call_reject' } : {};
    case 'calling':
      return { send: 'wx_call_cancel' };
    case 'ringing':
      return { send: 'wx_call_reject' };
    case 'connecting':
    case 'talking':
      return { send: 'wx_call_hangup' };
    default:
      return phase satisfies never;
  }
}

function finish(state: CallState, end: CallEnd): CallState {
  return { ...state, phase: 'idle', end };
}

function fail(state: CallState, error: IotError): CallState {
  return { ...state, phase: 'idle', end: 'failed', error };
}

function effectsBetween(from: CallState, to: CallState): readonly CallEffect[] {
  const effects: CallEffect[] = [];
  const { attempt } = to;
  const ends = (phases: readonly CallPhase[]): boolean =>
    phases.includes(from.phase) && !phases.includes(to.phase);
  const begins = (phases: readonly CallPhase[]): boolean =>
    phases.includes(to.phase) && !phases.includes(from.phase);

  if (ends(HOLDS_VOICE)) effects.push({ type: 'sound-back' });
  if (ends(HOLDS_MICROPHONE)) effects.push({ type: 'end-voice' });
  if (from.phase !== to.phase) {
    const delayMs = CALL_LIMITS_MS[to.phase];
    effects.push(
      delayMs === undefined ? { type: 'clear-timer' } : { type: 'set-timer', delayMs, attempt },
    );
  }
  if (to.error !== null && to.error !== from.error) {
    effects.push({ type: 'report', error: to.error });
  }
  if (begins(['preparing'])) effects.push({ type: 'prepare', attempt });
  if (begins(HOLDS_VOICE)) effects.push({ type: 'sound-on' }, { type: 'begin-voice', attempt });
  return effects;
}
