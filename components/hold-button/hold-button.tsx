import { View } from '@tarojs/components';
import type { HoldButtonProps } from './types';
import './hold-button.scss';

/** Something that does its work as long as it is held. */
export function HoldButton(props: HoldButtonProps) {
  const { label, className, disabled, pressed, onHold, onLetGo, children } = props;
  const state = `${pressed ? 'iot-hold--pressed' : ''} ${disabled ? 'iot-hold--disabled' : ''}`;
  return (
    <View
      className={`iot-hold ${state} ${className ?? ''}`}
      ariaRole="button"
      ariaLabel={label}
      onTouchStart={disabled ? undefined : onHold}
      onTouchEnd={() => onLetGo(false)}
      onTouchCancel={() => onLetGo(true)}
    >
      {children}
    </View>
  );
}
