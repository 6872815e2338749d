import { View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import type { ReactNode } from 'react';
import { usePlayer } from './context';
import { boxClass } from './player-box-core';

export interface PlayerBoxProps {
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}

/** The player's element. */
export const PlayerBox = observer(function PlayerBox(props: PlayerBoxProps) {
  const { label, className, children } = props;
  const { store, view } = usePlayer();
  return (
    <View
      className={boxClass(className, store, view)}
      role="region"
      aria-label={label}
      onTouchStart={() => view.touch()}
    >
      {children}
    </View>
  );
});
