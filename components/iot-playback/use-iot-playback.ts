import { useIotVideo } from '@components/provider';
import type { IotDevice } from '@services/device';
import type { IotError } from '@services/errors';
import { PlaybackController } from '@services/playback';
import type { CalendarDate, Month, PlaybackStore, TimeSpan } from '@services/playback';
import type { PlayerSink } from '@services/player';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { playbackSinkOf } from './playback-sink-of';

export interface UseIotPlaybackOptions {
  readonly device: IotDevice;
  /** 0-based channel of a recorder (default 0). */
  readonly channel?: number;
  /** IANA name, or minutes east of UTC (default: what the camera tells, else the phone's zone). */
  readonly timeZone?: string | number;
  /** The day to begin with (default: the latest one with recordings of this month). Read once. */
  readonly date?: CalendarDate;
  /** See `PlaybackControllerOptions.seekBy`. */
  readonly seekBy?: 'stream' | 'command';
  /** Each failure; `willRetry` when playback goes on by itself. */
  readonly onError?: (error: IotError, willRetry: boolean) => void;
}

/** What can be done with a playback. */
export interface IotPlaybackHandle {
  readonly chooseDate: (date: CalendarDate) => void;
  readonly showMonth: (month: Month) => void;
  readonly reload: () => void;
  /** @param unixMs a moment of the chosen day */
  readonly seek: (unixMs: number) => void;
  /** @param byMs recorded time; gaps do not count */
  readonly skip: (byMs: number) => void;
  readonly pause: () => void;
  readonly resume: () => void;
  /** @param speed one of `store.speeds` */
  readonly setSpeed: (speed: number) => void;
  readonly setMuted: (muted: boolean) => void;
  /** To the event after the moment that is shown, or to the one before it, where there is one. */
  readonly seekEvent: (direction: 'next' | 'previous') => void;
  /** What is to be saved, in unix ms; null for nothing. */
  readonly selectClip: (clip: TimeSpan | null) => void;
  /** Fetches pictures into `store.thumbnails`; unix seconds, the latest wish wins. */
  readonly wantThumbnails: (momentsS: readonly number[]) => void;
}

export interface IotPlaybackModel {
  /** What can be observed, by `observer` components. */
  readonly store: PlaybackStore;
  readonly handle: IotPlaybackHandle;
  /** For `<PlayerSurface onSink>`. */
  readonly attachSink: (sink: PlayerSink | null) => void;
}

/** A playback without a look: from mount to unmount. */
export function useIotPlayback(options: UseIotPlaybackOptions): IotPlaybackModel {
  const { sessions, clock, random, log } = useIotVideo();
  const latest = useRef(options);
  latest.current = options;
  const surface = useRef<PlayerSink | null>(null);
  const { device, channel, timeZone, seekBy } = options;
  const { id, xp2pInfo } = device;
  // A controller belongs to one camera, and is of no use after `close`.
  const make = useCallback(
    () =>
      new PlaybackController({
        ...{ sessions, clock, random, log, timeZone },
        device: latest.current.device,
        ...(channel !== undefined && { channel }),
        ...(seekBy !== undefined && { seekBy }),
        onError: (error, willRetry) => latest.current.onError?.(error, willRetry),
      }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- id and xp2pInfo are the camera
    [sessions, clock, random, log, id, xp2pInfo, channel, timeZone, seekBy],
  );
  const [controller, setController] = useState(make);
  const current = useRef(controller);

  useEffect(() => {
    const made = make();
    current.current = made;
    setController(made);
    if (surface.current !== null) made.attachSink(playbackSinkOf(surface.current));
    void made.start(latest.current.date);
    return () => made.close();
  }, [make]);

  const attachSink = useCallback((sink: PlayerSink | null) => {
    surface.current = sink;
    current.current.attachSink(sink === null ? null : playbackSinkOf(sink));
  }, []);

  return useMemo(
    () => ({
      store: controller.store,
      attachSink,
      handle: {
        chooseDate: (date) => void controller.chooseDate(date),
        showMonth: (month) => void controller.showMonth(month),
        reload: () => void controller.reload(),
        seek: (unixMs) => controller.seek(unixMs),
        skip: (byMs) => controller.skip(byMs),
        pause: () => controller.pause(),
        resume: () => controller.resume(),
        setSpeed: (speed) => void controller.setSpeed(speed),
        setMuted: (muted) => controller.setMuted(muted),
        seekEvent: (direction) => controller.seekEvent(direction),
        selectClip: (clip) => controller.selectClip(clip),
        wantThumbnails: (momentsS) => controller.wantThumbnails(momentsS),
      },
    }),
    [controller, attachSink],
  );
}
