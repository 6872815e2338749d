import type { KeyboardEvent, MouseEvent } from 'react';
import { useRef } from 'react';
import type { ArrowButtonProps } from './arrow-button-props';

const HOLD_KEYS = [' ', 'Enter'];

/** One direction of the pad, for keys and screen readers; pointers are the pad's. */
export function ArrowButton(props: ArrowButtonProps) {
  const { label, className, pressed, onHold, onLetGo, children } = props;
  const held = useRef(false);
  const letGo = (cancelled: boolean): void => {
    if (!held.current) return;
    held.current = false;
    onLetGo(cancelled);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!HOLD_KEYS.includes(event.key)) return;
    event.preventDefault();
    if (event.repeat || held.current) return;
    held.current = true;
    onHold();
  };
  const onKeyUp = (event: KeyboardEvent): void => {
    if (!HOLD_KEYS.includes(event.key)) return;
    event.preventDefault();
    letGo(false);
  };
  const onClick = (event: MouseEvent): void => {
    // Of a pointer, which the pad has seen.
    if (event.detail !== 0 || held.current) return;
    onHold();
    onLetGo(false);
  };
  return (
    <button
      type="button"
      className={className}
      aria-label={label}
      aria-pressed={pressed}
      onKeyDown={onKeyDown}
      onKeyUp={onKeyUp}
      onBlur={() => letGo(true)}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
