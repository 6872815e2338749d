import { useEffect, useRef } from 'react';
import type { PointerEvent } from 'react';
import type { TimelineTrackProps } from './types';

/** A turn of the wheel, as mice count it, doubles or halves what is visible after so much. */
const WHEEL_PER_DOUBLING = 400;

/** Where fingers, mouse, wheel and keys act on the timeline. */
export function TimelineTrack(props: TimelineTrackProps) {
  const { className, label, valueS, maxS, valueText, onInput, onZoom, onKey, children } = props;
  const track = useRef<HTMLDivElement>(null);
  const zoom = useRef(onZoom);
  zoom.current = onZoom;

  const shareOf = (clientX: number): number => {
    const box = track.current!.getBoundingClientRect();
    return box.width === 0 ? 0 : (clientX - box.left) / box.width;
  };

  // React's own wheel listener cannot keep the page from scrolling.
  useEffect(() => {
    const element = track.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      zoom.current(
        2 ** (event.deltaY / WHEEL_PER_DOUBLING),
        (event.clientX - box.left) / box.width,
      );
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, []);

  const pointerOf = ({ pointerId: id, clientX }: PointerEvent) => ({ id, share: shareOf(clientX) });
  return (
    <div
      ref={track}
      className={className}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={maxS}
      aria-valuenow={valueS}
      aria-valuetext={valueText}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        track.current!.setPointerCapture?.(event.pointerId);
        const target = event.target as HTMLElement;
        const onRuler = target.closest('[data-ruler]') !== null;
        onInput({ type: 'down', pointer: pointerOf(event), onRuler });
      }}
      onPointerMove={(event) => onInput({ type: 'move', pointer: pointerOf(event) })}
      onPointerUp={(event) => onInput({ type: 'up', id: event.pointerId })}
      onPointerCancel={() => onInput({ type: 'cancel' })}
      onKeyDown={(event) => {
        if (onKey(event.key)) event.preventDefault();
      }}
    >
      {children}
    </div>
  );
}
