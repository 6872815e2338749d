import type { PlayerEvent } from './player-event';
import type { PlayerState } from './player-state';

/** Steps of a launch, named as in the reference (§4.7). */
export type LaunchStepName =
  /** Until the surface is ready. */
  | 'CreatePlayer'
  | 'InitModule'
  /** Until the connection is up. */
  | 'StartP2PService'
  /** Until the surface asks for bytes. */
  | 'ConnectLocalServer'
  /** Until the camera has told that it can play. */
  | 'CheckStream'
  /** Until the request is accepted. */
  | 'StartStream'
  /** Until the head of the answer. */
  | 'WaitHeader'
  /** Until the first bytes. */
  | 'WaitData'
  /** As `WaitData`, when none came: until the stream failed. */
  | 'WaitStream'
  /** Until the first picture. */
  | 'WaitIDR'
  /** Waiting for the next try. */
  | 'AutoReconnect'
  /** The end without a picture. */
  | 'FinalStop';

/** What began a launch: the reference's names, and `recover` for what the player does by itself. */
export type StartAction = 'enter' | 'changeFlv' | 'clickRetry' | 'recover';

export interface LaunchStep {
  readonly name: LaunchStepName;
  /** Since the launch began, in ms. */
  readonly atMs: number;
  /** In ms; null while the step lasts. */
  readonly durationMs: number | null;
}

/** How one way to the picture went, step by step. Steps of surface and connection overlap. */
export interface LaunchTrace {
  /** Monotonic ms. */
  readonly startedAtMs: number;
  readonly startAction: StartAction;
  readonly steps: readonly LaunchStep[];
  /** `playing` at the first picture, `failed` where only the user can try again. */
  readonly result: 'pending' | 'playing' | 'failed' | 'stopped';
  /** From the start to the result, in ms; null while pending. */
  readonly totalMs: number | null;
  /** When the connection stood, and when the surface was ready as well, in ms from the start. */
  readonly p2pConnectedMs: number | null;
  readonly bothReadyMs: number | null;
  /** What had come by the first picture; null before it. */
  readonly firstPicture: { readonly chunks: number; readonly bytes: number } | null;
}

const STEP_NAMES: readonly LaunchStepName[] = [
  'CreatePlayer',
  'InitModule',
  'StartP2PService',
  'ConnectLocalServer',
  'CheckStream',
  'StartStream',
  'WaitHeader',
  'WaitData',
  'WaitIDR',
  'AutoReconnect',
];

/** Follows the machine from one state to the next; a pure fold. */
export function traceTransition(
  trace: LaunchTrace | null,
  from: PlayerState,
  to: PlayerState,
  nowMs: number,
  event: PlayerEvent['type'],
): LaunchTrace | null {
  let next = trace;
  // Another stream is another launch, even while the one before is under way.
  if (isUnderWay(to) && (!isUnderWay(from) || event === 'stream-changed')) {
    next = { ...NEW_TRACE, startedAtMs: nowMs, startAction: startActionOf(event, from) };
  }
  if (next === null || next.result !== 'pending') return next;

  const elapsedMs = nowMs - next.startedAtMs;
  const result = resultOf(to);
  const running = result === 'pending' ? runningSteps(to) : NO_STEPS;
  const failed = 'error' in to.stream;
  const steps = next.steps.map((step) => {
    if (step.durationMs !== null || running.has(step.name)) return step;
    const name = failed && step.name === 'WaitData' ? 'WaitStream' : step.name;
    return { name, atMs: step.atMs, durationMs: elapsedMs - step.atMs };
  });
  for (const name of STEP_NAMES) {
    const isOpen = steps.some((step) => step.name === name && step.durationMs === null);
    if (running.has(name) && !isOpen) steps.push({ name, atMs: elapsedMs, durationMs: null });
  }
  if (result === 'failed' || result === 'stopped') {
    steps.push({ name: 'FinalStop', atMs: elapsedMs, durationMs: 0 });
  }
  const connected = to.p2p.kind === 'ServiceStarted';
  const ready = connected && to.player.kind === 'PlayerReady';
  return {
    ...next,
    steps,
    result,
    totalMs: result === 'pending' ? null : elapsedMs,
    p2pConnectedMs: next.p2pConnectedMs ?? (connected ? elapsedMs : null),
    bothReadyMs: next.bothReadyMs ?? (ready ? elapsedMs : null),
  };
}

const NEW_TRACE = {
  steps: [],
  result: 'pending',
  totalMs: null,
  p2pConnectedMs: null,
  bothReadyMs: null,
  firstPicture: null,
} as const;

function startActionOf(event: PlayerEvent['type'], from: PlayerState): StartAction {
  if (event === 'stream-changed') return 'changeFlv';
  if (event === 'retry') return 'clickRetry';
  if (event !== 'start') return 'recover';
  return from.phase === 'new' || from.phase === 'closed' ? 'enter' : 'clickRetry';
}

const NO_STEPS: ReadonlySet<LaunchStepName> = new Set();

/** A picture is wanted, not shown, and still to be had without the user. */
function isUnderWay(state: PlayerState): boolean {
  return resultOf(state) === 'pending';
}

function resultOf({ phase, suspended, recovery, stream }: PlayerState): LaunchTrace['result'] {
  if (phase !== 'running' || suspended) return 'stopped';
  if (recovery.kind === 'failed') return 'failed';
  return stream.kind === 'StreamDataReceived' && stream.shown ? 'playing' : 'pending';
}

function runningSteps({ player, p2p, stream, recovery }: PlayerState): Set<LaunchStepName> {
  const steps = new Set<LaunchStepName>();
  if (player.kind === 'PlayerPreparing') steps.add('CreatePlayer');
  if (p2p.kind === 'P2PIniting') steps.add('InitModule');
  if (p2p.kind === 'ServicePreparing') steps.add('StartP2PService');
  if (recovery.kind === 'scheduled') steps.add('AutoReconnect');
  const step = STREAM_STEPS[stream.kind];
  if (step !== undefined) steps.add(step);
  return steps;
}

const STREAM_STEPS: { readonly [Kind in PlayerState['stream']['kind']]?: LaunchStepName } = {
  StreamWaitPull: 'ConnectLocalServer',
  StreamReceivePull: 'StartStream',
  StreamChecking: 'CheckStream',
  StreamPreparing: 'StartStream',
  StreamStarted: 'WaitHeader',
  StreamRequest: 'WaitHeader',
  StreamHeaderParsed: 'WaitData',
  StreamDataReceived: 'WaitIDR',
};
