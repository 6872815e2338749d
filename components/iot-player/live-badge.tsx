import { useText } from '@components/hooks';
import { Text, View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import { usePlayer } from './context';
import { liveBadgeState } from './live-badge-core';

/** Tells that the picture is what happens now. */
export const LiveBadge = observer(function LiveBadge() {
  const text = useText();
  const { store } = usePlayer();
  if (liveBadgeState(store).availability !== 'available') return null;
  return (
    // The status says the same to screen readers.
    <View className="iot-player__badge" aria-hidden="true">
      <View className="iot-player__dot" />
      <Text>{text('status.playing')}</Text>
    </View>
  );
});
