import { useText } from '@components/hooks';
import { Icon } from '@components/icon';
import { PlayerSurface } from '@components/player-surface';
import { Pressable } from '@components/pressable';
import { useIotVideo } from '@components/provider';
import type { IotError } from '@services/errors';
import { errorText } from '@services/i18n';
import { formatTime } from '@services/playback';
import { Text, View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import { usePlayback } from './context';

/** The recorded picture, and what is the matter with it. */
export const PlaybackPicture = observer(function PlaybackPicture() {
  const text = useText();
  const { device, attachSink } = usePlayback();
  const name = device.name ?? text('player.unnamed');
  return (
    <View className="iot-player iot-playback__picture">
      <PlayerSurface
        key={device.id}
        onSink={attachSink}
        label={text('playback.picture', { name })}
      />
      <Panel />
      <Announcer />
    </View>
  );
});

const Panel = observer(function Panel() {
  const text = useText();
  const { store, handle } = usePlayback();
  const { phase, trouble, dayState, listError, recordings, blocked, busy } = store;
  // The last picture stays, also that of another day.
  const panel = (content: React.ReactNode) => (
    <View className="iot-player__status iot-player__status--over-picture">{content}</View>
  );
  if (dayState === 'failed' && listError !== null) {
    return panel(<ErrorPanel error={listError} onRetry={handle.reload} />);
  }
  if (dayState === 'loading') return panel(<Progress step={text('playback.loading')} />);
  if (dayState === 'loaded' && recordings.length === 0) {
    return panel(
      <View className="iot-player__error">
        <Icon name="calendar" />
        <Text className="iot-player__title">{text('playback.empty')}</Text>
        <Text className="iot-player__remedy">{text('playback.empty-hint')}</Text>
      </View>,
    );
  }
  const error = phase.kind === 'failed' || phase.kind === 'waiting' ? phase.error : null;
  // A try that follows a failure says nothing better than what the failure was.
  const shown = error ?? (phase.kind === 'opening' ? trouble : null);
  if (shown !== null) return panel(<ErrorPanel error={shown} onRetry={handle.resume} />);
  if (phase.kind === 'ended' || blocked) {
    return panel(
      <>
        <Pressable
          className="iot-player__play"
          label={text('playback.play')}
          onPress={handle.resume}
        >
          <Icon name="play" />
        </Pressable>
        {phase.kind === 'ended' && (
          <Text className="iot-player__hint">{text('playback.ended')}</Text>
        )}
      </>,
    );
  }
  return busy ? panel(<Progress step={text('playback.opening')} />) : null;
});

function Progress({ step }: { readonly step: string }) {
  return (
    <View className="iot-player__progress">
      <View className="iot-player__spinner" />
      <Text className="iot-player__step">{step}</Text>
    </View>
  );
}

interface ErrorPanelProps {
  readonly error: IotError;
  readonly onRetry: () => void;
}

function ErrorPanel({ error, onRetry }: ErrorPanelProps) {
  const { text, locale } = useIotVideo();
  const { title, remedy } = errorText(locale, error);
  const { code, reason } = error;
  return (
    <View className="iot-player__error">
      <Icon name="alert" />
      <Text className="iot-player__title">{title}</Text>
      <Text className="iot-player__remedy">{remedy}</Text>
      <Pressable className="iot-player__retry" onPress={onRetry}>
        <Text>{text('control.retry')}</Text>
      </Pressable>
      <Text className="iot-player__code">{text('error.code', { code, reason })}</Text>
    </View>
  );
}

/** Says what changes to those who cannot see it; the time is the timeline's to tell. */
const Announcer = observer(function Announcer() {
  const { text, locale } = useIotVideo();
  const { store } = usePlayback();
  return (
    <View className="iot-player__announcer" role="status">
      {announcement()}
    </View>
  );

  function announcement(): string {
    const { phase, trouble, dayState, listError, recordings, positionMs, time } = store;
    if (dayState === 'failed' && listError !== null) return errorText(locale, listError).sentence;
    if (dayState === 'loading') return text('playback.loading');
    if (dayState === 'loaded' && recordings.length === 0) return text('playback.empty');
    if (phase.kind === 'failed' || phase.kind === 'waiting') {
      return errorText(locale, phase.error).sentence;
    }
    if (phase.kind === 'ended') return text('playback.ended');
    if (phase.kind === 'paused' && positionMs !== null) {
      return text('playback.paused', { time: formatTime(time.timeAt(positionMs)) });
    }
    if (phase.kind !== 'opening') return '';
    return trouble === null ? text('playback.opening') : errorText(locale, trouble).sentence;
  }
});
