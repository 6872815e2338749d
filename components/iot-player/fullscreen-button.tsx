import { useText } from '@components/hooks';
import { Icon } from '@components/icon';
import { Pressable } from '@components/pressable';
import { observer } from 'mobx-react-lite';
import { usePlayer } from './context';
import { fullscreenButtonState } from './picture-controls-core';

/** Shows the player around it, and what stands over it, on the whole screen. */
export const FullscreenButton = observer(function FullscreenButton() {
  const text = useText();
  const { store, view, handle } = usePlayer();
  const { availability, label } = fullscreenButtonState(store, view.fullscreen);
  if (availability !== 'available') return null;
  const isOff = view.fullscreen === 'off';
  return (
    <Pressable
      className="iot-player__control"
      label={text(label)}
      onPress={() => void (isOff ? handle.enterFullscreen() : handle.leaveFullscreen())}
    >
      <Icon name={isOff ? 'fullscreen' : 'fullscreen-exit'} />
    </Pressable>
  );
});
