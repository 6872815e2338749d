/** What the camera tells of a call, in `iv_private_cmd`. */
export type CallMessage =
  | 'call_start'
  | 'call_answer'
  | 'call_reject'
  | 'call_busy'
  | 'call_timeout'
  | 'call_cancel'
  | 'call_hang_up';

/** `ringing`: a viewer calls; `calling`: the button was pressed; `talking`: with a viewer. */
export type CallPhase = 'idle' | 'ringing' | 'calling' | 'talking';

export interface CallState {
  readonly phase: CallPhase;
  /** Who calls, or talks; null while nobody does. */
  readonly viewer: string | null;
  /** Who has not declined the camera's own call. */
  readonly called: readonly string[];
  readonly callId: string;
  /** Whether the viewer wants to send its picture. */
  readonly video: boolean;
  /** Whether the viewer's voice arrives. */
  readonly voice: boolean;
  /** Grows with each call. */
  readonly number: number;
}

export const INITIAL_CALL: CallState = {
  phase: 'idle',
  viewer: null,
  called: [],
  callId: '',
  video: false,
  voice: false,
  number: 0,
};

export type CallEvent =
  | {
      readonly type: 'start';
      readonly viewer: string;
      readonly callId: string;
      readonly video: boolean;
    }
  /**
   * The viewer has had enough (cancel, hang up, time out), takes the camera's call, or does not.
   * `callId`: which call it means; null: the one that goes on.
   */
  | {
      readonly type: 'leave' | 'take' | 'decline';
      readonly viewer: string;
      readonly callId: string | null;
    }
  /** The viewer's connection has ended. */
  | { readonly type: 'gone'; readonly viewer: string }
  /** A viewer has come that can be told. */
  | { readonly type: 'listener'; readonly viewer: string }
  | { readonly type: 'voice'; readonly viewer: string; readonly on: boolean }
  /** Somebody presses the button at the camera. */
  | { readonly type: 'press'; readonly callId: string; readonly listeners: readonly string[] }
  /** Somebody at the camera. */
  | { readonly type: 'answer' | 'reject' | 'busy' | 'hang-up' }
  | { readonly type: 'timeout' };

export type CallEffect =
  | {
      readonly type: 'tell';
      readonly viewer: string;
      readonly message: CallMessage;
      readonly callId: string;
      /** Of `call_cancel`: somebody else was faster. */
      readonly answered?: true;
    }
  | { readonly type: 'set-timer'; readonly delayMs: number }
  | { readonly type: 'clear-timer' };

/** A little more than the seed's app, which ends it first. */
const RING_MS = 65_000;
/** How long the voice of an accepted call is waited for. */
const VOICE_MS = 10_000;
/** The voice has ended and nobody has hung up: the page was killed. */
const VOICE_LOST_MS = 1_000;

export interface CallStep {
  readonly state: CallState;
  readonly effects: readonly CallEffect[];
  /** False: somebody else is on the line. */
  readonly accepted: boolean;
}

/** The camera's side of calls as one pure function. */
export function stepCall(state: CallState, event: CallEvent): CallStep {
  if (isOfAnother(state, event)) return same(state);
  switch (event.type) {
    case 'start':
      return onStart(state, event);
    case 'leave':
      return state.viewer === event.viewer ? finish(state) : same(state);
    case 'take':
      return state.phase === 'calling' ? talk(state, event.viewer) : refused(state, event.viewer);
    case 'decline':
    case 'gone':
      if (state.viewer === event.viewer) return finish(state);
      return state.phase === 'calling' ? decline(state, event.viewer) : same(state);
    case 'listener':
      return state.phase === 'calling' && !state.called.includes(event.viewer)
        ? step({ ...state, called: [...state.called, event.viewer] }, [
            tell(state, event.viewer, 'call_start'),
          ])
        : same(state);
    case 'voice':
      return onVoice(state, event);
    case 'press':
      return state.phase === 'idle' ? call(state, event.callId, event.listeners) : same(state);
    case 'answer':
      return state.phase === 'ringing' && state.viewer !== null
        ? talk(state, state.viewer)
        : same(state);
    case 'reject':
      return state.phase === 'ringing' ? finish(state, 'call_reject') : same(state);
    case 'busy':
      return state.phase === 'ringing' ? finish(state, 'call_busy') : same(state);
    case 'hang-up':
      return end(state, 'call_hang_up');
    case 'timeout':
      return end(state, state.phase === 'talking' ? 'call_hang_up' : 'call_timeout');
    default:
      return event satisfies never;
  }
}

/** What a viewer says again, since it got no answer, may come when the next call has begun. */
function isOfAnother(state: CallState, event: CallEvent): boolean {
  if (event.type !== 'leave' && event.type !== 'decline') return false;
  return event.callId !== null && state.callId !== '' && event.callId !== state.callId;
}

function onStart(state: CallState, event: Extract<CallEvent, { type: 'start' }>): CallStep {
  const { viewer, callId, video } = event;
  // Both at once: then they have found each other.
  if (state.phase === 'calling') return talk({ ...state, video }, viewer, callId);
  // A viewer that calls anew has lost its last call.
  if (state.phase !== 'idle' && state.viewer !== viewer) return refused(state, viewer, callId);
  const next: CallState = {
    ...INITIAL_CALL,
    phase: 'ringing',
    viewer,
    callId,
    video,
    number: state.number + 1,
  };
  return step(next, [{ type: 'set-timer', delayMs: RING_MS }]);
}

function call(state: CallState, callId: string, listeners: readonly string[]): CallStep {
  const next: CallState = {
    ...INITIAL_CALL,
    phase: 'calling',
    callId,
    called: listeners,
    number: state.number + 1,
  };
  return step(next, [
    ...listeners.map((viewer) => tell(next, viewer, 'call_start')),
    { type: 'set-timer', delayMs: RING_MS },
  ]);
}

/** @param callId what the viewer calls it, where that is another name */
function talk(state: CallState, viewer: string, callId = state.callId): CallStep {
  const others = state.called.filter((one) => one !== viewer);
  const next: CallState = { ...state, phase: 'talking', viewer, callId, called: [] };
  return step(next, [
    ...others.map((one) => ({ ...tell(state, one, 'call_cancel'), answered: true as const })),
    tell(next, viewer, 'call_answer'),
    { type: 'set-timer', delayMs: VOICE_MS },
  ]);
}

function decline(state: CallState, viewer: string): CallStep {
  if (!state.called.includes(viewer)) return same(state);
  const called = state.called.filter((one) => one !== viewer);
  // Whoever is left may still answer; nobody is left when all have declined.
  return called.length > 0 ? step({ ...state, called }, []) : finish(state);
}

function onVoice(
  state: CallState,
  { viewer, on }: Extract<CallEvent, { type: 'voice' }>,
): CallStep {
  if (state.phase !== 'talking' || state.viewer !== viewer) return same(state);
  return step({ ...state, voice: on }, [
    on ? { type: 'clear-timer' } : { type: 'set-timer', delayMs: VOICE_LOST_MS },
  ]);
}

/** Ends it from the camera's side, whoever is concerned. */
function end(state: CallState, message: 'call_hang_up' | 'call_timeout'): CallStep {
  switch (state.phase) {
    case 'idle':
      return same(state);
    case 'calling': {
      const said = message === 'call_timeout' ? message : 'call_cancel';
      const { effects } = finish(state);
      return step(idle(state), [
        ...state.called.map((viewer) => tell(state, viewer, said)),
        ...effects,
      ]);
    }
    case 'ringing':
      return finish(state, message === 'call_timeout' ? message : 'call_reject');
    case 'talking':
      return finish(state, 'call_hang_up');
    default:
      return state.phase satisfies never;
  }
}

function finish(state: CallState, message?: CallMessage): CallStep {
  const { viewer } = state;
  const last = message === undefined || viewer === null ? [] : [tell(state, viewer, message)];
  return step(idle(state), [...last, { type: 'clear-timer' }]);
}

function idle({ number }: CallState): CallState {
  return { ...INITIAL_CALL, number };
}

/** Cameras say it by message; the answer to the command says it, too. */
function refused(state: CallState, viewer: string, callId = state.callId): CallStep {
  const effects: CallEffect[] = [{ type: 'tell', viewer, message: 'call_busy', callId }];
  return { state, effects, accepted: false };
}

function tell(
  { callId }: CallState,
  viewer: string,
  message: CallMessage,
): CallEffect & { type: 'tell' } {
  return { type: 'tell', viewer, message, callId };
}

function step(state: CallState, effects: readonly CallEffect[]): CallStep {
  return { state, effects, accepted: true };
}

function same(state: CallState): CallStep {
  return { state, effects: [], accepted: true };
}
