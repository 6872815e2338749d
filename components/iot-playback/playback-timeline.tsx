import { useText } from '@components/hooks';
import {
  bubbleShare,
  formatTime,
  moveClipEdge,
  reveal,
  shareOf,
  thumbnailSlots,
  timelineGesture,
  wholeDay,
  zoom,
} from '@services/playback';
import type { TimelineGesture, TimelineInput, TimelineView, TimeSpan } from '@services/playback';
import { Image, View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import { useEffect, useRef, useState } from 'react';
import { ClipBar } from './clip-bar';
import type { PlaybackClip } from './clip-bar';
import { usePlayback } from './context';
import { TimelineFoot } from './timeline-foot';
import { percent, TimelineLane, TimelineRuler, TimelineStills } from './timeline-lane';
import { TimelineTrack } from './timeline-track';

const NONE: TimelineGesture = { kind: 'none' };
/** How many pictures have room, on a phone's width. */
const STILLS = 5;
/** As the style sheet has them. */
const RULER_HEIGHT = 24;
const TRACK_HEIGHT = 64;
const STILLS_HEIGHT = 110;
/** While it is dragged, pictures of moments this far apart are fetched, in s. */
const SCRUB_STEP_S = 2;
/** What keys do to the moment, in ms. */
const KEY_STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -10_000,
  ArrowDown: -10_000,
  ArrowRight: 10_000,
  ArrowUp: 10_000,
  PageDown: -10 * 60_000,
  PageUp: 10 * 60_000,
};

export interface PlaybackTimelineProps {
  /** Shows a way to choose a clip. */
  readonly onClip?: ((clip: PlaybackClip) => void) | undefined;
}

/** The chosen day: what is recorded, where playback is, and a ruler. */
export const PlaybackTimeline = observer(function PlaybackTimeline({
  onClip,
}: PlaybackTimelineProps) {
  const { day } = usePlayback().store;
  // Another day begins with another view.
  return day === null ? null : <DayTimeline key={day.startMs} day={day} onClip={onClip} />;
});

interface DayTimelineProps extends PlaybackTimelineProps {
  readonly day: TimeSpan;
}

const DayTimeline = observer(function DayTimeline({ day, onClip }: DayTimelineProps) {
  const text = useText();
  const { store, handle } = usePlayback();
  const [view, setView] = useState<TimelineView>(() => wholeDay(day));
  const [gesture, setGesture] = useState<TimelineGesture>(NONE);
  // Several events may come before the next render.
  const latest = useRef({ view, gesture });
  const { positionMs, recordings, time, clip, hasThumbnails, thumbnails } = store;
  const scrubbedMs = gesture.kind === 'scrub' ? gesture.momentMs : null;
  const atMs = scrubbedMs ?? positionMs ?? day.startMs;
  const clock = formatTime(time.timeAt(atMs));
  const slots = hasThumbnails ? thumbnailSlots(view, recordings, STILLS) : [];
  const scrubbedS =
    scrubbedMs === null ? null : Math.floor(scrubbedMs / 1_000 / SCRUB_STEP_S) * SCRUB_STEP_S;

  const show = (next: { view: TimelineView; gesture: TimelineGesture }): void => {
    latest.current = next;
    setView(next.view);
    setGesture(next.gesture);
  };
  const zoomBy = (factor: number, share: number): void =>
    show({ ...latest.current, view: zoom(latest.current.view, factor, share) });
  const onInput = (input: TimelineInput): void => {
    if (input.type === 'move' && latest.current.gesture.kind === 'none') return;
    const chosen = store.clip;
    const step = timelineGesture(latest.current.gesture, latest.current.view, input, chosen);
    show({ view: step.view, gesture: step.gesture });
    if (step.chosenMs !== null) handle.seek(step.chosenMs);
    if (step.moved !== null && chosen !== null) {
      handle.selectClip(moveClipEdge(chosen, step.moved.edge, step.moved.toMs, day));
    }
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

  const wanted = [...(scrubbedS === null ? [] : [scrubbedS]), ...slots.map(({ unixS }) => unixS)];
  const wish = wanted.join();
  useEffect(() => {
    if (wish !== '') handle.wantThumbnails(wish.split(',').map(Number));
  }, [handle, wish]);

  const bubble = bubbleShare(gesture, view);
  const scrubbed = scrubbedS === null ? undefined : thumbnails.get(scrubbedS);
  const cursor = shareOf(view, atMs);
  const middle =
    positionMs === null ? 0.5 : Math.min(0.9, Math.max(0.1, shareOf(view, positionMs)));
  const look = `${gesture.kind === 'scrub' ? 'iot-timeline__track--scrubbed' : ''} ${
    hasThumbnails ? 'iot-timeline__track--stills' : ''
  }`;
  return (
    <View className="iot-timeline">
      <TimelineTrack
        className={`iot-timeline__track ${look}`}
        label={text('playback.timeline')}
        valueS={Math.round((atMs - day.startMs) / 1_000)}
        maxS={Math.round((day.endMs - day.startMs) / 1_000)}
        valueText={clock}
        rulerShare={RULER_HEIGHT / (hasThumbnails ? STILLS_HEIGHT : TRACK_HEIGHT)}
        onInput={onInput}
        onZoom={zoomBy}
        onKey={onKey}
      >
        <TimelineRuler view={view} />
        {hasThumbnails && <TimelineStills view={view} slots={slots} />}
        <TimelineLane view={view} />
        {positionMs !== null && cursor >= 0 && cursor <= 1 && (
          <View className="iot-timeline__cursor" style={{ left: percent(cursor) }} />
        )}
        {bubble !== null && (
          <View
            className="iot-timeline__bubble"
            style={{ left: percent(Math.min(0.85, Math.max(0.15, bubble))) }}
          >
            {scrubbed !== undefined && (
              <Image className="iot-timeline__preview" src={scrubbed.url} mode="aspectFit" />
            )}
            <View>{clock}</View>
          </View>
        )}
      </TimelineTrack>
      <TimelineFoot
        {...{ day, atMs }}
        canClip={onClip !== undefined}
        onZoom={(factor) => zoomBy(factor, middle)}
      />
      {onClip !== undefined && clip !== null && <ClipBar {...{ day, clip, onClip }} />}
    </View>
  );
});
