import { useRef } from 'react';
import type { KeyboardEvent, MouseEvent, PointerEvent } from 'react';
import type { HoldButtonProps } from './types';
import './hold-button.scss';

const HOLD_KEYS = [' ', 'Enter'];

/** Something that does its work as long as it is held, by finger, mouse or key. */
export function HoldButton(props: HoldButtonProps) {
  const { label, className, disabled, pressed, onHold, onLetGo, onTap, children } = props;
  const heldBy = useRef<'pointer' | 'key' | null>(null);

  const hold = (by: 'pointer' | 'key'): void => {
    if (heldBy.current !== null) return;
    heldBy.current = by;
    onHold();
  };
  const letGo = (by: 'pointer' | 'key' | null, cancelled: boolean): void => {
    if (heldBy.current === null || (by !== null && heldBy.current !== by)) return;
    heldBy.current = null;
    onLetGo(cancelled);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!HOLD_KEYS.includes(event.key)) return;
    event.preventDefault();
    if (!event.repeat) hold('key');
  };
  const onKeyUp = (event: KeyboardEvent): void => {
    if (!HOLD_KEYS.includes(event.key)) return;
    event.preventDefault();
    letGo('key', false);
  };
  const onPointerDown = (event: PointerEvent<HTMLButtonElement>): void => {
    if (event.button > 0) return;
    // The finger may leave the button and still holds it.
    event.currentTarget.setPointerCapture?.(event.pointerId);
    hold('pointer');
  };
  // Only a screen reader's: a pointer has counted its press already.
  const onClick = (event: MouseEvent): void => {
    if (event.detail !== 0 || heldBy.current !== null) return;
    if (onTap !== undefined) return onTap();
    onHold();
    onLetGo(false);
  };
  return (
    <button
      type="button"
      className={`iot-hold ${pressed ? 'iot-hold--pressed' : ''} ${className ?? ''}`}
      aria-label={label}
      aria-pressed={pressed}
      title={label}
      disabled={disabled}
      onPointerDown={onPointerDown}
      onPointerUp={() => letGo('pointer', false)}
      onPointerCancel={() => letGo('pointer', true)}
      onLostPointerCapture={() => letGo('pointer', false)}
      onKeyDown={onKeyDown}
      onKeyUp={onKeyUp}
      onBlur={() => letGo(null, true)}
      onClick={onClick}
      onContextMenu={(event) => event.preventDefault()}
    >
      {children}
    </button>
  );
}
