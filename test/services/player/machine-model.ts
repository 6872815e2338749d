import assert from 'node:assert';
import fc from 'fast-check';
import type { PlayerMachineOptions, PlayerState } from '../../../services/player';
import type { PlayerEffect, TimerName } from '../../../services/player/player-effect';
import { hasTimer } from '../../../services/player/player-holdings';
import { isWanted } from '../../../services/player/player-state';
import { playerStatus } from '../../../services/player/player-status';
import { iotError } from '../../standins/fake-p2p-module';
import { MachineDriver } from './machine-driver';
import type { DrivenEvent } from './machine-driver';

const TIMERS: readonly TimerName[] = [
  'surface',
  'module',
  'service',
  'pull',
  'first-data',
  'first-frame',
  'silence',
  'stall',
  'path-down',
  'stable',
  'retry',
  'check',
  'hidden',
  'idle',
];

const error = fc.constantFrom(
  iotError('peer-offline'),
  iotError('no-data'),
  iotError('access-denied', false),
  iotError('stream-exists', false),
);

/** Mostly the current attempt, sometimes an outdated one. */
const attempt = fc.option(fc.nat(3), { nil: undefined, freq: 4 });

const event: fc.Arbitrary<DrivenEvent> = fc.oneof(
  ...(
    [
      'surface-ready',
      'start-pull',
      'first-frame',
      'stalled',
      'resumed',
      'blocked',
      'module-ready',
      'service-started',
      'stream-started',
      'request',
      'data',
      'stream-end',
      'link-lost',
      'stream-free',
      'checked',
    ] as const
  ).map((type) => fc.record({ type: fc.constant(type), attempt })),
  ...(
    [
      'surface-error',
      'module-failed',
      'service-failed',
      'disconnected',
      'stream-failed',
      'stream-broken',
      'check-failed',
    ] as const
  ).map((type) => fc.record({ type: fc.constant(type), attempt, error })),
  fc.record({
    type: fc.constant('parsed' as const),
    attempt,
    status: fc.constantFrom(200, 404, 503),
  }),
  fc.record({
    type: fc.constant('path' as const),
    attempt,
    path: fc.constantFrom(
      { state: 'up' } as const,
      { state: 'connecting' } as const,
      { state: 'down', reason: 'silent' } as const,
      { state: 'down', reason: 'peer-offline' } as const,
    ),
  }),
  fc.record({ type: fc.constant('visible' as const), visible: fc.boolean(), keeps: fc.boolean() }),
  fc.record({
    type: fc.constant('timer' as const),
    timer: fc.constantFrom(...TIMERS),
    sinceDataMs: fc.constantFrom(100, 9_000),
  }),
  fc.constantFrom<DrivenEvent>(
    { type: 'start' },
    { type: 'stop' },
    { type: 'retry' },
    { type: 'pause' },
    { type: 'close' },
    { type: 'network-changed' },
    { type: 'surface-replaced' },
    { type: 'stream-changed' },
  ),
  fc.record({
    type: fc.constant('figures' as const),
    feed: fc.record({
      keyframeIntervalMs: fc.constantFrom(null, 500, 4_000, 60_000),
      rttMs: fc.constantFrom(null, 20, 2_000),
    }),
  }),
  fc.record({
    type: fc.constant('latency' as const),
    attempt,
    latencyMs: fc.constantFrom(200, 9_000),
  }),
);

/** Something that leads on towards the picture; without it chance would hardly ever get there. */
interface Onward {
  readonly type: 'onward';
  readonly pick: number;
}

export type Step = DrivenEvent | Onward;

const ONWARD: Readonly<Record<string, readonly DrivenEvent[]>> = {
  PlayerPreparing: [{ type: 'surface-ready' }],
  P2PIniting: [{ type: 'module-ready' }],
  ServicePreparing: [{ type: 'service-started' }],
  StreamWaitPull: [{ type: 'start-pull' }],
  StreamReceivePull: [{ type: 'visible', visible: true }],
  StreamChecking: [{ type: 'checked' }],
  StreamPreparing: [{ type: 'stream-started' }, { type: 'data' }],
  StreamStarted: [{ type: 'request' }, { type: 'data' }],
  StreamRequest: [{ type: 'parsed', status: 200 }, { type: 'data' }],
  StreamHeaderParsed: [{ type: 'data' }],
  StreamDataReceived: [{ type: 'first-frame' }],
};

const RETRY = { type: 'retry' } as const;

function resolveStep(step: Step, { state }: MachineDriver, world: World): DrivenEvent {
  if (step.type !== 'onward') return step;
  const timers: readonly TimerName[] = [...world.timers].filter((timer) => timer === 'retry');
  const likely = [
    ...[state.player, state.p2p, state.stream].flatMap(({ kind }) => ONWARD[kind] ?? []),
    ...timers.map((timer) => ({ type: 'timer', timer, sinceDataMs: 0 }) as const),
    ...(isWanted(state) && state.recovery.kind !== 'failed' ? [] : [RETRY]),
  ];
  return likely[step.pick % likely.length] ?? { type: 'start' };
}

/** What the effects so far have left open, checked at each effect. */
export class World {
  sink = false;
  pull = false;
  service = false;
  stream = false;
  readonly timers = new Set<TimerName>();

  apply(effect: PlayerEffect, state: PlayerState): void {
    switch (effect.type) {
      case 'openSink':
        assert(!this.sink);
        this.sink = true;
        break;
      case 'closeSink':
        assert(this.sink);
        this.sink = false;
        break;
      case 'sinkPlay':
        assert(this.sink && !this.pull && this.service);
        assert.equal(state.player.kind, 'PlayerReady');
        this.pull = true;
        break;
      case 'sinkStop':
        assert(this.pull);
        this.pull = false;
        break;
      case 'startService':
        assert(!this.service);
        this.service = true;
        break;
      case 'stopService':
        assert(this.service && !this.stream);
        this.service = false;
        break;
      case 'startStream':
        assert(!this.stream);
        assert(this.sink && this.pull && this.service);
        if (!state.options.earlyStream) assert.equal(state.p2p.kind, 'ServiceStarted');
        // Nobody asks for a stream that the check has not passed.
        if (state.options.checkStream) assert(state.checked);
        this.stream = true;
        break;
      case 'stopStream':
        assert(this.stream);
        this.stream = false;
        break;
      case 'setTimer':
        this.timers.add(effect.timer);
        break;
      case 'clearTimer':
        this.timers.delete(effect.timer);
        break;
      case 'sinkEnd':
        assert(this.pull && !this.stream);
        break;
      case 'checkStream':
        assert(this.pull && this.service && !this.stream);
        break;
      case 'initModule':
      case 'reportError':
        break;
    }
  }
}

/** Plays a sequence and checks each state on the way. @throws AssertionError */
export function run(
  steps: readonly Step[],
  options: PlayerMachineOptions,
): [player: MachineDriver, world: World] {
  const player = new MachineDriver(options);
  const world = new World();
  for (const step of [{ type: 'start' } as const, ...steps]) {
    const next = resolveStep(step, player, world);
    // A timer fires only while it runs.
    if (next.type === 'timer' && !world.timers.delete(next.timer)) continue;
    player.nowMs += 1_000;
    const before = player.state;
    player.send(next);
    for (const effect of player.effects) world.apply(effect, player.state);
    checkState(player.state, world);
    if (player.state !== before) checkErrors(player);
  }
  return [player, world];
}

function checkState(state: PlayerState, world: World): void {
  const { kind } = playerStatus(state);
  const heldBack =
    !state.visible &&
    (state.stream.kind === 'StreamReceivePull' || state.stream.kind === 'StreamWaitPull');
  // The timers that run are those that the state waits for, no more and no less.
  for (const timer of TIMERS) assert.equal(world.timers.has(timer), hasTimer(state, timer), timer);
  if (kind === 'reconnecting') assert(world.timers.has('retry'));
  // Never stuck: each waiting state is left by a timer.
  if ((kind === 'loading' || kind === 'waiting' || kind === 'playing') && !heldBack) {
    assert(world.timers.size > 0, `${kind} waits without a timer`);
  }
  const { recovery } = state;
  if (recovery.kind === 'failed' && recovery.error.reason !== 'stream-exists') {
    assert(!world.service && !world.stream);
  }
  if (state.phase !== 'running' || state.suspended) assert(!world.stream && !world.pull);
  // A connection that nobody uses is not kept for ever.
  if (world.service && !isWanted(state)) assert(world.timers.has('idle'));
}

/** Every error ends in a try, in a connection that will tell more, or in a message. */
function checkErrors({ state, effects }: MachineDriver): void {
  if (!isWanted(state)) return;
  const failed = [state.player, state.p2p, state.stream].some((region) => 'error' in region);
  if (failed && state.recovery.kind === 'none') assert.equal(state.p2p.kind, 'ServicePreparing');
  const { kind } = playerStatus(state);
  if (state.recovery.kind === 'failed') assert.equal(kind, 'error');
  if (state.recovery.kind === 'scheduled') assert.equal(kind, 'reconnecting');
  const reports = effects.filter(({ type }) => type === 'reportError');
  assert(reports.length <= 1);
}

/** Leaving the page releases everything, from wherever. */
export function leave(player: MachineDriver, world: World): void {
  player.send('close');
  for (const effect of player.effects) world.apply(effect, player.state);
  const { sink, pull, service, stream, timers } = world;
  assert(!(sink || pull || service || stream) && timers.size === 0);
}

/** The user's retry leads to the picture when nothing goes wrong any more. */
export function retryUntilPlaying(player: MachineDriver): void {
  player.send({ type: 'visible', visible: true });
  player.send('retry');
  if (player.state.phase === 'closed') player.send('start');
  if (player.state.player.kind === 'PlayerPreparing') player.send('surface-ready');
  if (player.state.p2p.kind === 'P2PIniting') player.send('module-ready');
  if (player.state.p2p.kind === 'ServicePreparing') player.send('service-started');
  player.send({ type: 'path', path: { state: 'up' } });
  player.send('start-pull', 'checked', 'data', 'first-frame', 'resumed');
  assert.equal(playerStatus(player.state).kind, 'playing');
}

const onward = fc.record({ type: fc.constant('onward' as const), pick: fc.nat(5) });

/** Events in any order, mixed with those that lead on. */
export const sequences: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof({ weight: 3, arbitrary: onward }, { weight: 2, arbitrary: event }),
  { maxLength: 60, size: 'max' },
);

export const machineOptions: fc.Arbitrary<PlayerMachineOptions> = fc.record({
  earlyStream: fc.boolean(),
  checkStream: fc.boolean(),
  pauseAfterHiddenMs: fc.constantFrom(null, 30_000),
  cacheThresholdMs: fc.constantFrom(0, 1_000),
});
