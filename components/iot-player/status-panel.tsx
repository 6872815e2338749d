import { useText } from '@components/hooks';
import { Icon } from '@components/icon';
import { Pressable } from '@components/pressable';
import { useIotVideo } from '@components/provider';
import { errorText } from '@services/i18n';
import { Text, View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import { usePlayer } from './context';
import { retryButtonState } from './retry-button-core';

/** Says over the picture what is going on, and offers what can be done. */
export const StatusPanel = observer(function StatusPanel() {
  const { store } = usePlayer();
  const { kind, hasPicture } = store.status;
  if (kind === 'playing') return null;
  const covered = hasPicture ? 'iot-player__status--over-picture' : '';
  return <View className={`iot-player__status ${covered}`}>{panelOf(kind)}</View>;
});

function panelOf(kind: 'stopped' | 'blocked' | 'loading' | 'waiting' | 'reconnecting' | 'error') {
  switch (kind) {
    case 'stopped':
    case 'blocked':
      return <PlayPanel />;
    case 'loading':
    case 'waiting':
      return <ProgressPanel />;
    case 'reconnecting':
    case 'error':
      return <ErrorPanel />;
    default:
      return kind satisfies never;
  }
}

const PlayPanel = observer(function PlayPanel() {
  const text = useText();
  const { store, handle } = usePlayer();
  return (
    <>
      <Pressable className="iot-player__play" label={text('control.play')} onPress={handle.play}>
        <Icon name="play" />
      </Pressable>
      <Text className="iot-player__hint">{text(store.status.text)}</Text>
    </>
  );
});

const ProgressPanel = observer(function ProgressPanel() {
  const text = useText();
  const { status } = usePlayer().store;
  return (
    <View className="iot-player__progress">
      <View className="iot-player__spinner" />
      <Text className="iot-player__step">{text(status.text)}</Text>
      {status.failures > 1 && (
        <Text className="iot-player__hint">
          {text('retry.count', { count: status.failures + 1 })}
        </Text>
      )}
    </View>
  );
});

const ErrorPanel = observer(function ErrorPanel() {
  const { text, locale } = useIotVideo();
  const { store, handle } = usePlayer();
  const { error } = store.status;
  if (error === null) return null;
  const { code, reason } = error;
  const { title, remedy } = errorText(locale, error);
  return (
    <View className="iot-player__error">
      <Icon name="alert" />
      <Text className="iot-player__title">{title}</Text>
      <Text className="iot-player__remedy">{remedy}</Text>
      <Pressable className="iot-player__retry" onPress={handle.retry}>
        <Text>{text(retryButtonState(store).label)}</Text>
      </Pressable>
      <RetryCountdown />
      <Text className="iot-player__code">{text('error.code', { code, reason })}</Text>
    </View>
  );
});

/** On its own, as it changes every second. */
const RetryCountdown = observer(function RetryCountdown() {
  const text = useText();
  const { nextRetryInS } = usePlayer().store;
  if (nextRetryInS === null) return null;
  return (
    <Text className="iot-player__hint">{text('retry.countdown', { seconds: nextRetryInS })}</Text>
  );
});
