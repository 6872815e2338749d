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
  /** Until the request is accepted. */
  | 'StartStream'
  /** Until the head of the answer. */
  | 'WaitHeader'
  /** Until the first bytes. */
  | 'WaitData'
  /** Until the first picture. */
  | 'WaitIDR'
  /** Waiting for the next try. */
  | 'AutoReconnect';

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
  readonly steps: readonly LaunchStep[];
  /** `playing` at the first picture, `failed` where only the user can try again. */
  readonly result: 'pending' | 'playing' | 'failed' | 'stopped';
  /** From the start to the result, in ms; null while pending. */
  readonly totalMs: number | null;
}

const STEP_NAMES: readonly LaunchStepName[] = [
  'CreatePlayer',
  'InitModule',
  'StartP2PService',
  'ConnectLocalServer',
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
): LaunchTrace | null {
  let next = trace;
  if (isUnderWay(to) && !isUnderWay(from)) {
    next = { startedAtMs: nowMs, steps: [], result: 'pending', totalMs: null };
  }
  if (next === null || next.result !== 'pending') return next;

  const elapsedMs = nowMs - next.startedAtMs;
  const result = resultOf(to);
  const running = result === 'pending' ? runningSteps(to) : NO_STEPS;
  const steps = next.steps.map((step) =>
    step.durationMs === null && !running.has(step.name)
      ? { ...step, durationMs: elapsedMs - step.atMs }
      : step,
  );
  for (const name of STEP_NAMES) {
    const isOpen = steps.some((step) => step.name === name && step.durationMs === null);
    if (running.has(name) && !isOpen) steps.push({ name, atMs: elapsedMs, durationMs: null });
  }
  return { ...next, steps, result, totalMs: result === 'pending' ? null : elapsedMs };
}

const NO_STEPS: ReadonlySet<LaunchStepName> = new Set();

/** A picture is wanted, not shown, and still to be had without the user. */
function isUnderWay(state: PlayerState): boolean {
  return resultOf(state) === 'pending';
}

function resultOf({ phase, recovery, stream }: PlayerState): LaunchTrace['result'] {
  if (phase !== 'running') return 'stopped';
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
  StreamPreparing: 'StartStream',
  StreamStarted: 'WaitHeader',
  StreamRequest: 'WaitHeader',
  StreamHeaderParsed: 'WaitData',
  StreamDataReceived: 'WaitIDR',
};
