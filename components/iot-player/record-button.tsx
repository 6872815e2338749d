import { useText } from '@components/hooks';
import { Icon } from '@components/icon';
import { Pressable } from '@components/pressable';
import { Text, View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import { usePlayer } from './context';
import { clockText, recordButtonState } from './picture-controls-core';

/** Records what the player around it shows. */
export const RecordButton = observer(function RecordButton() {
  const text = useText();
  const { store, view, handle } = usePlayer();
  const { recording, files, picture } = view;
  const { availability, label } = recordButtonState(picture, store, files, recording);
  if (availability !== 'available') return null;
  const isOn = recording.kind === 'recording' || recording.kind === 'saving';
  const begins = recording.kind === 'idle';
  return (
    <Pressable
      className={`iot-player__control ${isOn ? 'iot-player__control--recording' : ''}`}
      label={text(label)}
      disabled={recording.kind === 'saving'}
      onPress={() => {
        // The notice tells of a failure.
        if (begins) handle.startRecording();
        else void handle.stopRecording().catch(() => undefined);
      }}
    >
      <Icon name={isOn ? 'stop' : begins ? 'record' : 'download'} />
    </Pressable>
  );
});

/** How long the player around it has been recording. */
export const RecordingBadge = observer(function RecordingBadge() {
  const text = useText();
  const { recording } = usePlayer().view;
  if (recording.kind === 'idle' || recording.kind === 'unsaved') return null;
  const isSaving = recording.kind === 'saving';
  const time = isSaving ? '' : clockText(recording.seconds);
  return (
    <View
      className="iot-player__badge"
      role="timer"
      aria-label={isSaving ? text('recording.saving') : text('recording.label', { time })}
    >
      <View className="iot-player__dot iot-player__dot--recording" />
      <Text>{isSaving ? text('recording.saving') : time}</Text>
    </View>
  );
});
