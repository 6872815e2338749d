import { View } from '@tarojs/components';
import type { ClipEdgeProps } from './types';

/** An edge of the clip; without a keyboard it is moved on the timeline, or by the buttons. */
export function ClipEdge({ label, valueText }: ClipEdgeProps) {
  return (
    <View className="iot-clip__edge" ariaLabel={`${label}: ${valueText}`}>
      {valueText}
    </View>
  );
}
