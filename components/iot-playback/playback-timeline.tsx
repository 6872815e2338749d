import { useText } from '@components/hooks';
import { Icon } from '@components/icon';
import { Pressable } from '@components/pressable';
import {
  bubbleShare,
  formatTime,
  reveal,
  shareOf,
  ticksOf,
  timelineGesture,
  wholeDay,
  zoom,
} from '@services/playback';
import type { TimelineGesture, TimelineInput, TimelineView, TimeSpan } from '@services/playback';
import { Text, View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import { useEffect, useRef, useState } from 'react';
import { usePlayback } from './context';
import { TimelineTrack } from './timeline-track';

const NONE: TimelineGesture = { kind: 'none' };
const MAX_LABELS = 6;
/** What keys do to the moment, in ms. */
const KEY_STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -10_000,
  ArrowDown: -10_000,
  ArrowRight: 10_000,
  ArrowUp: 10_000,
  PageDown: -10 * 60_000,
  PageUp: 10 * 60_000,
};

const percent = (share: number): string => `${(share * 100).toFixed(3)}%`;

/** The chosen day: what is recorded, where playback is, and a ruler. */
export const PlaybackTimeline = observer(function PlaybackTimeline() {
  const { store } = usePlayback();
  // Another day begins with another view.
  return store.day === null ? null : <DayTimeline key={store.day.startMs} day={store.day} />;
});

const DayTimeline = observer(function DayTimeline({ day }: { readonly day: TimeSpan }) {
  const text = useText();
  const { store, handle } = usePlayback();
  const [view, setView] = useState<TimelineView>(() => wholeDay(day));
  const [gesture, setGesture] = useState<TimelineGesture>(NONE);
  // Several events may come before the next render.
  const latest = useRef({ view, gesture });
  const { positionMs, recordings, time } = store;
  const scrubbedMs = gesture.kind === 'scrub' ? gesture.momentMs : null;
  const atMs = scrubbedMs ?? positionMs ?? day.startMs;
  const clock = formatTime(time.timeAt(atMs));

  const show = (next: { view: TimelineView; gesture: TimelineGesture }): void => {
    latest.current = next;
    setView(next.view);
    setGesture(next.gesture);
  };
  const zoomBy = (factor: number, share: number): void =>
    show({ ...latest.current, view: zoom(latest.current.view, factor, share) });
  const onInput = (input: TimelineInput): void => {
    if (input.type === 'move' && latest.current.gesture.kind === 'none') return;
    const step = timelineGesture(latest.current.gesture, latest.current.view, input);
    show({ view: step.view, gesture: step.gesture });
    if (step.chosenMs !== null) handle.seek(step.chosenMs);
  };
  const onKey = (key: string): boolean => {
    const step = KEY_STEPS[key];
    if (step !== undefined) handle.seek(atMs + step);
    else if (key === 'Home') handle.seek(day.startMs);
    else if (key === 'End') handle.seek(day.endMs);
    else if (key === '+' || key === '=') zoomBy(0.5, shareOf(view, atMs));
    else if (key === '-') zoomBy(2, shareOf(view, atMs));
    else if (key === ' ') {
      if (store.playing) handle.pause();
      else handle.resume();
    } else return false;
    show({ ...latest.current, view: reveal(latest.current.view, store.positionMs ?? atMs) });
    return true;
  };

  // The view follows what plays, unless somebody looks elsewhere.
  const wasSeen = useRef(false);
  useEffect(() => {
    const { view: shown, gesture: touched } = latest.current;
    if (positionMs === null || touched.kind !== 'none') return;
    const next = wasSeen.current ? reveal(shown, positionMs) : shown;
    if (next !== shown) {
      latest.current = { view: next, gesture: touched };
      setView(next);
    }
    const share = shareOf(next, positionMs);
    wasSeen.current = share >= 0 && share <= 1;
  }, [positionMs, view]);

  const bubble = bubbleShare(gesture, view);
  const cursor = shareOf(view, atMs);
  const middle =
    positionMs === null ? 0.5 : Math.min(0.9, Math.max(0.1, shareOf(view, positionMs)));
  return (
    <View className="iot-timeline">
      <TimelineTrack
        className={`iot-timeline__track ${gesture.kind === 'scrub' ? 'iot-timeline__track--scrubbed' : ''}`}
        label={text('playback.timeline')}
        valueS={Math.round((atMs - day.startMs) / 1_000)}
        maxS={Math.round((day.endMs - day.startMs) / 1_000)}
        valueText={clock}
        onInput={onInput}
        onZoom={zoomBy}
        onKey={onKey}
      >
        <View className="iot-timeline__ruler" data-ruler="">
          {ticksOf(view, MAX_LABELS).map(({ unixMs, major }) => (
            <View
              key={unixMs}
              className={`iot-timeline__tick ${major ? 'iot-timeline__tick--major' : ''}`}
              style={{ left: percent(shareOf(view, unixMs)) }}
            >
              {major && (
                <Text className={labelClass(shareOf(view, unixMs))}>
                  {unixMs >= day.endMs ? '24:00' : formatTime(time.timeAt(unixMs), false)}
                </Text>
              )}
            </View>
          ))}
        </View>
        <View className="iot-timeline__lane">
          {recordings.map(({ startMs, endMs }) => (
            <Stretch key={startMs} view={view} startMs={startMs} endMs={endMs} />
          ))}
        </View>
        {positionMs !== null && cursor >= 0 && cursor <= 1 && (
          <View className="iot-timeline__cursor" style={{ left: percent(cursor) }} />
        )}
        {bubble !== null && (
          <View className="iot-timeline__bubble" style={{ left: percent(bubble) }}>
            {clock}
          </View>
        )}
      </TimelineTrack>
      <View className="iot-timeline__foot">
        <Text className="iot-timeline__time">{positionMs === null ? '–' : clock}</Text>
        <View className="iot-timeline__space" />
        <Pressable
          className="iot-timeline__zoom"
          label={text('playback.zoom-out')}
          onPress={() => zoomBy(2, middle)}
        >
          <Text>−</Text>
        </Pressable>
        <Pressable
          className="iot-timeline__zoom"
          label={text('playback.zoom-in')}
          onPress={() => zoomBy(0.5, middle)}
        >
          <Icon name="add" />
        </Pressable>
      </View>
    </View>
  );
});

interface StretchProps extends TimeSpan {
  readonly view: TimelineView;
}

function Stretch({ view, startMs, endMs }: StretchProps) {
  const from = Math.max(0, shareOf(view, startMs));
  const to = Math.min(1, shareOf(view, endMs));
  if (to <= 0 || from >= 1) return null;
  const style = { left: percent(from), width: percent(to - from) };
  return <View className="iot-timeline__stretch" style={style} />;
}

/** Labels at the edges stay inside. */
function labelClass(share: number): string {
  const edge = share < 0.05 ? 'first' : share > 0.95 ? 'last' : 'inner';
  return `iot-timeline__label iot-timeline__label--${edge}`;
}
