import { useText } from '@components/hooks';
import { Icon } from '@components/icon';
import { Pressable } from '@components/pressable';
import { observer } from 'mobx-react-lite';
import { usePlayer } from './context';
import { retryButtonState } from './retry-button-core';

/** Begins the picture of the player around it anew; where there is none, the status offers that. */
export const RefreshButton = observer(function RefreshButton() {
  const text = useText();
  const { store, handle } = usePlayer();
  const { availability, label } = retryButtonState(store);
  if (availability !== 'available' || label !== 'control.refresh') return null;
  return (
    <Pressable className="iot-player__control" label={text(label)} onPress={handle.retry}>
      <Icon name="refresh" />
    </Pressable>
  );
});
