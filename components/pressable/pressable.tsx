import { View } from '@tarojs/components';
import type { PressableProps } from './types';
import './pressable.scss';

/** Something to press. A view, as the buttons of mini-programs come with a look of their own. */
export function Pressable({ label, onPress, disabled, className, children }: PressableProps) {
  return (
    <View
      className={`iot-pressable ${disabled ? 'iot-pressable--disabled' : ''} ${className ?? ''}`}
      hoverClass="iot-pressable--pressed"
      ariaRole="button"
      ariaLabel={label}
      onClick={disabled ? undefined : onPress}
    >
      {children}
    </View>
  );
}
