import fc from 'fast-check';
import type { PlayerState } from '../../../services/player';
import type { PlayerEffect, TimerName } from '../../../services/player/player-effect';
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
];

const error = fc.constantFrom(
  iotError('peer-offline'),
  iotError('no-data'),
  iotError('access-denied', false),
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
  fc.record({ type: fc.constant('visible' as const), visible: fc.boolean() }),
  fc.record({
    type: fc.constant('timer' as const),
    timer: fc.constantFrom(...TIMERS),
    sinceDataMs: fc.constantFrom(100, 9_000),
  }),
  fc.constantFrom<DrivenEvent>(
    { type: 'start' },
    { type: 'stop' },
    { type: 'retry' },
    { type: 'stream-changed' },
  ),
);

/** Something that leads on towards the picture; without it chance would hardly ever get there. */
interface Onward {
  readonly type: 'onward';
  readonly pick: number;
}

type Step = DrivenEvent | Onward;

const ONWARD: Readonly<Record<string, readonly DrivenEvent[]>> = {
  PlayerPreparing: [{ type: 'surface-ready' }],
  P2PIniting: [{ type: 'module-ready' }],
  ServicePreparing: [{ type: 'service-started' }],
  StreamWaitPull: [{ type: 'start-pull' }],
  StreamReceivePull: [{ type: 'visible', visible: true }],
  StreamPreparing: [{ type: 'stream-started' }, { type: 'data' }],
  StreamStarted: [{ type: 'request' }, { type: 'data' }],
  StreamRequest: [{ type: 'parsed', status: 200 }, { type: 'data' }],
  StreamHeaderParsed: [{ type: 'data' }],
  StreamDataReceived: [{ type: 'first-frame' }],
};

function resolveStep(step: Step, { state }: MachineDriver, world: World): DrivenEvent {
  if (step.type !== 'onward') return step;
  const timers: readonly TimerName[] = [...world.timers].filter((timer) => timer === 'retry');
  const likely = [
    ...[state.player, state.p2p, state.stream].flatMap(({ kind }) => ONWARD[kind] ?? []),
    ...timers.map((timer) => ({ type: 'timer', timer, sinceDataMs: 0 }) as const),
    ...(state.phase === 'running' && state.recovery.kind !== 'failed'
      ? []
      : [{ type: 'retry' } as const]),
  ];
  return likely[step.pick % likely.length] ?? { type: 'start' };
}

/** What the effects so far have left open, checked at each effect. */
class World {
  sink = false;
  pull = false;
  service = false;
  stream = false;
  readonly timers = new Set<TimerName>();

  apply(effect: PlayerEffect, state: PlayerState): void {
    switch (effect.type) {
      case 'openSink':
        expect(this.sink).toBe(false);
        this.sink = true;
        break;
      case 'closeSink':
        expect(this.sink).toBe(true);
        this.sink = false;
        break;
      case 'sinkPlay':
        expect(this.sink && !this.pull && this.service).toBe(true);
        expect(state.player.kind).toBe('PlayerReady');
        this.pull = true;
        break;
      case 'sinkStop':
        expect(this.pull).toBe(true);
        this.pull = false;
        break;
      case 'startService':
        expect(this.service).toBe(false);
        this.service = true;
        break;
      case 'stopService':
        expect(this.service && !this.stream).toBe(true);
        this.service = false;
        break;
      case 'startStream':
        expect(this.stream).toBe(false);
        expect(this.sink && this.pull && this.service).toBe(true);
        if (!state.earlyStream) expect(state.p2p.kind).toBe('ServiceStarted');
        this.stream = true;
        break;
      case 'stopStream':
        expect(this.stream).toBe(true);
        this.stream = false;
        break;
      case 'setTimer':
        this.timers.add(effect.timer);
        break;
      case 'clearTimer':
        this.timers.delete(effect.timer);
        break;
      case 'sinkEnd':
        expect(this.pull && !this.stream).toBe(true);
        break;
      case 'initModule':
      case 'reportError':
        break;
    }
  }
}

function run(steps: readonly Step[], earlyStream: boolean): [MachineDriver, World] {
  const player = new MachineDriver({ earlyStream });
  const world = new World();
  for (const step of [{ type: 'start' } as const, ...steps]) {
    const next = resolveStep(step, player, world);
    // A timer fires only while it runs.
    if (next.type === 'timer' && !world.timers.delete(next.timer)) continue;
    player.nowMs += 100;
    player.send(next);
    for (const effect of player.effects) world.apply(effect, player.state);
    checkState(player.state, world);
  }
  return [player, world];
}

function checkState(state: PlayerState, world: World): void {
  const { kind } = playerStatus(state);
  const heldBack =
    !state.visible &&
    (state.stream.kind === 'StreamReceivePull' || state.stream.kind === 'StreamWaitPull');
  if (kind === 'reconnecting') expect([...world.timers]).toContain('retry');
  if ((kind === 'loading' || kind === 'waiting' || kind === 'playing') && !heldBack) {
    expect(world.timers.size).toBeGreaterThan(0);
  }
  if (kind === 'error') expect(world.service || world.stream).toBe(false);
}

const onward = fc.record({ type: fc.constant('onward' as const), pick: fc.nat(5) });
const sequences = fc.array(
  fc.oneof({ weight: 3, arbitrary: onward }, { weight: 2, arbitrary: event }),
  {
    maxLength: 60,
    size: 'max',
  },
);

describe('playerMachine, whatever happens in whatever order', () => {
  it('never pulls two streams, nor one without surface, pull and connection', () => {
    fc.assert(
      fc.property(sequences, fc.boolean(), (events, earlyStream) => void run(events, earlyStream)),
      { numRuns: 1_500 },
    );
  });

  it('leaves every state but those that wait for the user by a timer', () => {
    fc.assert(
      fc.property(sequences, (events) => {
        const [player, world] = run(events, true);
        const { kind } = playerStatus(player.state);
        // From wherever it is, timers alone lead on to a try, never to a dead end.
        if (kind === 'reconnecting') {
          const { attempts } = player.timer('retry').state;
          expect(attempts).toBeDefined();
          expect(playerStatus(player.state).kind).not.toBe('reconnecting');
        }
        expect(world.timers.has('retry')).toBe(kind === 'reconnecting');
      }),
      { numRuns: 500 },
    );
  });

  it('can always be tried again by the user, and then plays', () => {
    fc.assert(
      fc.property(sequences, (events) => {
        const [player] = run(events, true);
        player.send({ type: 'visible', visible: true }, 'retry');
        if (player.state.player.kind === 'PlayerPreparing') player.send('surface-ready');
        if (player.state.p2p.kind === 'P2PIniting') player.send('module-ready');
        if (player.state.p2p.kind === 'ServicePreparing') player.send('service-started');
        player.send({ type: 'path', path: { state: 'up' } });
        player.send('start-pull', 'data', 'first-frame', 'resumed');
        expect(playerStatus(player.state).kind).toBe('playing');
      }),
      { numRuns: 500 },
    );
  });

  it('releases everything when it closes', () => {
    fc.assert(
      fc.property(sequences, fc.boolean(), (events, earlyStream) => {
        const [player, world] = run(events, earlyStream);
        player.send('close');
        for (const effect of player.effects) world.apply(effect, player.state);
        const { sink, pull, service, stream, timers } = world;
        expect({ sink, pull, service, stream, timers: [...timers] }).toEqual({
          sink: false,
          pull: false,
          service: false,
          stream: false,
          timers: [],
        });
      }),
      { numRuns: 500 },
    );
  });
});
