import type { PtzAxis } from '../capabilities';

/** Degrees, degrees, magnification. */
export type PtzPosition = Readonly<Record<PtzAxis, number>>;

/** Where a drive goes on each axis: -1, 0 or 1. Up, right and closer are positive. */
export type PtzVector = Readonly<Record<PtzAxis, number>>;

export interface PtzAxisConfig {
  /** Mechanical limits. */
  readonly min: number;
  readonly max: number;
  /** Units per second at full speed. */
  readonly speed: number;
  /** How far a single step goes. */
  readonly step: number;
}

export interface PtzConfig {
  /** The axes that the camera has. */
  readonly axes: Readonly<Partial<Record<PtzAxis, PtzAxisConfig>>>;
  readonly home: PtzPosition;
  /** A drive that is not refreshed ends after this, in ms. */
  readonly safetyMs: number;
  readonly maxPresets: number;
}

export interface PtzPreset {
  /** From 1. */
  readonly id: number;
  readonly name: string;
  readonly position: PtzPosition;
}

type Motion =
  /** Until it is told to stop. */
  | {
      readonly kind: 'drive';
      readonly vector: PtzVector;
      /** Share of full speed. */
      readonly speed: number;
      readonly owner: string;
      readonly untilMs: number;
    }
  /** To a place, at full speed on each axis. */
  | { readonly kind: 'travel'; readonly target: PtzPosition };

export interface PtzState {
  readonly atMs: number;
  readonly position: PtzPosition;
  readonly motion: Motion | null;
  /** Where the last drive went, for what its release tells. */
  readonly lastVector: PtzVector;
  readonly presets: readonly PtzPreset[];
}

export type PtzEvent =
  | {
      readonly kind: 'press';
      readonly vector: PtzVector;
      /** Share of full speed, above 0 to 1. */
      readonly speed: number;
      readonly owner: string;
    }
  | { readonly kind: 'step'; readonly vector: PtzVector }
  | { readonly kind: 'release' }
  | { readonly kind: 'home' }
  | { readonly kind: 'preset-set'; readonly id: number; readonly name: string }
  | { readonly kind: 'preset-go'; readonly id: number }
  | { readonly kind: 'preset-delete'; readonly id: number }
  /** The viewer's connection has ended: a drive of its is nobody's any more. */
  | { readonly kind: 'viewer-gone'; readonly owner: string }
  /** Time has passed. */
  | { readonly kind: 'tick' };

export type PtzOutcome = 'done' | 'unsupported' | 'no-such-preset' | 'presets-full';

export type PtzEffect =
  | {
      readonly kind: 'reply';
      readonly outcome: PtzOutcome;
      /** The camera is at the end of an axis that was asked to go further. */
      readonly apex: boolean;
    }
  | {
      readonly kind: 'stopped';
      readonly reason: 'released' | 'limit' | 'arrived' | 'safety' | 'viewer-gone';
    }
  | { readonly kind: 'presets-changed' }
  /** Something will happen by itself then; null: nothing will. */
  | { readonly kind: 'wake'; readonly inMs: number | null };

export const PTZ_AXES = ['pan', 'tilt', 'zoom'] as const;
const STILL: PtzVector = { pan: 0, tilt: 0, zoom: 0 };
/** Nearer than this to a limit or a target is there: sums of fractions are never exact. */
const EPSILON = 1e-6;

export function initialPtzState(
  config: PtzConfig,
  nowMs: number,
  presets: readonly PtzPreset[] = [],
): PtzState {
  return { atMs: nowMs, position: config.home, motion: null, lastVector: STILL, presets };
}

/** What the camera does with an event at a time: its new state, and what has to be done about it. */
export function stepPtz(
  state: PtzState,
  event: PtzEvent,
  config: PtzConfig,
  nowMs: number,
): { readonly state: PtzState; readonly effects: readonly PtzEffect[] } {
  const moved = advance(state, config, nowMs);
  const applied = apply(moved.state, event, config);
  return {
    state: applied.state,
    effects: [
      ...moved.effects,
      ...applied.effects,
      { kind: 'wake', inMs: nextMs(applied.state, config) },
    ],
  };
}

interface Step {
  readonly state: PtzState;
  readonly effects: readonly PtzEffect[];
}

const reply = (outcome: PtzOutcome, apex = false): PtzEffect => ({ kind: 'reply', outcome, apex });

function apply(state: PtzState, event: PtzEvent, config: PtzConfig): Step {
  switch (event.kind) {
    case 'press':
      return press(state, event, config);
    case 'step':
      return step(state, event.vector, config);
    case 'release': {
      const stopped: PtzEffect[] = state.motion ? [{ kind: 'stopped', reason: 'released' }] : [];
      const apex = anyAxis(state.lastVector, (axis, to) => isAtEnd(state, config, axis, to));
      const still = { ...state, motion: null, lastVector: STILL };
      return { state: still, effects: [...stopped, reply('done', apex)] };
    }
    case 'home':
      return travel(state, config.home);
    case 'preset-set':
      return setPreset(state, event, config);
    case 'preset-go': {
      const preset = state.presets.find(({ id }) => id === event.id);
      return preset ? travel(state, preset.position) : refuse(state, 'no-such-preset');
    }
    case 'preset-delete': {
      const presets = state.presets.filter(({ id }) => id !== event.id);
      if (presets.length === state.presets.length) return refuse(state, 'no-such-preset');
      return {
        state: { ...state, presets },
        effects: [{ kind: 'presets-changed' }, reply('done')],
      };
    }
    case 'viewer-gone': {
      // A travel ends by itself; a drive would go on to its limit.
      const { motion } = state;
      if (motion?.kind !== 'drive' || motion.owner !== event.owner) return { state, effects: [] };
      return {
        state: { ...state, motion: null },
        effects: [{ kind: 'stopped', reason: 'viewer-gone' }],
      };
    }
    case 'tick':
      return { state, effects: [] };
  }
}

function refuse(state: PtzState, outcome: PtzOutcome): Step {
  return { state, effects: [reply(outcome)] };
}

function press(
  state: PtzState,
  { vector, speed, owner }: Extract<PtzEvent, { kind: 'press' }>,
  config: PtzConfig,
): Step {
  if (!hasAxes(vector, config)) return refuse(state, 'unsupported');
  const apex = anyAxis(vector, (axis, to) => isAtEnd(state, config, axis, to));
  const canMove = anyAxis(vector, (axis, to) => !isAtEnd(state, config, axis, to));
  const untilMs = state.atMs + config.safetyMs;
  const motion: Motion | null = canMove ? { kind: 'drive', vector, speed, owner, untilMs } : null;
  return { state: { ...state, motion, lastVector: vector }, effects: [reply('done', apex)] };
}

function step(state: PtzState, vector: PtzVector, config: PtzConfig): Step {
  if (!hasAxes(vector, config)) return refuse(state, 'unsupported');
  const apex = anyAxis(vector, (axis, to) => isAtEnd(state, config, axis, to));
  // Steps add up, though the camera may still be on its way.
  const from = state.motion?.kind === 'travel' ? state.motion.target : state.position;
  const target = mapAxes((axis) => {
    const limits = config.axes[axis];
    return limits ? clamp(from[axis] + vector[axis] * limits.step, limits) : from[axis];
  });
  const moved = travel(state, target);
  return { state: { ...moved.state, lastVector: vector }, effects: [reply('done', apex)] };
}

function travel(state: PtzState, target: PtzPosition): Step {
  const there = PTZ_AXES.every((axis) => Math.abs(state.position[axis] - target[axis]) < EPSILON);
  const motion: Motion | null = there ? null : { kind: 'travel', target };
  return { state: { ...state, motion, lastVector: STILL }, effects: [reply('done')] };
}

function setPreset(
  state: PtzState,
  { id, name }: Extract<PtzEvent, { kind: 'preset-set' }>,
  config: PtzConfig,
): Step {
  const others = state.presets.filter((preset) => preset.id !== id);
  if (others.length >= config.maxPresets) return refuse(state, 'presets-full');
  const presets = [...others, { id, name, position: state.position }].sort((a, b) => a.id - b.id);
  return { state: { ...state, presets }, effects: [{ kind: 'presets-changed' }, reply('done')] };
}

/** Lets the time until `nowMs` pass. */
function advance(state: PtzState, config: PtzConfig, nowMs: number): Step {
  const { motion } = state;
  if (motion === null || nowMs <= state.atMs) {
    return { state: { ...state, atMs: Math.max(nowMs, state.atMs) }, effects: [] };
  }
  const endMs = motion.kind === 'drive' ? Math.min(nowMs, motion.untilMs) : nowMs;
  const seconds = Math.max(0, endMs - state.atMs) / 1_000;
  const position = mapAxes((axis) => moveAxis(state.position[axis], axis, motion, config, seconds));
  const moved = { ...state, atMs: nowMs, position };
  const reason = endReason(moved, motion, config);
  if (reason === null) return { state: moved, effects: [] };
  return { state: { ...moved, motion: null }, effects: [{ kind: 'stopped', reason }] };
}

function moveAxis(
  from: number,
  axis: PtzAxis,
  motion: Motion,
  config: PtzConfig,
  seconds: number,
): number {
  const limits = config.axes[axis];
  if (!limits) return from;
  if (motion.kind === 'drive') {
    return clamp(from + motion.vector[axis] * limits.speed * motion.speed * seconds, limits);
  }
  const way = motion.target[axis] - from;
  const far = limits.speed * seconds;
  return Math.abs(way) <= far + EPSILON ? motion.target[axis] : from + Math.sign(way) * far;
}

function endReason(
  state: PtzState,
  motion: Motion,
  config: PtzConfig,
): 'limit' | 'arrived' | 'safety' | null {
  if (motion.kind === 'travel') {
    return PTZ_AXES.every((axis) => state.position[axis] === motion.target[axis])
      ? 'arrived'
      : null;
  }
  if (!anyAxis(motion.vector, (axis, to) => !isAtEnd(state, config, axis, to))) return 'limit';
  return state.atMs >= motion.untilMs ? 'safety' : null;
}

/** Ms until the present motion ends by itself; null when there is none. */
function nextMs(state: PtzState, config: PtzConfig): number | null {
  const { motion, position, atMs } = state;
  if (motion === null) return null;
  const times = PTZ_AXES.map((axis) => {
    const limits = config.axes[axis];
    if (!limits) return 0;
    if (motion.kind === 'travel') {
      return Math.abs(motion.target[axis] - position[axis]) / limits.speed;
    }
    const to = motion.vector[axis];
    if (to === 0) return 0;
    const way = to > 0 ? limits.max - position[axis] : position[axis] - limits.min;
    return way / (limits.speed * motion.speed);
  });
  const ms = Math.ceil(Math.max(...times) * 1_000);
  return motion.kind === 'drive' ? Math.min(ms, motion.untilMs - atMs) : ms;
}

function hasAxes(vector: PtzVector, config: PtzConfig): boolean {
  return !anyAxis(vector, (axis) => config.axes[axis] === undefined);
}

function isAtEnd(state: PtzState, config: PtzConfig, axis: PtzAxis, to: number): boolean {
  const limits = config.axes[axis];
  if (!limits) return true;
  const at = state.position[axis];
  return to > 0 ? at >= limits.max - EPSILON : at <= limits.min + EPSILON;
}

/** Whether `test` holds for an axis that the vector moves. */
function anyAxis(vector: PtzVector, test: (axis: PtzAxis, to: number) => boolean): boolean {
  return PTZ_AXES.some((axis) => vector[axis] !== 0 && test(axis, vector[axis]));
}

function mapAxes(value: (axis: PtzAxis) => number): PtzPosition {
  return { pan: value('pan'), tilt: value('tilt'), zoom: value('zoom') };
}

function clamp(value: number, { min, max }: PtzAxisConfig): number {
  return Math.min(max, Math.max(min, value));
}
