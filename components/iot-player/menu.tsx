import { View } from '@tarojs/components';
import type { ReactNode } from 'react';

export interface MenuProps {
  readonly label: string;
  readonly onClose: () => void;
  /** `Pressable`s with the role of an item. */
  readonly children: ReactNode;
}

/** A menu above the player's bar. */
export function Menu({ label, onClose, children }: MenuProps) {
  return (
    <>
      <View className="iot-player__backdrop" aria-hidden="true" onClick={onClose} />
      <View className="iot-player__menu" role="menu" aria-label={label}>
        {children}
      </View>
    </>
  );
}
