import { useText } from '@components/hooks';
import { Icon } from '@components/icon';
import { Pressable } from '@components/pressable';
import { observer } from 'mobx-react-lite';
import { usePlayer } from './context';
import { muteButtonState } from './mute-button-core';

/** Turns the sound of the player around it on and off. */
export const MuteButton = observer(function MuteButton() {
  const text = useText();
  const { store, handle } = usePlayer();
  const { availability, muted, label } = muteButtonState(store);
  if (availability !== 'available') return null;
  return (
    <Pressable
      className="iot-player__control"
      label={text(label)}
      onPress={muted ? handle.unmute : handle.mute}
    >
      <Icon name={muted ? 'sound-off' : 'sound-on'} />
    </Pressable>
  );
});
