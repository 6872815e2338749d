import { View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import type { ReactNode } from 'react';
import { usePlayer } from './context';
import { boxClass } from './player-box-core';
import { useOnScreen } from './use-on-screen';

export interface PlayerBoxProps {
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}

/** The player's element. */
export const PlayerBox = observer(function PlayerBox(props: PlayerBoxProps) {
  const { label, className, children } = props;
  const { store, view, setOnScreen } = usePlayer();
  const { id } = useOnScreen(setOnScreen);
  const { width = 0, height = 0 } = store.videoSize ?? {};
  // A page keeps upright where its phone is turned.
  const turned = view.fullscreen === 'page' && width > height ? 'iot-player--turned' : '';
  return (
    <View
      id={id}
      className={`${boxClass(className, store, view)} ${turned}`}
      role="region"
      aria-label={label}
      onTouchStart={() => view.touch()}
    >
      {children}
    </View>
  );
});
