import { useEffect, useRef } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { isPtzKey } from './ptz-core';
import type { PadSurfaceProps } from './pad-surface-props';

/** A joystick's field in the browser: pointer, arrow keys, plus and minus. */
export function PadSurface(props: PadSurfaceProps) {
  const { label, className, onPoint, onKeys, onLetGo, children } = props;
  const element = useRef<HTMLDivElement>(null);
  const pointer = useRef<number | null>(null);
  const keys = useRef<readonly string[]>([]);

  const point = ({ clientX, clientY }: PointerEvent): void => {
    const { left, top, width, height } = element.current!.getBoundingClientRect();
    onPoint(
      (clientX - left - width / 2) / (width / 2),
      (clientY - top - height / 2) / (height / 2),
    );
  };
  const letGo = (event: PointerEvent, cancelled: boolean): void => {
    if (pointer.current !== event.pointerId) return;
    pointer.current = null;
    onLetGo(cancelled);
  };
  const setKeys = (held: readonly string[], cancelled = false): void => {
    if (held.length === 0 && keys.current.length === 0) return;
    keys.current = held;
    if (held.length === 0) onLetGo(cancelled);
    else onKeys(held);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isPtzKey(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (!keys.current.includes(event.key)) setKeys([...keys.current, event.key]);
  };
  const onKeyUp = (event: KeyboardEvent): void => {
    if (isPtzKey(event.key)) setKeys(keys.current.filter((key) => key !== event.key));
  };
  // No key-up reaches a window that is not in front.
  useEffect(() => {
    const forget = (): void => {
      keys.current = [];
      pointer.current = null;
    };
    window.addEventListener('blur', forget);
    return () => window.removeEventListener('blur', forget);
  }, []);

  return (
    <div
      ref={element}
      className={className}
      role="group"
      aria-label={label}
      onPointerDown={(event) => {
        if (event.button > 0 || pointer.current !== null) return;
        pointer.current = event.pointerId;
        element.current!.setPointerCapture?.(event.pointerId);
        point(event);
      }}
      onPointerMove={(event) => {
        if (pointer.current === event.pointerId) point(event);
      }}
      onPointerUp={(event) => letGo(event, false)}
      onPointerCancel={(event) => letGo(event, true)}
      onLostPointerCapture={(event) => letGo(event, false)}
      onKeyDown={onKeyDown}
      onKeyUp={onKeyUp}
      onBlur={() => setKeys([], true)}
      onContextMenu={(event) => event.preventDefault()}
    >
      {children}
    </div>
  );
}
