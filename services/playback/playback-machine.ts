import type { IotError } from '../errors';

export type PlaybackPhase =
  | { readonly kind: 'idle' }
  /** The stream was asked for; nothing of it is shown yet. */
  | { readonly kind: 'opening'; readonly attempt: number }
  | { readonly kind: 'playing'; readonly attempt: number }
  /** `playback_seek` is under way in the open stream; its bytes are left out meanwhile. */
  | { readonly kind: 'seeking'; readonly attempt: number; readonly seek: number }
  /** The picture stands; `playback_pause` is under way. */
  | { readonly kind: 'pausing'; readonly attempt: number }
  /** `attempt` is the stream that waits with it; null: it is opened anew afterwards. */
  | { readonly kind: 'paused'; readonly attempt: number | null }
  /** The picture moves again; `playback_resume` is under way. */
  | { readonly kind: 'resuming'; readonly attempt: number }
  | {
      readonly kind: 'waiting';
      readonly error: IotError;
      readonly delayMs: number;
      /** Monotonic ms. */
      readonly dueAtMs: number;
    }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly error: IotError };

export interface PlaybackState {
  readonly phase: PlaybackPhase;
  /** The recorded moment that is wanted or shown, in unix ms: where whatever comes next goes on. */
  readonly positionMs: number;
  /** A seek that waits for the one under way: the latest wins. Unix ms. */
  readonly nextSeekMs: number | null;
  /** Whether the surface can leave bytes out and stand still; else streams are opened anew. */
  readonly canHold: boolean;
  /** Seeks go by `playback_seek` in the open stream; else by a new stream. */
  readonly seeksInStream: boolean;
  readonly failures: number;
  /** Why the stream is opened again; null once it plays, or was opened for another reason. */
  readonly trouble: IotError | null;
  /** Count streams and seeks, so that late answers are known as such. */
  readonly attempts: number;
  readonly seeks: number;
}

export type PlaybackEvent =
  /** The user wants to see a moment: of another day, or after nothing was played. */
  | { readonly type: 'open'; readonly atMs: number }
  | { readonly type: 'seek'; readonly atMs: number }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'close' }
  | { readonly type: 'surface'; readonly canHold: boolean; readonly seeksInStream: boolean }
  /** The first bytes of a stream. */
  | { readonly type: 'data'; readonly attempt: number }
  /** What is shown at present; ignored while a seek is under way. */
  | { readonly type: 'position'; readonly attempt: number; readonly atMs: number }
  /** The camera has sent everything; `nextMs` is the next recording it has not sent. */
  | { readonly type: 'ended'; readonly attempt: number; readonly nextMs: number | null }
  | { readonly type: 'broken'; readonly attempt: number; readonly error: IotError }
  /** `reachedMs`: where the camera went on, null where it did not tell. */
  | { readonly type: 'seek-done'; readonly seek: number; readonly reachedMs: number | null }
  | { readonly type: 'seek-failed'; readonly seek: number }
  | { readonly type: 'pause-done'; readonly attempt: number; readonly ok: boolean }
  | { readonly type: 'resume-done'; readonly attempt: number; readonly ok: boolean }
  | { readonly type: 'due' };

export interface PlaybackStamp {
  readonly nowMs: number;
  /** A random number, 0 ≤ jitter < 1. */
  readonly jitter: number;
}

export type PlaybackEffect =
  | { readonly type: 'closeStream' }
  | { readonly type: 'openStream'; readonly attempt: number; readonly fromMs: number }
  /** Leaves out what comes, until `release`. */
  | { readonly type: 'hold' }
  /** Goes on at the next keyframe, at once. */
  | { readonly type: 'release' }
  | { readonly type: 'freeze' }
  | { readonly type: 'unfreeze' }
  | { readonly type: 'sendSeek'; readonly seek: number; readonly toMs: number }
  | { readonly type: 'sendPause'; readonly attempt: number }
  | { readonly type: 'sendResume'; readonly attempt: number }
  | { readonly type: 'setTimer'; readonly delayMs: number }
  | { readonly type: 'clearTimer' };

export interface PlaybackTransition {
  readonly state: PlaybackState;
  readonly effects: readonly PlaybackEffect[];
}

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 15_000;
const MAX_FAILURES = 8;

export const IDLE: PlaybackState = {
  phase: { kind: 'idle' },
  positionMs: 0,
  nextSeekMs: null,
  canHold: false,
  seeksInStream: false,
  failures: 0,
  trouble: null,
  attempts: 0,
  seeks: 0,
};

/** The stream that a phase holds; null for none. */
export function streamOf(phase: PlaybackPhase): number | null {
  return 'attempt' in phase ? phase.attempt : null;
}

/** Playback's rules; effects are the difference between what two states hold. */
export function playbackMachine(
  state: PlaybackState,
  event: PlaybackEvent,
  stamp: PlaybackStamp,
): PlaybackTransition {
  const next = reduce(state, event, stamp);
  return { state: next, effects: next === state ? [] : effectsBetween(state, next) };
}

function reduce(state: PlaybackState, event: PlaybackEvent, stamp: PlaybackStamp): PlaybackState {
  const { phase } = state;
  switch (event.type) {
    case 'open':
      return open(calm(state), event.atMs);
    case 'seek':
      return seek(state, event.atMs);
    case 'pause':
      return pause(state);
    case 'resume':
      return resume(state);
    case 'close':
      return { ...calm(state), phase: { kind: 'idle' }, nextSeekMs: null };
    case 'surface':
      return { ...state, canHold: event.canHold, seeksInStream: event.seeksInStream };
    case 'due':
      return phase.kind === 'waiting' ? open(state, state.positionMs) : state;
    case 'seek-done':
    case 'seek-failed':
      return phase.kind === 'seeking' && phase.seek === event.seek
        ? onSeekAnswer(state, phase.attempt, event)
        : state;
    case 'data':
    case 'position':
    case 'ended':
    case 'broken':
    case 'pause-done':
    case 'resume-done':
      return streamOf(phase) === event.attempt ? onStream(state, event, stamp) : state;
    default:
      return event satisfies never;
  }
}

/** What happens next has nothing to do with failures before. */
function calm(state: PlaybackState): PlaybackState {
  return { ...state, failures: 0, trouble: null };
}

function open(state: PlaybackState, atMs: number): PlaybackState {
  const attempts = state.attempts + 1;
  return {
    ...state,
    ...{ attempts, positionMs: atMs, nextSeekMs: null },
    phase: { kind: 'opening', attempt: attempts },
  };
}

function seek(state: PlaybackState, atMs: number): PlaybackState {
  const { phase } = state;
  switch (phase.kind) {
    case 'playing':
    case 'resuming':
      return state.seeksInStream
        ? seekInStream(state, phase.attempt, atMs)
        : open(calm(state), atMs);
    case 'seeking':
      return { ...state, positionMs: atMs, nextSeekMs: atMs };
    case 'pausing':
    case 'paused':
      // The picture of that moment is fetched when it is to move.
      return { ...state, positionMs: atMs, phase: { kind: 'paused', attempt: null } };
    case 'idle':
    case 'opening':
    case 'waiting':
    case 'ended':
    case 'failed':
      return open(calm(state), atMs);
    default:
      return phase satisfies never;
  }
}

function seekInStream(state: PlaybackState, attempt: number, atMs: number): PlaybackState {
  const seeks = state.seeks + 1;
  return {
    ...state,
    ...{ seeks, positionMs: atMs, nextSeekMs: null },
    phase: { kind: 'seeking', attempt, seek: seeks },
  };
}

function onSeekAnswer(
  state: PlaybackState,
  attempt: number,
  event: Extract<PlaybackEvent, { readonly seek: number }>,
): PlaybackState {
  const { nextSeekMs } = state;
  // Who cannot be sought in is opened at the moment that is wanted.
  if (event.type === 'seek-failed') return open(state, nextSeekMs ?? state.positionMs);
  if (nextSeekMs !== null) return seekInStream(state, attempt, nextSeekMs);
  return {
    ...state,
    positionMs: event.reachedMs ?? state.positionMs,
    phase: { kind: 'playing', attempt },
  };
}

function pause(state: PlaybackState): PlaybackState {
  const { phase } = state;
  switch (phase.kind) {
    case 'playing':
    case 'resuming':
      return {
        ...state,
        phase: state.canHold
          ? { kind: 'pausing', attempt: phase.attempt }
          : { kind: 'paused', attempt: null },
      };
    case 'opening':
    case 'seeking':
    case 'waiting':
      // Nothing of it is shown yet.
      return { ...state, nextSeekMs: null, phase: { kind: 'paused', attempt: null } };
    case 'idle':
    case 'pausing':
    case 'paused':
    case 'ended':
    case 'failed':
      return state;
    default:
      return phase satisfies never;
  }
}

function resume(state: PlaybackState): PlaybackState {
  const { phase } = state;
  switch (phase.kind) {
    case 'pausing':
      return { ...state, phase: { kind: 'resuming', attempt: phase.attempt } };
    case 'paused':
      return phase.attempt === null
        ? open(state, state.positionMs)
        : { ...state, phase: { kind: 'resuming', attempt: phase.attempt } };
    case 'waiting':
    case 'failed':
    case 'ended':
      return open(calm(state), state.positionMs);
    case 'opening':
      // A try that follows a failure may hang; who asks for another gets it.
      return state.trouble === null ? state : open(calm(state), state.positionMs);
    case 'idle':
    case 'playing':
    case 'seeking':
    case 'resuming':
      return state;
    default:
      return phase satisfies never;
  }
}

function onStream(
  state: PlaybackState,
  event: Extract<PlaybackEvent, { readonly attempt: number }>,
  stamp: PlaybackStamp,
): PlaybackState {
  const { phase } = state;
  switch (event.type) {
    case 'data':
      return phase.kind === 'opening'
        ? { ...calm(state), phase: { kind: 'playing', attempt: event.attempt } }
        : state;
    case 'position': {
      const moves = ['playing', 'pausing', 'resuming'].includes(phase.kind);
      return moves && event.atMs !== state.positionMs
        ? { ...state, positionMs: event.atMs }
        : state;
    }
    case 'pause-done':
      if (phase.kind !== 'pausing') return state;
      // A camera that cannot pause is left; the moment is kept.
      return { ...state, phase: { kind: 'paused', attempt: event.ok ? event.attempt : null } };
    case 'resume-done':
      if (phase.kind !== 'resuming') return state;
      return event.ok
        ? { ...state, phase: { kind: 'playing', attempt: event.attempt } }
        : open(state, state.positionMs);
    case 'ended':
      return onEnded(state, event.nextMs);
    case 'broken':
      return onBroken(state, event.error, stamp);
    default:
      return event satisfies never;
  }
}

function onEnded(state: PlaybackState, nextMs: number | null): PlaybackState {
  const { phase, nextSeekMs } = state;
  if (phase.kind === 'pausing' || phase.kind === 'paused') {
    return { ...state, phase: { kind: 'paused', attempt: null } };
  }
  if (phase.kind === 'seeking') return open(state, nextSeekMs ?? state.positionMs);
  if (nextMs !== null && nextMs > state.positionMs) return open(state, nextMs);
  return { ...state, phase: { kind: 'ended' } };
}

function onBroken(
  state: PlaybackState,
  error: IotError,
  { nowMs, jitter }: PlaybackStamp,
): PlaybackState {
  const { phase } = state;
  if (phase.kind === 'pausing' || phase.kind === 'paused') {
    return { ...state, phase: { kind: 'paused', attempt: null } };
  }
  const failures = state.failures + 1;
  const positionMs = state.nextSeekMs ?? state.positionMs;
  const next = { ...state, failures, trouble: error, positionMs, nextSeekMs: null };
  if (!error.retryable || failures >= MAX_FAILURES) {
    return { ...next, phase: { kind: 'failed', error } };
  }
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
  const delayMs = Math.round(full * (0.5 + jitter / 2));
  return { ...next, phase: { kind: 'waiting', error, delayMs, dueAtMs: nowMs + delayMs } };
}

function effectsBetween(from: PlaybackState, to: PlaybackState): PlaybackEffect[] {
  const [was, is] = [from.phase, to.phase];
  const [oldStream, newStream] = [streamOf(was), streamOf(is)];
  const same = oldStream !== null && oldStream === newStream;
  const effects: PlaybackEffect[] = [];
  if (was.kind === 'waiting' && was !== is) effects.push({ type: 'clearTimer' });
  if (oldStream !== null && !same) effects.push({ type: 'closeStream' });
  if (isFrozen(was) !== isFrozen(is)) {
    effects.push({ type: isFrozen(is) ? 'freeze' : 'unfreeze' });
  }
  if (newStream !== null && !same) {
    effects.push({ type: 'openStream', attempt: newStream, fromMs: to.positionMs });
  }
  const [held, holds] = [was.kind === 'seeking' && same, is.kind === 'seeking'];
  if (held !== holds) effects.push({ type: holds ? 'hold' : 'release' });
  if (is.kind === 'seeking' && (was.kind !== 'seeking' || was.seek !== is.seek)) {
    effects.push({ type: 'sendSeek', seek: is.seek, toMs: to.positionMs });
  }
  if (is.kind === 'pausing' && was.kind !== 'pausing') {
    effects.push({ type: 'sendPause', attempt: is.attempt });
  }
  if (is.kind === 'resuming' && was.kind !== 'resuming') {
    effects.push({ type: 'sendResume', attempt: is.attempt });
  }
  if (is.kind === 'waiting' && was !== is) effects.push({ type: 'setTimer', delayMs: is.delayMs });
  return effects;
}

function isFrozen({ kind }: PlaybackPhase): boolean {
  return kind === 'pausing' || kind === 'paused';
}
