import { useText } from '@components/hooks';
import { Icon } from '@components/icon';
import { Pressable } from '@components/pressable';
import { Text, View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import { usePlayback } from './context';

const SKIP_MS = 10_000;

export interface PlaybackControlsProps {
  /** Shows a way to the live picture. */
  readonly onLive?: (() => void) | undefined;
  /** Shows a way to save what is recorded at a moment, in unix ms. */
  readonly onSave?: ((unixMs: number) => void) | undefined;
}

/** What can be done with the recording. */
export const PlaybackControls = observer(function PlaybackControls({
  onLive,
  onSave,
}: PlaybackControlsProps) {
  const text = useText();
  const { store, handle } = usePlayback();
  const { playing, positionMs, speeds, speed, muted } = store;
  const nothing = positionMs === null;
  const nextSpeed = speeds[(speeds.indexOf(speed) + 1) % speeds.length] ?? 1;
  return (
    <View className="iot-playback__controls">
      <Pressable
        className="iot-playback__control"
        label={text(muted ? 'control.unmute' : 'control.mute')}
        onPress={() => handle.setMuted(!muted)}
      >
        <Icon name={muted ? 'sound-off' : 'sound-on'} />
      </Pressable>
      {speeds.length > 1 && (
        <Pressable
          className="iot-playback__control"
          label={text('playback.speed', { speed })}
          disabled={nothing}
          onPress={() => handle.setSpeed(nextSpeed)}
        >
          <Text>{text('playback.speed-short', { speed })}</Text>
        </Pressable>
      )}
      <View className="iot-playback__space" />
      <Pressable
        className="iot-playback__control"
        label={text('playback.back')}
        disabled={nothing}
        onPress={() => handle.skip(-SKIP_MS)}
      >
        <Text>{text('playback.back-short')}</Text>
      </Pressable>
      <Pressable
        className="iot-playback__control iot-playback__control--main"
        label={text(playing ? 'playback.pause' : 'playback.play')}
        disabled={nothing}
        onPress={playing ? handle.pause : handle.resume}
      >
        <Icon name={playing ? 'pause' : 'play'} />
      </Pressable>
      <Pressable
        className="iot-playback__control"
        label={text('playback.forward')}
        disabled={nothing}
        onPress={() => handle.skip(SKIP_MS)}
      >
        <Text>{text('playback.forward-short')}</Text>
      </Pressable>
      <View className="iot-playback__space" />
      {onSave !== undefined && (
        <Pressable
          className="iot-playback__control"
          label={text('playback.save')}
          disabled={nothing}
          onPress={() => positionMs !== null && onSave(positionMs)}
        >
          <Icon name="download" />
        </Pressable>
      )}
      {onLive !== undefined && (
        <Pressable className="iot-playback__control iot-playback__live" onPress={onLive}>
          <Text>{text('playback.live')}</Text>
        </Pressable>
      )}
    </View>
  );
});
