import { View } from '@tarojs/components';
import type { KeyAreaProps } from './types';

/** Mini-programs have no keyboard: what it holds is touched. */
export function KeyArea({ className, role, label, children }: KeyAreaProps) {
  return (
    <View className={className} ariaRole={role} ariaLabel={label}>
      {children}
    </View>
  );
}
