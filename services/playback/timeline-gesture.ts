import type { TimeSpan } from './camera-time';
import type { ClipEdge } from './clip-selection';
import { momentAt, pan, shareOf, zoom } from './timeline-view';
import type { TimelineView } from './timeline-view';

/** A finger or the mouse; `share` is where it is, as a share of the timeline's width. */
export interface TimelinePointer {
  readonly id: number;
  readonly share: number;
}

/** What fingers do to a timeline. */
export type TimelineGesture =
  | { readonly kind: 'none' }
  /** One finger: the moment under it is chosen when it leaves. */
  | {
      readonly kind: 'scrub';
      readonly pointer: TimelinePointer;
      readonly momentMs: number;
    }
  /** One finger on an edge of the clip that is being chosen: takes it along. */
  | { readonly kind: 'edge'; readonly pointer: TimelinePointer; readonly edge: ClipEdge }
  /** One finger on the ruler: moves what is visible. */
  | { readonly kind: 'pan'; readonly pointer: TimelinePointer }
  /** Two fingers: zoom, and move with their middle. */
  | { readonly kind: 'pinch'; readonly pointers: readonly [TimelinePointer, TimelinePointer] };

export type TimelineInput =
  | { readonly type: 'down'; readonly pointer: TimelinePointer; readonly onRuler: boolean }
  | { readonly type: 'move'; readonly pointer: TimelinePointer }
  | { readonly type: 'up'; readonly id: number }
  /** The system took the finger away: nothing is chosen. */
  | { readonly type: 'cancel' };

export interface TimelineStep {
  readonly gesture: TimelineGesture;
  readonly view: TimelineView;
  /** The moment that was chosen just now, in unix ms. */
  readonly chosenMs: number | null;
  /** An edge of the clip has come to a moment, in unix ms. */
  readonly moved: { readonly edge: ClipEdge; readonly toMs: number } | null;
}

const NONE: TimelineGesture = { kind: 'none' };
/** Fingers closer than this count as this far apart, as a share of the width. */
const MIN_SPREAD = 0.02;
/** A finger takes the clip's edge that is this near, as a share of the width. */
const EDGE_REACH = 0.06;
/** At the edges the view follows a finger that scrubs, as shares of the width. */
const EDGE = 0.04;
const EDGE_STEP = 0.03;

/**
 * Fingers on a timeline, as a pure function.
 * @param clip whose edges can be taken; null for none
 */
export function timelineGesture(
  gesture: TimelineGesture,
  view: TimelineView,
  input: TimelineInput,
  clip: TimeSpan | null = null,
): TimelineStep {
  const stay = (next: TimelineGesture): TimelineStep => stepOf(next, view);
  switch (input.type) {
    case 'down':
      return stay(onDown(gesture, view, input.pointer, input.onRuler, clip));
    case 'move':
      return onMove(gesture, view, input.pointer);
    case 'up':
      return onUp(gesture, view, input.id);
    case 'cancel':
      return stay(NONE);
    default:
      return input satisfies never;
  }
}

function stepOf(gesture: TimelineGesture, view: TimelineView): TimelineStep {
  return { gesture, view, chosenMs: null, moved: null };
}

function onDown(
  gesture: TimelineGesture,
  view: TimelineView,
  pointer: TimelinePointer,
  onRuler: boolean,
  clip: TimeSpan | null,
): TimelineGesture {
  switch (gesture.kind) {
    case 'none': {
      if (onRuler) return { kind: 'pan', pointer };
      const edge = clip === null ? null : edgeAt(view, pointer.share, clip);
      if (edge !== null) return { kind: 'edge', pointer, edge };
      return { kind: 'scrub', pointer, momentMs: momentAt(view, pointer.share) };
    }
    case 'scrub':
    case 'edge':
    case 'pan':
      if (pointer.id === gesture.pointer.id) return gesture;
      return { kind: 'pinch', pointers: [gesture.pointer, pointer] };
    case 'pinch':
      return gesture;
    default:
      return gesture satisfies never;
  }
}

/** Of two that are near, the one on whose outer side the finger is. */
function edgeAt(view: TimelineView, share: number, { startMs, endMs }: TimeSpan): ClipEdge | null {
  const [start, end] = [shareOf(view, startMs), shareOf(view, endMs)];
  const edge = share < (start + end) / 2 ? 'start' : 'end';
  return Math.abs(share - (edge === 'start' ? start : end)) <= EDGE_REACH ? edge : null;
}

function onMove(
  gesture: TimelineGesture,
  view: TimelineView,
  pointer: TimelinePointer,
): TimelineStep {
  const still = stepOf(gesture, view);
  switch (gesture.kind) {
    case 'none':
      return still;
    case 'scrub': {
      if (pointer.id !== gesture.pointer.id) return still;
      const { view: followed, momentMs } = follow(view, pointer.share);
      return stepOf({ kind: 'scrub', pointer, momentMs }, followed);
    }
    case 'edge': {
      if (pointer.id !== gesture.pointer.id) return still;
      const { edge } = gesture;
      const { view: followed, momentMs: toMs } = follow(view, pointer.share);
      return { ...stepOf({ kind: 'edge', pointer, edge }, followed), moved: { edge, toMs } };
    }
    case 'pan': {
      if (pointer.id !== gesture.pointer.id) return still;
      const moved = pan(view, pointer.share - gesture.pointer.share);
      return stepOf({ kind: 'pan', pointer }, moved);
    }
    case 'pinch': {
      const [a, b] = gesture.pointers;
      if (pointer.id !== a.id && pointer.id !== b.id) return still;
      const pointers: readonly [TimelinePointer, TimelinePointer] =
        pointer.id === a.id ? [pointer, b] : [a, pointer];
      return stepOf({ kind: 'pinch', pointers }, pinch(view, gesture.pointers, pointers));
    }
    default:
      return gesture satisfies never;
  }
}

/** The moment under a finger; at the edges of the width the view comes along. */
function follow(view: TimelineView, share: number): { view: TimelineView; momentMs: number } {
  const shift = share > 1 - EDGE ? -EDGE_STEP : share < EDGE ? EDGE_STEP : 0;
  const moved = shift === 0 ? view : pan(view, shift);
  return { view: moved, momentMs: momentAt(moved, Math.max(0, Math.min(1, share))) };
}

function pinch(
  view: TimelineView,
  before: readonly [TimelinePointer, TimelinePointer],
  after: readonly [TimelinePointer, TimelinePointer],
): TimelineView {
  const spread = (pair: typeof before): number =>
    Math.max(MIN_SPREAD, Math.abs(pair[0].share - pair[1].share));
  const middle = (pair: typeof before): number => (pair[0].share + pair[1].share) / 2;
  const zoomed = zoom(view, spread(before) / spread(after), middle(before));
  return pan(zoomed, middle(after) - middle(before));
}

function onUp(gesture: TimelineGesture, view: TimelineView, id: number): TimelineStep {
  const over = stepOf(NONE, view);
  switch (gesture.kind) {
    case 'none':
      return over;
    case 'scrub':
      if (id !== gesture.pointer.id) return { ...over, gesture };
      return { ...over, chosenMs: Math.round(gesture.momentMs) };
    case 'edge':
    case 'pan':
      return id === gesture.pointer.id ? over : { ...over, gesture };
    case 'pinch': {
      const [a, b] = gesture.pointers;
      if (id !== a.id && id !== b.id) return { ...over, gesture };
      // The finger that stays goes on moving what is visible; it chooses nothing.
      return { ...over, gesture: { kind: 'pan', pointer: id === a.id ? b : a } };
    }
    default:
      return gesture satisfies never;
  }
}

/** Where the bubble of a scrubbing finger stands, as a share of the width; null for none. */
export function bubbleShare(gesture: TimelineGesture, view: TimelineView): number | null {
  if (gesture.kind !== 'scrub') return null;
  return Math.max(0, Math.min(1, shareOf(view, gesture.momentMs)));
}
