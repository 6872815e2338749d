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
}

const NONE: TimelineGesture = { kind: 'none' };
/** Fingers closer than this count as this far apart, as a share of the width. */
const MIN_SPREAD = 0.02;
/** At the edges the view follows a finger that scrubs, as shares of the width. */
const EDGE = 0.04;
const EDGE_STEP = 0.03;

/** Fingers on a timeline, as a pure function. */
export function timelineGesture(
  gesture: TimelineGesture,
  view: TimelineView,
  input: TimelineInput,
): TimelineStep {
  const stay = (next: TimelineGesture): TimelineStep => ({ gesture: next, view, chosenMs: null });
  switch (input.type) {
    case 'down':
      return stay(onDown(gesture, view, input.pointer, input.onRuler));
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

function onDown(
  gesture: TimelineGesture,
  view: TimelineView,
  pointer: TimelinePointer,
  onRuler: boolean,
): TimelineGesture {
  switch (gesture.kind) {
    case 'none':
      return onRuler
        ? { kind: 'pan', pointer }
        : { kind: 'scrub', pointer, momentMs: momentAt(view, pointer.share) };
    case 'scrub':
    case 'pan':
      if (pointer.id === gesture.pointer.id) return gesture;
      return { kind: 'pinch', pointers: [gesture.pointer, pointer] };
    case 'pinch':
      return gesture;
    default:
      return gesture satisfies never;
  }
}

function onMove(
  gesture: TimelineGesture,
  view: TimelineView,
  pointer: TimelinePointer,
): TimelineStep {
  const still: TimelineStep = { gesture, view, chosenMs: null };
  switch (gesture.kind) {
    case 'none':
      return still;
    case 'scrub': {
      if (pointer.id !== gesture.pointer.id) return still;
      const { share } = pointer;
      const shift = share > 1 - EDGE ? -EDGE_STEP : share < EDGE ? EDGE_STEP : 0;
      const moved = shift === 0 ? view : pan(view, shift);
      const momentMs = momentAt(moved, Math.max(0, Math.min(1, share)));
      return { gesture: { kind: 'scrub', pointer, momentMs }, view: moved, chosenMs: null };
    }
    case 'pan': {
      if (pointer.id !== gesture.pointer.id) return still;
      const moved = pan(view, pointer.share - gesture.pointer.share);
      return { gesture: { kind: 'pan', pointer }, view: moved, chosenMs: null };
    }
    case 'pinch': {
      const [a, b] = gesture.pointers;
      if (pointer.id !== a.id && pointer.id !== b.id) return still;
      const pointers: readonly [TimelinePointer, TimelinePointer] =
        pointer.id === a.id ? [pointer, b] : [a, pointer];
      return {
        gesture: { kind: 'pinch', pointers },
        view: pinch(view, gesture.pointers, pointers),
        chosenMs: null,
      };
    }
    default:
      return gesture satisfies never;
  }
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
  const over: TimelineStep = { gesture: NONE, view, chosenMs: null };
  switch (gesture.kind) {
    case 'none':
      return over;
    case 'scrub':
      if (id !== gesture.pointer.id) return { ...over, gesture };
      return { ...over, chosenMs: Math.round(gesture.momentMs) };
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
