import { View } from '@tarojs/components';
import type { PressableProps } from './types';
import './pressable.scss';

/** Something to press. A view, as the buttons of mini-programs come with a look of their own. */
export function Pressable(props: PressableProps) {
  const { label, onPress, disabled, className, role, children } = props;
  return (
    <View
      className={`iot-pressable ${disabled ? 'iot-pressable--disabled' : ''} ${className ?? ''}`}
      hoverClass="iot-pressable--pressed"
      ariaRole={role ?? 'button'}
      ariaLabel={label}
      onClick={disabled ? undefined : onPress}
    >
      {children}
    </View>
  );
}
