import { NO_ZOOM, panBy, zoomBy } from './picture-zoom';
import type { PicturePoint, PictureZoom } from './picture-zoom';

/** A finger or a mouse button. `x` and `y` are those of `PicturePoint`. */
export interface PointerInput extends PicturePoint {
  readonly type: 'down' | 'move' | 'up' | 'cancel';
  readonly id: number;
  /** Monotonic ms. */
  readonly atMs: number;
}

export interface ZoomGestureState {
  readonly zoom: PictureZoom;
  /** What is down, oldest first; at most two count. */
  readonly pointers: readonly (PicturePoint & { readonly id: number })[];
  /** Where and when the one pointer went down; null once it has moved, or is not alone. */
  readonly press: (PicturePoint & { readonly atMs: number }) | null;
  /** The latest tap, which the next one may make a double tap of. */
  readonly tap: (PicturePoint & { readonly atMs: number }) | null;
}

/** What a gesture has come to beside a change of the zoom. */
export type ZoomGestureOutcome = 'tap' | 'double-tap' | null;

const TAP_MS = 350;
const DOUBLE_TAP_MS = 320;
/** A finger does not keep quite still, in parts of the player's size. */
const SLOP = 0.03;
const DOUBLE_TAP_SLOP = 0.1;
const DOUBLE_TAP_SCALE = 2.5;
const MAX_POINTERS = 2;

export function initialZoomGesture(zoom: PictureZoom = NO_ZOOM): ZoomGestureState {
  return { zoom, pointers: [], press: null, tap: null };
}

/** Pinch, drag, tap and double tap: one step from one state to the next. */
export function zoomGesture(
  state: ZoomGestureState,
  input: PointerInput,
): { readonly state: ZoomGestureState; readonly outcome: ZoomGestureOutcome } {
  switch (input.type) {
    case 'down':
      return { state: press(state, input), outcome: null };
    case 'move':
      return { state: move(state, input), outcome: null };
    case 'up':
      return release(state, input);
    case 'cancel':
      return { state: { ...without(state, input.id), press: null }, outcome: null };
    default:
      return input.type satisfies never;
  }
}

function press(state: ZoomGestureState, { id, x, y, atMs }: PointerInput): ZoomGestureState {
  const others = state.pointers.filter((pointer) => pointer.id !== id);
  if (others.length >= MAX_POINTERS) return state;
  const alone = others.length === 0;
  return {
    ...state,
    pointers: [...others, { id, x, y }],
    press: alone ? { x, y, atMs } : null,
    tap: alone ? state.tap : null,
  };
}

function move(state: ZoomGestureState, { id, x, y }: PointerInput): ZoomGestureState {
  const before = state.pointers.find((pointer) => pointer.id === id);
  if (before === undefined) return state;
  const { press: pressed } = state;
  // Held back until it is clear that it is no tap.
  if (pressed !== null && distance(pressed, { x, y }) < SLOP) return state;
  const pointers = state.pointers.map((each) => (each.id === id ? { id, x, y } : each));
  const other = state.pointers.find((pointer) => pointer.id !== id);
  const moved = { ...state, pointers, press: null };
  if (other === undefined) {
    return { ...moved, zoom: panBy(state.zoom, x - before.x, y - before.y) };
  }
  const was = distance(before, other);
  const is = distance({ x, y }, other);
  // Two fingers in one place say nothing of a size.
  const factor = was === 0 || is === 0 ? 1 : is / was;
  const from = middle(before, other);
  const to = middle({ x, y }, other);
  return { ...moved, zoom: panBy(zoomBy(state.zoom, factor, from), to.x - from.x, to.y - from.y) };
}

function release(
  state: ZoomGestureState,
  { id, x, y, atMs }: PointerInput,
): { readonly state: ZoomGestureState; readonly outcome: ZoomGestureOutcome } {
  const { press: pressed, tap } = state;
  const left = without(state, id);
  const known = left.pointers.length < state.pointers.length;
  if (!known || pressed === null || atMs - pressed.atMs > TAP_MS) {
    return { state: { ...left, press: null }, outcome: null };
  }
  const isDouble =
    tap !== null && atMs - tap.atMs <= DOUBLE_TAP_MS && distance(tap, { x, y }) < DOUBLE_TAP_SLOP;
  if (!isDouble) return { state: { ...left, press: null, tap: { x, y, atMs } }, outcome: 'tap' };
  const zoom = state.zoom.scale > 1 ? NO_ZOOM : zoomBy(NO_ZOOM, DOUBLE_TAP_SCALE, { x, y });
  return { state: { ...left, zoom, press: null, tap: null }, outcome: 'double-tap' };
}

function without(state: ZoomGestureState, id: number): ZoomGestureState {
  return { ...state, pointers: state.pointers.filter((pointer) => pointer.id !== id) };
}

function distance(a: PicturePoint, b: PicturePoint): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function middle(a: PicturePoint, b: PicturePoint): PicturePoint {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
