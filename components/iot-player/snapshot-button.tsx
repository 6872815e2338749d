import { useText } from '@components/hooks';
import { Icon } from '@components/icon';
import { Pressable } from '@components/pressable';
import { observer } from 'mobx-react-lite';
import { usePlayer } from './context';
import { snapshotButtonState } from './picture-controls-core';

/** Saves the picture of the player around it. */
export const SnapshotButton = observer(function SnapshotButton() {
  const text = useText();
  const { store, view, handle } = usePlayer();
  const { availability, label } = snapshotButtonState(view.picture, store);
  if (availability !== 'available') return null;
  return (
    <Pressable
      className="iot-player__control"
      label={text(label)}
      disabled={view.takingSnapshot}
      // The notice tells of a failure.
      onPress={() => void handle.takeSnapshot().catch(() => undefined)}
    >
      <Icon name="snapshot" />
    </Pressable>
  );
});
