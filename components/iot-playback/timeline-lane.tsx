import { formatTime, shareOf, ticksOf } from '@services/playback';
import type { ThumbnailSlot, TimelineView, TimeSpan } from '@services/playback';
import { Image, Text, View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import { usePlayback } from './context';

const MAX_LABELS = 6;

export const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;

/** The times of what is visible. */
export const TimelineRuler = observer(function TimelineRuler({
  view,
}: {
  readonly view: TimelineView;
}) {
  const { time, day } = usePlayback().store;
  const endMs = day?.endMs ?? Infinity;
  return (
    <View className="iot-timeline__ruler" data-ruler="">
      {ticksOf(view, MAX_LABELS).map(({ unixMs, major }) => (
        <View
          key={unixMs}
          className={`iot-timeline__tick ${major ? 'iot-timeline__tick--major' : ''}`}
          style={{ left: percent(shareOf(view, unixMs)) }}
        >
          {major && (
            <Text className={labelClass(shareOf(view, unixMs))}>
              {unixMs >= endMs ? '24:00' : formatTime(time.timeAt(unixMs), false)}
            </Text>
          )}
        </View>
      ))}
    </View>
  );
});

/** Labels at the edges stay inside. */
function labelClass(share: number): string {
  const edge = share < 0.05 ? 'first' : share > 0.95 ? 'last' : 'inner';
  return `iot-timeline__label iot-timeline__label--${edge}`;
}

/** What is recorded, what of it is marked, and what is chosen to be saved. */
export const TimelineLane = observer(function TimelineLane({
  view,
}: {
  readonly view: TimelineView;
}) {
  const { recordings, events, clip } = usePlayback().store;
  return (
    <View className="iot-timeline__lane">
      {recordings.map((span) => (
        <Stretch key={span.startMs} className="iot-timeline__stretch" view={view} span={span} />
      ))}
      {events.map((span) => (
        <Stretch key={span.startMs} className="iot-timeline__event" view={view} span={span} />
      ))}
      {clip !== null && <Stretch className="iot-timeline__clip" view={view} span={clip} />}
    </View>
  );
});

interface StretchProps {
  readonly className: string;
  readonly view: TimelineView;
  readonly span: TimeSpan;
}

function Stretch({ className, view, span }: StretchProps) {
  const from = Math.max(0, shareOf(view, span.startMs));
  const to = Math.min(1, shareOf(view, span.endMs));
  if (to <= 0 || from >= 1) return null;
  return <View className={className} style={{ left: percent(from), width: percent(to - from) }} />;
}

interface TimelineStillsProps {
  readonly view: TimelineView;
  readonly slots: readonly ThumbnailSlot[];
}

/** Pictures of what is recorded. */
export const TimelineStills = observer(function TimelineStills({
  view,
  slots,
}: TimelineStillsProps) {
  const { thumbnails } = usePlayback().store;
  return (
    <View className="iot-timeline__stills">
      {slots.map(({ startMs, endMs, unixS }) => {
        const thumbnail = thumbnails.get(unixS);
        const from = shareOf(view, startMs);
        const style = { left: percent(from), width: percent(shareOf(view, endMs) - from) };
        return (
          <View key={startMs} className="iot-timeline__still" style={style} aria-hidden="true">
            {thumbnail !== undefined && (
              <Image className="iot-timeline__picture" src={thumbnail.url} mode="aspectFill" />
            )}
          </View>
        );
      })}
    </View>
  );
});
