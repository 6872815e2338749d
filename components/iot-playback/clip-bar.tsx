import { useText } from '@components/hooks';
import { Pressable } from '@components/pressable';
import { clipEdgeByKey, formatTime, moveClipEdge } from '@services/playback';
import type { ClipEdge as Edge, TimeSpan } from '@services/playback';
import { Text, View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import { ClipEdge } from './clip-edge';
import { usePlayback } from './context';

/** What was chosen of a day, in unix seconds. */
export interface PlaybackClip {
  readonly startTimeS: number;
  readonly endTimeS: number;
}

export interface ClipBarProps {
  readonly day: TimeSpan;
  readonly clip: TimeSpan;
  readonly onClip: (clip: PlaybackClip) => void;
}

/** What is chosen to be saved, and ways to change it without a pointer. */
export const ClipBar = observer(function ClipBar({ day, clip, onClip }: ClipBarProps) {
  const text = useText();
  const { store, handle } = usePlayback();
  const { time, positionMs, recordings } = store;
  const move = (edge: Edge, toMs: number): void =>
    handle.selectClip(moveClipEdge(clip, edge, toMs, day));
  const isRecorded = recordings.some(
    ({ startMs, endMs }) => startMs < clip.endMs && endMs > clip.startMs,
  );
  const edge = (name: Edge, atMs: number) => (
    <ClipEdge
      label={text(`playback.clip-${name}`)}
      valueS={Math.round((atMs - day.startMs) / 1_000)}
      maxS={Math.round((day.endMs - day.startMs) / 1_000)}
      valueText={atMs >= day.endMs ? '24:00:00' : formatTime(time.timeAt(atMs))}
      onKey={(key) => {
        const toMs = clipEdgeByKey(atMs, key, day);
        if (toMs !== null) move(name, toMs);
        return toMs !== null;
      }}
    />
  );
  const here = (name: Edge) => (
    <Pressable
      className="iot-clip__button"
      disabled={positionMs === null}
      onPress={() => positionMs !== null && move(name, positionMs)}
    >
      <Text>{text(`playback.clip-${name}-here`)}</Text>
    </Pressable>
  );
  return (
    <View className="iot-clip" role="group" aria-label={text('playback.clip')}>
      <View className="iot-clip__row">
        {edge('start', clip.startMs)}
        <Text className="iot-clip__to">–</Text>
        {edge('end', clip.endMs)}
        <Text className="iot-clip__length">{lengthText(clip)}</Text>
        <View className="iot-clip__space" />
        {here('start')}
        {here('end')}
      </View>
      <View className="iot-clip__row">
        <View className="iot-clip__note" role="status">
          {isRecorded ? '' : text('playback.clip-empty')}
        </View>
        <View className="iot-clip__space" />
        <Pressable className="iot-clip__button" onPress={() => handle.selectClip(null)}>
          <Text>{text('playback.clip-cancel')}</Text>
        </Pressable>
        <Pressable
          className="iot-clip__button iot-clip__button--main"
          disabled={!isRecorded}
          onPress={() => {
            const { startMs, endMs } = clip;
            onClip({
              startTimeS: Math.floor(startMs / 1_000),
              endTimeS: Math.ceil(endMs / 1_000),
            });
            handle.selectClip(null);
          }}
        >
          <Text>{text('playback.clip-save')}</Text>
        </Pressable>
      </View>
    </View>
  );
});

/** `1:05` */
function lengthText({ startMs, endMs }: TimeSpan): string {
  const seconds = Math.round((endMs - startMs) / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
