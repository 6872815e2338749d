import { useText } from '@components/hooks';
import { initialZoomGesture, NO_ZOOM, zoomBy, zoomGesture } from '@components/player-view';
import type { PicturePoint, PointerInput } from '@components/player-view';
import { useEffect, useRef } from 'react';
import { usePlayer } from './context';

/** Of the wheel's pixels: how many double the size. */
const WHEEL_DOUBLES = 500;
const WHEEL_LINE_PX = 33;

const TYPES: Readonly<Record<string, PointerInput['type']>> = {
  pointerdown: 'down',
  pointermove: 'move',
  pointerup: 'up',
  pointercancel: 'cancel',
};

/** Enlarges and moves the picture by fingers, mouse and wheel; keys are the player's. */
export function ZoomLayer() {
  const text = useText();
  const { view } = usePlayer();
  const layer = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = layer.current;
    if (element === null) return;
    const abort = new AbortController();
    const { signal } = abort;
    let gesture = initialZoomGesture();

    const placeOf = ({ clientX, clientY }: MouseEvent): PicturePoint => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { x: (clientX - left) / width - 0.5, y: (clientY - top) / height - 0.5 };
    };
    const onPointer = (event: PointerEvent): void => {
      const type = TYPES[event.type];
      if (type === undefined || (event.pointerType === 'mouse' && event.button > 0)) return;
      if (type === 'down') element.setPointerCapture?.(event.pointerId);
      const input = { type, id: event.pointerId, atMs: event.timeStamp, ...placeOf(event) };
      const { state, outcome } = zoomGesture({ ...gesture, zoom: view.zoom }, input);
      gesture = state;
      view.setZoom(state.zoom);
      if (outcome === 'tap' && event.pointerType !== 'mouse') {
        if (view.active) view.rest();
        else view.touch();
      }
    };
    const onWheel = (event: WheelEvent): void => {
      const isPinch = event.ctrlKey;
      const out = event.deltaY > 0;
      // The page's own scrolling comes first, unless it is clear that the picture is meant.
      if (!isPinch && view.zoom.scale === 1 && (out || canScroll(view.fullscreen !== 'off')))
        return;
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? WHEEL_LINE_PX : 1;
      const doubles = isPinch ? WHEEL_DOUBLES / 5 : WHEEL_DOUBLES;
      view.setZoom(zoomBy(view.zoom, 2 ** ((-event.deltaY * lines) / doubles), placeOf(event)));
    };
    for (const name of Object.keys(TYPES)) {
      element.addEventListener(name, onPointer as EventListener, { signal });
    }
    element.addEventListener('wheel', onWheel, { signal, passive: false });
    return () => {
      abort.abort();
      view.setZoom(NO_ZOOM);
    };
  }, [view]);

  return (
    <div
      ref={layer}
      className="iot-player__gestures"
      role="group"
      tabIndex={0}
      aria-label={text('control.zoom')}
    />
  );
}

function canScroll(fullscreen: boolean): boolean {
  const { scrollHeight, clientHeight } = document.documentElement;
  return !fullscreen && scrollHeight > clientHeight + 1;
}
