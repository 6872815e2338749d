import type { PressableProps } from './types';
import './pressable.scss';

/** Something to press. On H5 a real button: Taro's own cannot be reached by keyboard. */
export function Pressable(props: PressableProps) {
  const { label, onPress, disabled, className, role, checked, expanded, unfolded, children } =
    props;
  return (
    <button
      type="button"
      className={`iot-pressable ${className ?? ''}`}
      role={role}
      aria-label={label}
      aria-checked={role === undefined ? undefined : checked}
      aria-pressed={role === undefined ? checked : undefined}
      aria-haspopup={expanded === undefined ? undefined : 'menu'}
      aria-expanded={expanded ?? unfolded}
      title={label}
      disabled={disabled}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
