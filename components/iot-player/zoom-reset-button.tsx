import { useText } from '@components/hooks';
import { NO_ZOOM } from '@components/player-view';
import { Pressable } from '@components/pressable';
import { Text } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import { usePlayer } from './context';
import { zoomResetState } from './picture-controls-core';

/** Tells how large the picture is shown, and shows the whole of it again. */
export const ZoomResetButton = observer(function ZoomResetButton() {
  const text = useText();
  const { view } = usePlayer();
  const { availability, label } = zoomResetState(view);
  if (availability !== 'available') return null;
  return (
    <Pressable
      className="iot-player__zoom"
      label={text(label)}
      onPress={() => view.setZoom(NO_ZOOM)}
    >
      <Text>{`${view.zoom.scale.toFixed(1)}×`}</Text>
    </Pressable>
  );
});
