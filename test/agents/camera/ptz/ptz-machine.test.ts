import fc from 'fast-check';
import { PTZ_AXES, initialPtzState, stepPtz } from '../../../../agents/camera/ptz/ptz-machine';
import type {
  PtzConfig,
  PtzEffect,
  PtzEvent,
  PtzState,
  PtzVector,
} from '../../../../agents/camera/ptz/ptz-machine';

const CONFIG: PtzConfig = {
  axes: {
    pan: { min: -100, max: 100, speed: 50, step: 10 },
    tilt: { min: -30, max: 30, speed: 20, step: 5 },
  },
  home: { pan: 0, tilt: 0, zoom: 1 },
  safetyMs: 10_000,
  maxPresets: 2,
};
const LEFT: PtzVector = { pan: -1, tilt: 0, zoom: 0 };
const UP_RIGHT: PtzVector = { pan: 1, tilt: 1, zoom: 0 };
const press = (vector: PtzVector, owner = 'a', speed = 1): PtzEvent => ({
  kind: 'press',
  vector,
  owner,
  speed,
});
const TICK: PtzEvent = { kind: 'tick' };

/** Events with the time at which they come, in ms. */
function play(...events: readonly (readonly [number, PtzEvent])[]): {
  state: PtzState;
  effects: PtzEffect[];
} {
  let state = initialPtzState(CONFIG, 0);
  let effects: readonly PtzEffect[] = [];
  for (const [ms, event] of events) ({ state, effects } = stepPtz(state, event, CONFIG, ms));
  return { state, effects: effects.filter(({ kind }) => kind !== 'wake') };
}
const reply = (apex: boolean, outcome = 'done'): object => ({ kind: 'reply', outcome, apex });

describe('stepPtz', () => {
  it('moves at its speed until it is told to stop', () => {
    const { state, effects } = play([0, press(LEFT)], [1_000, { kind: 'release' }]);
    expect(state.position).toEqual({ pan: -50, tilt: 0, zoom: 1 });
    expect(effects).toEqual([{ kind: 'stopped', reason: 'released' }, reply(false)]);
    expect(stepPtz(state, TICK, CONFIG, 9_000).state.position.pan).toBe(-50);
  });

  it('moves on two axes at once, and at a share of its speed', () => {
    const { state } = play([0, press(UP_RIGHT, 'a', 0.5)], [1_000, TICK]);
    expect(state.position).toEqual({ pan: 25, tilt: 10, zoom: 1 });
  });

  it('stops at its limit, and says apex to whoever asks for more', () => {
    const stopped = play([0, press(LEFT)], [2_500, TICK]);
    expect([stopped.state.position.pan, stopped.effects]).toEqual([
      -100,
      [{ kind: 'stopped', reason: 'limit' }],
    ]);
    const more = play([0, press(LEFT)], [2_500, TICK], [2_600, press(LEFT)]);
    expect([more.state.motion, more.effects]).toEqual([null, [reply(true)]]);
    const released = play([0, press(LEFT)], [2_500, TICK], [2_600, { kind: 'release' }]);
    expect(released.effects).toEqual([reply(true)]);
  });

  it('tells when it will stop by itself', () => {
    const { effects } = stepPtz(initialPtzState(CONFIG, 0), press(LEFT), CONFIG, 0);
    expect(effects).toContainEqual({ kind: 'wake', inMs: 2_000 });
  });

  it('stops a drive that nobody refreshes', () => {
    const slow = press(LEFT, 'a', 0.1);
    const { state, effects } = play([0, slow], [11_000, TICK]);
    expect([state.position.pan, effects]).toEqual([-50, [{ kind: 'stopped', reason: 'safety' }]]);
    const refreshed = play([0, slow], [9_000, slow], [11_000, TICK]);
    expect(refreshed.state.position.pan).toBeCloseTo(-55);
  });

  it('stops when the viewer who drives is gone, and for no other', () => {
    const gone = (owner: string): PtzEvent => ({ kind: 'viewer-gone', owner });
    expect(play([0, press(LEFT, 'a')], [500, gone('b')]).state.motion).not.toBeNull();
    const { state, effects } = play([0, press(LEFT, 'a')], [500, gone('a')]);
    expect([state.motion, state.position.pan]).toEqual([null, -25]);
    expect(effects).toEqual([{ kind: 'stopped', reason: 'viewer-gone' }]);
  });

  it('goes step by step, also when the steps come faster than it moves', () => {
    const step: PtzEvent = { kind: 'step', vector: LEFT };
    const { state } = play([0, step], [10, step], [20, step], [5_000, TICK]);
    expect([state.position.pan, state.motion]).toEqual([-30, null]);
  });

  it('has no axis that it lacks', () => {
    const zoom: PtzVector = { pan: 0, tilt: 0, zoom: 1 };
    for (const event of [press(zoom), { kind: 'step', vector: zoom } as const]) {
      expect(play([0, event]).effects).toEqual([reply(false, 'unsupported')]);
    }
  });

  it('keeps presets, goes there, and home', () => {
    const { state } = play(
      [0, press(UP_RIGHT)],
      [1_000, { kind: 'release' }],
      [1_000, { kind: 'preset-set', id: 3, name: 'gate' }],
    );
    expect(state.presets).toEqual([
      { id: 3, name: 'gate', position: { pan: 50, tilt: 20, zoom: 1 } },
    ]);
    const home = stepPtz(state, { kind: 'home' }, CONFIG, 1_000).state;
    const arrived = stepPtz(home, TICK, CONFIG, 3_000);
    expect(arrived.state.position).toEqual(CONFIG.home);
    expect(arrived.effects).toContainEqual({ kind: 'stopped', reason: 'arrived' });
    const back = stepPtz(arrived.state, { kind: 'preset-go', id: 3 }, CONFIG, 3_000).state;
    expect(stepPtz(back, TICK, CONFIG, 6_000).state.position).toEqual(state.position);
  });

  it.each<[string, PtzEvent[]]>([
    ['no-such-preset', [{ kind: 'preset-go', id: 9 }]],
    ['no-such-preset', [{ kind: 'preset-delete', id: 9 }]],
    ['presets-full', [1, 2, 3].map((id): PtzEvent => ({ kind: 'preset-set', id, name: '' }))],
  ])('says %s', (outcome, events) => {
    const { effects } = play(...events.map((event): [number, PtzEvent] => [0, event]));
    expect(effects).toEqual([reply(false, outcome)]);
  });

  const axis = fc.constantFrom(-1, 0, 1);
  const anyEvent: fc.Arbitrary<PtzEvent> = fc.oneof(
    fc.record({
      kind: fc.constant('press' as const),
      vector: fc.record({ pan: axis, tilt: axis, zoom: fc.constant(0) }),
      speed: fc.double({ min: 0.1, max: 1, noNaN: true }),
      owner: fc.constantFrom('a', 'b'),
    }),
    fc.record({
      kind: fc.constant('step' as const),
      vector: fc.record({ pan: axis, tilt: axis, zoom: fc.constant(0) }),
    }),
    fc.constantFrom<PtzEvent>(
      { kind: 'release' },
      { kind: 'home' },
      { kind: 'tick' },
      { kind: 'preset-set', id: 1, name: 'x' },
      { kind: 'preset-go', id: 1 },
      { kind: 'preset-delete', id: 1 },
      { kind: 'viewer-gone', owner: 'a' },
    ),
  );
  const script = fc.array(fc.tuple(fc.integer({ min: 0, max: 5_000 }), anyEvent), {
    maxLength: 30,
  });

  it('never leaves its limits, and never moves longer than it said', () => {
    fc.assert(
      fc.property(script, (steps) => {
        let state = initialPtzState(CONFIG, 0);
        let nowMs = 0;
        for (const [gapMs, event] of steps) {
          nowMs += gapMs;
          const result = stepPtz(state, event, CONFIG, nowMs);
          state = result.state;
          for (const name of PTZ_AXES) {
            const { min, max } = CONFIG.axes[name] ?? { min: 1, max: 1 };
            expect(state.position[name]).toBeGreaterThanOrEqual(min);
            expect(state.position[name]).toBeLessThanOrEqual(max);
          }
          const wake = result.effects.find(({ kind }) => kind === 'wake') as
            { readonly inMs: number | null } | undefined;
          expect(wake!.inMs === null).toBe(state.motion === null);
          if (wake!.inMs === null) continue;
          expect(wake!.inMs).toBeLessThanOrEqual(CONFIG.safetyMs);
          const later = stepPtz(state, TICK, CONFIG, nowMs + wake!.inMs).state;
          expect(later.motion).toBeNull();
        }
      }),
    );
  });

  it('is at the same place however often it is looked at', () => {
    fc.assert(
      fc.property(script, fc.integer({ min: 1, max: 700 }), (steps, everyMs) => {
        let rare = initialPtzState(CONFIG, 0);
        let often = initialPtzState(CONFIG, 0);
        let nowMs = 0;
        for (const [gapMs, event] of steps) {
          for (let at = nowMs + everyMs; at < nowMs + gapMs; at += everyMs) {
            often = stepPtz(often, TICK, CONFIG, at).state;
          }
          nowMs += gapMs;
          rare = stepPtz(rare, event, CONFIG, nowMs).state;
          often = stepPtz(often, event, CONFIG, nowMs).state;
          for (const name of PTZ_AXES) {
            expect(often.position[name]).toBeCloseTo(rare.position[name], 4);
          }
        }
      }),
    );
  });
});
