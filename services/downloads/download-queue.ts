import type { IotError } from '../errors';
import type { DownloadItem, DownloadPhase } from './types';

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 60_000;
/** Tries in a row that bring nothing, until the user is asked. */
const MAX_FAILURES = 10;

export interface DownloadQueueState {
  /** In the order in which they are fetched. */
  readonly items: readonly DownloadItem[];
  /** Cameras that can be reached: the ids the app knows at present. */
  readonly devices: ReadonlySet<string>;
  /** Counts tries, so that what an old one still tells is known as such. */
  readonly attempts: number;
}

export const EMPTY_QUEUE: DownloadQueueState = { items: [], devices: new Set(), attempts: 0 };

export type DownloadQueueEvent =
  | { readonly type: 'devices'; readonly ids: ReadonlySet<string> }
  | { readonly type: 'add'; readonly items: readonly DownloadItem[] }
  | { readonly type: 'remove'; readonly id: string }
  | { readonly type: 'pause'; readonly id: string }
  | { readonly type: 'resume'; readonly id: string }
  /** Puts an item at a place of the list, 0-based. */
  | { readonly type: 'move'; readonly id: string; readonly to: number }
  /** The network is back, or somebody looks again: no reason to wait any longer. */
  | { readonly type: 'wake' }
  | { readonly type: 'due'; readonly id: string }
  | {
      readonly type: 'opened';
      readonly id: string;
      readonly attempt: number;
      readonly storedBytes: number;
    }
  | {
      readonly type: 'sized';
      readonly id: string;
      readonly attempt: number;
      readonly sizeBytes: number;
    }
  | {
      readonly type: 'stored';
      readonly id: string;
      readonly attempt: number;
      readonly storedBytes: number;
    }
  | { readonly type: 'finished'; readonly id: string; readonly attempt: number }
  | {
      readonly type: 'failed';
      readonly id: string;
      readonly attempt: number;
      readonly error: IotError;
    };

/** What the machine needs of the outside world, as data. */
export interface QueueStamp {
  /** Monotonic time in ms. */
  readonly nowMs: number;
  /** A random number, 0 ≤ jitter < 1. */
  readonly jitter: number;
}

export type DownloadEffect =
  | { readonly type: 'start'; readonly id: string; readonly attempt: number }
  | { readonly type: 'stop'; readonly id: string }
  | { readonly type: 'setTimer'; readonly id: string; readonly delayMs: number }
  | { readonly type: 'clearTimer'; readonly id: string }
  /** Deletes what is stored. */
  | { readonly type: 'discard'; readonly id: string; readonly storedName: string };

export interface QueueTransition {
  readonly state: DownloadQueueState;
  readonly effects: readonly DownloadEffect[];
}

/**
 * The queue's rules: one file per camera at a time, in the list's order. A file that waits for its next
 * try keeps its camera, since the next file would meet the same trouble.
 */
export function downloadQueue(
  state: DownloadQueueState,
  event: DownloadQueueEvent,
  stamp: QueueStamp,
): QueueTransition {
  const reduced = reduce(state, event, stamp);
  if (reduced === state) return { state, effects: [] };
  const next = startWhatCan(reduced);
  return { state: next, effects: effectsBetween(state, next) };
}

function reduce(
  state: DownloadQueueState,
  event: DownloadQueueEvent,
  stamp: QueueStamp,
): DownloadQueueState {
  switch (event.type) {
    case 'devices':
      return withoutDevices({ ...state, devices: event.ids });
    case 'add': {
      const known = new Set(state.items.map(({ id }) => id));
      const fresh = event.items.filter(({ id }) => !known.has(id) && known.add(id));
      return fresh.length === 0 ? state : { ...state, items: [...state.items, ...fresh] };
    }
    case 'remove': {
      const items = state.items.filter(({ id }) => id !== event.id);
      return items.length === state.items.length ? state : { ...state, items };
    }
    case 'pause':
      return change(state, event.id, (item) =>
        ['queued', 'running', 'waiting'].includes(item.phase.kind)
          ? { ...item, phase: { kind: 'paused' } }
          : item,
      );
    case 'resume':
      return change(state, event.id, (item) =>
        ['paused', 'failed', 'waiting'].includes(item.phase.kind)
          ? { ...item, failures: 0, phase: { kind: 'queued' } }
          : item,
      );
    case 'move':
      return move(state, event.id, event.to);
    case 'wake':
      return state.items.reduce(
        (next, { id, phase }) => (phase.kind === 'waiting' ? requeue(next, id) : next),
        state,
      );
    case 'due':
      return state.items.some(({ id, phase }) => id === event.id && phase.kind === 'waiting')
        ? requeue(state, event.id)
        : state;
    case 'opened':
    case 'sized':
    case 'stored':
    case 'finished':
    case 'failed':
      return change(state, event.id, (item) =>
        item.phase.kind === 'running' && item.phase.attempt === event.attempt
          ? onTransfer(item, event, stamp)
          : item,
      );
    default:
      return event satisfies never;
  }
}

function onTransfer(
  item: DownloadItem,
  event: Extract<DownloadQueueEvent, { readonly attempt: number }>,
  { nowMs, jitter }: QueueStamp,
): DownloadItem {
  switch (event.type) {
    case 'opened':
      return item.storedBytes === event.storedBytes
        ? item
        : { ...item, storedBytes: event.storedBytes };
    case 'sized':
      return item.sizeBytes === event.sizeBytes ? item : { ...item, sizeBytes: event.sizeBytes };
    case 'stored':
      return { ...item, storedBytes: event.storedBytes, failures: 0 };
    case 'finished':
      return { ...item, failures: 0, phase: { kind: 'done' } };
    case 'failed': {
      const { error } = event;
      const failures = item.failures + 1;
      if (!error.retryable || failures >= MAX_FAILURES) {
        return { ...item, failures, phase: { kind: 'failed', error } };
      }
      const delayMs = backOffMs(failures, jitter);
      return {
        ...item,
        failures,
        phase: { kind: 'waiting', delayMs, dueAtMs: nowMs + delayMs, error },
      };
    }
    default:
      return event satisfies never;
  }
}

/** Doubles from 1 s to 1 min; the upper half is random. */
function backOffMs(failures: number, jitter: number): number {
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
  return Math.round(full * (0.5 + jitter / 2));
}

function startWhatCan(state: DownloadQueueState): DownloadQueueState {
  const busy = new Set(
    state.items
      .filter(({ phase: { kind } }) => kind === 'running' || kind === 'waiting')
      .map(({ deviceId }) => deviceId),
  );
  let { attempts } = state;
  const items = state.items.map((item): DownloadItem => {
    const { deviceId, phase } = item;
    if (phase.kind !== 'queued' || busy.has(deviceId) || !state.devices.has(deviceId)) return item;
    busy.add(deviceId);
    return { ...item, phase: { kind: 'running', attempt: ++attempts } };
  });
  return attempts === state.attempts ? state : { ...state, items, attempts };
}

/** The effects that lead from one state to the next: what is given up first, then what is taken. */
function effectsBetween(from: DownloadQueueState, to: DownloadQueueState): DownloadEffect[] {
  const old = new Map(from.items.map((item) => [item.id, item]));
  const now = new Map(to.items.map((item) => [item.id, item]));
  const ended: DownloadEffect[] = [];
  const begun: DownloadEffect[] = [];
  for (const { id, phase, storedName } of from.items) {
    const next = now.get(id);
    if (attemptOf(phase) !== null && attemptOf(phase) !== attemptOf(next?.phase)) {
      ended.push({ type: 'stop', id });
    }
    if (dueOf(phase) !== null && dueOf(phase) !== dueOf(next?.phase)) {
      ended.push({ type: 'clearTimer', id });
    }
    if (next === undefined) ended.push({ type: 'discard', id, storedName });
  }
  for (const { id, phase } of to.items) {
    const before = old.get(id)?.phase;
    if (phase.kind === 'running' && phase.attempt !== attemptOf(before)) {
      begun.push({ type: 'start', id, attempt: phase.attempt });
    }
    if (phase.kind === 'waiting' && phase.dueAtMs !== dueOf(before)) {
      begun.push({ type: 'setTimer', id, delayMs: phase.delayMs });
    }
  }
  return [...ended, ...begun];
}

function attemptOf(phase: DownloadPhase | undefined): number | null {
  return phase?.kind === 'running' ? phase.attempt : null;
}

function dueOf(phase: DownloadPhase | undefined): number | null {
  return phase?.kind === 'waiting' ? phase.dueAtMs : null;
}

function change(
  state: DownloadQueueState,
  id: string,
  update: (item: DownloadItem) => DownloadItem,
): DownloadQueueState {
  const index = state.items.findIndex((item) => item.id === id);
  const item = state.items[index];
  if (item === undefined) return state;
  const updated = update(item);
  if (updated === item) return state;
  const items = [...state.items];
  items[index] = updated;
  return { ...state, items };
}

function requeue(state: DownloadQueueState, id: string): DownloadQueueState {
  return change(state, id, (item) => ({ ...item, phase: { kind: 'queued' } }));
}

function withoutDevices(state: DownloadQueueState): DownloadQueueState {
  return state.items.reduce(
    (next, { id, deviceId, phase }) =>
      phase.kind === 'running' && !state.devices.has(deviceId) ? requeue(next, id) : next,
    state,
  );
}

function move(state: DownloadQueueState, id: string, to: number): DownloadQueueState {
  const from = state.items.findIndex((item) => item.id === id);
  const place = Math.max(0, Math.min(state.items.length - 1, Math.trunc(to) || 0));
  if (from < 0 || from === place) return state;
  const items = [...state.items];
  const [item] = items.splice(from, 1);
  items.splice(place, 0, item!);
  return { ...state, items };
}
