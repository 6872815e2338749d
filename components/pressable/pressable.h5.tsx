import type { PressableProps } from './types';
import './pressable.scss';

/** Something to press. On H5 a real button: Taro's own cannot be reached by keyboard. */
export function Pressable({ label, onPress, disabled, className, children }: PressableProps) {
  return (
    <button
      type="button"
      className={`iot-pressable ${className ?? ''}`}
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
