import type { PlayerEffect, TimerName } from './player-effect';
import type { PlayerState, StreamRegion } from './player-state';
import { isWanted } from './player-state';
import { PLAYER_TIMINGS as T, streamTimings } from './player-timings';

/**
 * What a state holds: each resource by the attempt it belongs to, null when not held; and the timers
 * it must be left by. Effects are the difference between the holdings of two states, so a state
 * cannot be entered without its timer or left with its stream still open.
 */
interface Holdings {
  readonly sink: number | null;
  readonly module: number | null;
  readonly service: number | null;
  readonly pull: number | null;
  readonly check: number | null;
  readonly stream: number | null;
  readonly ended: number | null;
  readonly timers: ReadonlyMap<TimerName, Timer>;
}

interface Timer {
  readonly delayMs: number;
  /** A running timer is set anew when this changes. */
  readonly key: string;
}

/** The effects that lead from one state to the next: what is given up first, then what is taken. */
export function effectsBetween(from: PlayerState, to: PlayerState): PlayerEffect[] {
  const old = holdingsOf(from);
  const now = holdingsOf(to);
  const released = (key: 'sink' | 'service' | 'pull' | 'stream'): boolean =>
    old[key] !== null && old[key] !== now[key];
  const effects: PlayerEffect[] = [];

  for (const [timer, { key }] of old.timers) {
    if (now.timers.get(timer)?.key !== key) effects.push({ type: 'clearTimer', timer });
  }
  if (released('stream')) effects.push({ type: 'stopStream' });
  if (released('pull')) effects.push({ type: 'sinkStop' });
  if (released('service')) effects.push({ type: 'stopService' });
  if (released('sink')) effects.push({ type: 'closeSink' });

  // Timers come before what may answer at once.
  for (const [timer, { key, delayMs }] of now.timers) {
    if (old.timers.get(timer)?.key !== key) effects.push({ type: 'setTimer', timer, delayMs });
  }
  const take = (
    key: 'sink' | 'module' | 'service' | 'pull' | 'check' | 'stream',
    type: 'openSink' | 'initModule' | 'startService' | 'sinkPlay' | 'checkStream' | 'startStream',
  ): void => {
    const attempt = now[key];
    if (attempt !== null && attempt !== old[key]) effects.push({ type, attempt });
  };
  take('sink', 'openSink');
  take('module', 'initModule');
  take('service', 'startService');
  take('pull', 'sinkPlay');
  take('check', 'checkStream');
  take('stream', 'startStream');
  if (now.ended !== null && now.ended !== old.ended) effects.push({ type: 'sinkEnd' });
  return effects;
}

/** Whether the state waits for this timer. */
export function hasTimer(state: PlayerState, timer: TimerName): boolean {
  return timersOf(state).has(timer);
}

function holdingsOf(state: PlayerState): Holdings {
  const { player, p2p, stream, attempts } = state;
  const when = (held: boolean, attempt: number): number | null => (held ? attempt : null);
  return {
    sink: when(player.kind === 'PlayerPreparing' || player.kind === 'PlayerReady', attempts.player),
    module: when(p2p.kind === 'P2PIniting', attempts.module),
    service: when(
      p2p.kind === 'ServicePreparing' || p2p.kind === 'ServiceStarted',
      attempts.service,
    ),
    pull: when(isPulling(stream), attempts.stream),
    check: when(stream.kind === 'StreamChecking', attempts.stream),
    stream: when(isStreaming(stream), attempts.stream),
    ended: when(stream.kind === 'StreamDataEnd', attempts.stream),
    timers: timersOf(state),
  };
}

/** The surface is between play and stop. */
export function isPulling(stream: StreamRegion): boolean {
  return (
    stream.kind === 'StreamWaitPull' ||
    stream.kind === 'StreamReceivePull' ||
    stream.kind === 'StreamChecking' ||
    stream.kind === 'StreamDataEnd' ||
    isStreaming(stream)
  );
}

/** The seed's "playing" set: between startStream and stopStream. */
export function isStreaming({ kind }: StreamRegion): boolean {
  return (
    kind === 'StreamPreparing' ||
    kind === 'StreamStarted' ||
    kind === 'StreamRequest' ||
    kind === 'StreamHeaderParsed' ||
    kind === 'StreamDataReceived'
  );
}

function timersOf(state: PlayerState): Map<TimerName, Timer> {
  const timers = new Map<TimerName, Timer>();
  const { player, p2p, recovery, attempts } = state;
  const set = (timer: TimerName, delayMs: number, key: number | string): void => {
    timers.set(timer, { delayMs, key: String(key) });
  };
  if (player.kind === 'PlayerPreparing') set('surface', T.surfaceMs, attempts.player);
  if (p2p.kind === 'P2PIniting') set('module', T.moduleMs, attempts.module);
  if (p2p.kind === 'ServicePreparing') set('service', T.serviceMs, attempts.service);
  if (p2p.kind === 'ServiceStarted' && state.path.state === 'down') {
    set('path-down', T.pathDownMs, `${attempts.service}.${state.pathChanges}`);
  }
  const { pauseAfterHiddenMs } = state.options;
  const watching = isWanted(state);
  if (watching && !state.visible && !state.keepsHidden && pauseAfterHiddenMs !== null) {
    set('hidden', pauseAfterHiddenMs, '');
  }
  const hasService = p2p.kind === 'ServicePreparing' || p2p.kind === 'ServiceStarted';
  if (!watching && hasService) set('idle', T.idleMs, attempts.service);
  if (recovery.kind === 'scheduled') set('retry', recovery.delayMs, recovery.dueAtMs);
  setStreamTimers(state, set);
  return timers;
}

function setStreamTimers(
  state: PlayerState,
  set: (timer: TimerName, delayMs: number, key: string) => void,
): void {
  const { stream, visible } = state;
  const timings = streamTimings(state.feed);
  const pathUp = state.p2p.kind === 'ServiceStarted' && state.path.state !== 'down';
  // A path that comes back gives the stream its full time again.
  const key = `${state.attempts.stream}.${state.pathChanges}.${visible}`;
  switch (stream.kind) {
    case 'StreamWaitPull':
      // A hidden page's surface may sleep; showing the page sets the timer.
      if (visible) set('pull', T.pullMs, key);
      return;
    case 'StreamChecking':
      set('check', T.checkMs, key);
      return;
    case 'StreamPreparing':
    case 'StreamStarted':
    case 'StreamRequest':
    case 'StreamHeaderParsed':
      // Until the connection is up or back, its own timer runs.
      if (pathUp) set('first-data', timings.firstDataMs, key);
      return;
    case 'StreamDataReceived': {
      if (!stream.shown && visible) set('first-frame', timings.firstFrameMs, key);
      if (pathUp) set('silence', stream.silenceDelayMs, `${key}.${stream.silenceCheck}`);
      if (stream.shown && stream.stalled && visible && pathUp) set('stall', timings.stallMs, key);
      if (stream.shown && !stream.stalled && state.failures > 0) {
        set('stable', T.stableMs, `${key}.${state.failures}`);
      }
      return;
    }
    case 'StreamIdle':
    case 'StreamReceivePull':
    case 'StreamDataEnd':
    case 'StreamCheckError':
    case 'StreamStartError':
    case 'StreamHttpStatusError':
    case 'StreamError':
      return;
    default:
      stream satisfies never;
  }
}
