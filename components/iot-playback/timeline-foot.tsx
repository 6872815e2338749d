import { useText } from '@components/hooks';
import { Icon } from '@components/icon';
import { Pressable } from '@components/pressable';
import { clipAround, eventFrom, formatTime } from '@services/playback';
import type { TimeSpan } from '@services/playback';
import { Text, View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import { usePlayback } from './context';

export interface TimelineFootProps {
  readonly day: TimeSpan;
  /** The moment that is shown or touched, in unix ms. */
  readonly atMs: number;
  /** Whether a clip can be chosen. */
  readonly canClip: boolean;
  /** Shows `factor` times as much of the day. */
  readonly onZoom: (factor: number) => void;
}

/** The time, and what can be done with the timeline. */
export const TimelineFoot = observer(function TimelineFoot(props: TimelineFootProps) {
  const { day, atMs, canClip, onZoom } = props;
  const text = useText();
  const { store, handle } = usePlayback();
  const { positionMs, events, clip, time } = store;
  const eventButton = (direction: 'previous' | 'next') => (
    <Pressable
      className={`iot-timeline__button iot-timeline__button--${direction}`}
      label={text(`playback.${direction}-event`)}
      disabled={positionMs === null || eventFrom(events, positionMs, direction) === null}
      onPress={() => handle.seekEvent(direction)}
    >
      <Icon name="next" />
    </Pressable>
  );
  return (
    <View className="iot-timeline__foot">
      <Text className="iot-timeline__time">
        {positionMs === null ? '–' : formatTime(time.timeAt(atMs))}
      </Text>
      <View className="iot-timeline__space" />
      {events.length > 0 && eventButton('previous')}
      {events.length > 0 && eventButton('next')}
      {canClip && (
        <Pressable
          className="iot-timeline__button"
          label={text('playback.clip')}
          checked={clip !== null}
          disabled={positionMs === null}
          onPress={() => handle.selectClip(clip === null ? clipAround(day, atMs) : null)}
        >
          <Icon name="clip" />
        </Pressable>
      )}
      <Pressable
        className="iot-timeline__button"
        label={text('playback.zoom-out')}
        onPress={() => onZoom(2)}
      >
        <Icon name="minus" />
      </Pressable>
      <Pressable
        className="iot-timeline__button"
        label={text('playback.zoom-in')}
        onPress={() => onZoom(0.5)}
      >
        <Icon name="add" />
      </Pressable>
    </View>
  );
});
