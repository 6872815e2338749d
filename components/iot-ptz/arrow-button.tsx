import { View } from '@tarojs/components';
import type { ArrowButtonProps } from './arrow-button-props';

/** One direction of the pad; the touch goes to the pad around it. */
export function ArrowButton({ label, className, children }: ArrowButtonProps) {
  return (
    <View className={className} ariaRole="button" ariaLabel={label}>
      {children}
    </View>
  );
}
