import type {
  PtzCommand,
  PtzDrive,
  PtzErrand,
  PtzMachineOptions,
  PtzMotion,
  PtzReply,
  PtzState,
} from './ptz-state';

export type PtzEvent =
  /** A finger holds a direction; another one, or another speed, replaces it. */
  | ({ readonly type: 'press' } & PtzDrive)
  /** The finger has left. */
  | { readonly type: 'lift' }
  /** Nobody holds anything any more, whatever the reason: release at once. */
  | { readonly type: 'cancel' }
  | { readonly type: 'go'; readonly to: Extract<PtzMotion, { kind: 'home' | 'preset-go' }> }
  | { readonly type: 'cruise'; readonly presets: readonly number[]; readonly dwellMs: number }
  | { readonly type: 'errand'; readonly errand: PtzErrand }
  | { readonly type: 'replied'; readonly number: number; readonly reply: PtzReply }
  /** The connection is gone; a camera stops a drive whose viewer is. */
  | { readonly type: 'lost' }
  | { readonly type: 'tick' };

export type PtzEffect =
  | {
      readonly type: 'send';
      readonly number: number;
      readonly command: PtzCommand;
      readonly timeoutMs: number;
    }
  /** The end of the way was reached: a phone lets it be felt. */
  | { readonly type: 'apex' };

/** How long a motion's answer is waited for: no longer, as a release may have to follow it. */
const MOTION_TIMEOUT_MS = 700;
const SHORTEST_TIMEOUT_MS = 100;
/** How long after its time a release may wait for the answer of a press. */
const RELEASE_GRACE_MS = 200;
const LONGEST_TIMEOUT_MS = 5_000;
const ERRAND_TIMEOUT_MS = 5_000;
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 3_000;
/** From a press that got no answer to its repetition, and from a release to the second one. */
const AGAIN_MS = 300;
const MAX_ERRANDS = 16;
const MIN_DWELL_MS = 2_000;

/**
 * The rules of steering as one pure function: one command on its way, the last wish next, and a release
 * after every press, come what may.
 */
export function ptzMachine(
  state: PtzState,
  event: PtzEvent,
  nowMs: number,
  options: PtzMachineOptions,
): { readonly state: PtzState; readonly effects: readonly PtzEffect[] } {
  const reduced = onDue(reduce(state, event, nowMs, options), nowMs, options);
  const { state: next, send } = sendNext(reduced, nowMs, options);
  const effects: PtzEffect[] = send === null ? [] : [send];
  if (next.apex !== null && state.apex === null) effects.push({ type: 'apex' });
  return { state: next, effects };
}

/** When the machine wants its next `tick`; null: not by itself. */
export function nextPtzWakeMs(state: PtzState): number | null {
  const { releaseAtMs, retryAtMs, refreshAtMs, cruise } = state;
  const times = [releaseAtMs, retryAtMs, refreshAtMs, cruise?.nextAtMs ?? null];
  const due = times.filter((time) => time !== null);
  return due.length === 0 ? null : Math.min(...due);
}

/** Whether nothing is left to do: the camera stands still and knows everything. */
export function isPtzIdle({ driving, inFlight, wanted, releaseAtMs, hand }: PtzState): boolean {
  return !driving && inFlight === null && wanted === null && releaseAtMs === null && hand === null;
}

function reduce(
  state: PtzState,
  event: PtzEvent,
  nowMs: number,
  options: PtzMachineOptions,
): PtzState {
  switch (event.type) {
    case 'press': {
      const { direction, speed } = event;
      if (state.hand?.direction === direction && state.hand.speed === speed) return state;
      const hand = { direction, speed };
      const kind = options.drive === 'hold' ? 'press' : 'step';
      return {
        ...state,
        hand,
        wanted: { kind, ...hand },
        releaseAtMs: null,
        refreshAtMs: null,
        cruise: null,
        apex: state.apex === direction ? state.apex : null,
        lastDirection: direction,
      };
    }
    case 'lift':
      if (state.hand === null) return state;
      return {
        ...state,
        ...letGo(state, nowMs + options.releaseDelayMs),
        // A tap that waits for its turn still counts; a change of a drive that ends does not.
        wanted: state.wanted?.kind === 'press' && state.driving ? null : state.wanted,
      };
    case 'cancel':
      return {
        ...state,
        ...letGo(state, nowMs),
        wanted: state.wanted?.kind === 'step' ? null : state.wanted,
        cruise: null,
      };
    case 'go':
      return { ...state, ...letGo(state, null), wanted: event.to, cruise: null, apex: null };
    case 'cruise': {
      const { presets, dwellMs } = event;
      if (presets.length === 0) return { ...state, cruise: null };
      const round = { presets, dwellMs: Math.max(MIN_DWELL_MS, dwellMs) };
      return { ...state, cruise: { ...round, index: -1, nextAtMs: nowMs } };
    }
    case 'errand':
      if (state.errands.length >= MAX_ERRANDS) return state;
      return { ...state, errands: [...state.errands, event.errand] };
    case 'replied':
      return event.number === state.inFlight?.number ? onReply(state, event.reply, nowMs) : state;
    case 'lost':
      return {
        ...state,
        ...letGo(state, null),
        wanted: null,
        errands: [],
        inFlight: null,
        driving: false,
        unsure: false,
        failures: 0,
        retryAtMs: null,
        cruise: null,
        problem: 'lost',
      };
    case 'tick':
      return state;
    default:
      return event satisfies never;
  }
}

/** @param atMs when the release is due, unless one is due earlier; null: none. */
function letGo(
  { driving, wanted, releaseAtMs }: PtzState,
  atMs: number | null,
): Pick<PtzState, 'hand' | 'refreshAtMs' | 'releaseAtMs'> {
  const moves = driving || wanted?.kind === 'press';
  const due = moves && atMs !== null ? Math.min(atMs, releaseAtMs ?? Infinity) : null;
  return { hand: null, refreshAtMs: null, releaseAtMs: due };
}

function onReply(state: PtzState, reply: PtzReply, nowMs: number): PtzState {
  const { command } = state.inFlight!;
  const next: PtzState = { ...state, inFlight: null };
  if (reply.kind === 'unanswered') {
    const problem = 'unanswered';
    switch (command.kind) {
      case 'press': {
        const refreshAtMs = next.hand === null ? null : nowMs + AGAIN_MS;
        return { ...next, problem, unsure: true, refreshAtMs };
      }
      case 'release': {
        const waitMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(8, next.failures));
        return { ...next, problem, failures: next.failures + 1, retryAtMs: nowMs + waitMs };
      }
      default:
        return { ...next, problem };
    }
  }
  const { problem, apex, presets } = reply;
  switch (command.kind) {
    case 'press':
    case 'step': {
      const isCurrent = command.direction === next.lastDirection;
      return { ...next, problem, apex: isCurrent && apex ? command.direction : null };
    }
    case 'release': {
      const released: PtzState = {
        ...next,
        problem: null,
        failures: 0,
        retryAtMs: null,
        unsure: false,
        apex: apex && next.hand === null ? next.lastDirection : next.apex,
      };
      // A press that was given up may have been overtaken: once more, to be sure.
      return state.unsure
        ? { ...released, retryAtMs: nowMs + AGAIN_MS }
        : { ...released, driving: false };
    }
    case 'preset-list':
      return { ...next, problem, presets: presets ?? next.presets };
    case 'preset-set':
    case 'preset-delete':
      return { ...next, problem, errands: [{ kind: 'preset-list' }, ...next.errands] };
    case 'home':
    case 'preset-go':
      return { ...next, problem };
    default:
      return command satisfies never;
  }
}

/** What has become due. */
function onDue(state: PtzState, nowMs: number, { drive }: PtzMachineOptions): PtzState {
  const isDue = (timeMs: number | null): boolean => timeMs !== null && timeMs <= nowMs;
  let next = state;
  if (isDue(next.releaseAtMs)) {
    // A press that was never sent needs no release.
    const wanted: PtzMotion | null = next.driving ? { kind: 'release' } : null;
    next = { ...next, releaseAtMs: null, retryAtMs: null, wanted };
  }
  if (isDue(next.retryAtMs)) {
    const isFree = next.hand === null && next.wanted === null && next.driving;
    next = { ...next, retryAtMs: null, ...(isFree && { wanted: { kind: 'release' } }) };
  }
  if (isDue(next.refreshAtMs)) {
    const kind = drive === 'hold' ? 'press' : 'step';
    const again = next.hand !== null && next.wanted === null && next.inFlight === null;
    next = { ...next, refreshAtMs: null, ...(again && { wanted: { kind, ...next.hand! } }) };
  }
  if (next.cruise !== null && isDue(next.cruise.nextAtMs)) {
    const { presets, dwellMs, index } = next.cruise;
    const at = (index + 1) % presets.length;
    const cruise = { presets, dwellMs, index: at, nextAtMs: nowMs + dwellMs };
    next = { ...next, cruise, wanted: { kind: 'preset-go', preset: presets[at]! } };
  }
  return next;
}

function sendNext(
  state: PtzState,
  nowMs: number,
  { refreshMs }: PtzMachineOptions,
): { readonly state: PtzState; readonly send: Extract<PtzEffect, { type: 'send' }> | null } {
  if (state.inFlight !== null) return { state, send: null };
  const { wanted, driving, errands, hand, releaseAtMs, retryAtMs } = state;
  let command: PtzCommand;
  let rest: Partial<PtzState>;
  if (wanted !== null && driving && (wanted.kind === 'home' || wanted.kind === 'preset-go')) {
    // A release after the way has begun would end it.
    if (retryAtMs !== null) return { state, send: null };
    command = { kind: 'release' };
    rest = { releaseAtMs: null };
  } else if (wanted !== null) {
    command = wanted;
    rest = { wanted: null };
  } else if (errands.length > 0 && !driving && hand === null && releaseAtMs === null) {
    command = errands[0]!;
    rest = { errands: errands.slice(1) };
  } else {
    return { state, send: null };
  }
  const number = state.sent + 1;
  const isHeld = (command.kind === 'press' || command.kind === 'step') && hand !== null;
  return {
    state: {
      ...state,
      ...rest,
      inFlight: { number, command },
      sent: number,
      driving: driving || command.kind === 'press',
      refreshAtMs: isHeld ? nowMs + refreshMs : state.refreshAtMs,
    },
    send: { type: 'send', number, command, timeoutMs: timeoutOf(command, state, nowMs) },
  };
}

function timeoutOf({ kind }: PtzCommand, state: PtzState, nowMs: number): number {
  switch (kind) {
    case 'release': {
      const fullMs = MOTION_TIMEOUT_MS * 2 ** Math.min(8, state.failures);
      return Math.min(LONGEST_TIMEOUT_MS, fullMs);
    }
    case 'press': {
      // Nothing may keep the release from following in time.
      const leftMs = (state.releaseAtMs ?? Infinity) + RELEASE_GRACE_MS - nowMs;
      return Math.min(MOTION_TIMEOUT_MS, Math.max(SHORTEST_TIMEOUT_MS, leftMs));
    }
    case 'preset-list':
    case 'preset-set':
    case 'preset-delete':
      return ERRAND_TIMEOUT_MS;
    case 'step':
    case 'home':
    case 'preset-go':
      return MOTION_TIMEOUT_MS;
    default:
      return kind satisfies never;
  }
}
