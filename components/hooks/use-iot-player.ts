import { hostFiles, PlayerView } from '@components/player-view';
import type { PictureControl, RecordingOptions } from '@components/player-view';
import { useIotVideo } from '@components/provider';
import type { IotDevice } from '@services/device';
import type { IotError } from '@services/errors';
import { PlayerController, surfaceKindOf } from '@services/player';
import type {
  PlayerDiagnostics,
  PlayerSink,
  PlayerStatus,
  PlayerStore,
  StreamQuality,
  SurfaceKind,
} from '@services/player';
import { observe, reaction } from 'mobx';
import { useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { useLatest } from './use-latest';

export interface UseIotPlayerOptions {
  /** The camera to watch. */
  readonly device: IotDevice;
  /** Picture quality at first; changes are followed (default `high`). */
  readonly quality?: StreamQuality;
  /** 0-based channel of a recorder (default 0). */
  readonly channel?: number;
  /** Only the sound: no picture is asked for (default false). */
  readonly onlyAudio?: boolean;
  /** Whether the sound is off at first; changes are followed (default true). */
  readonly muted?: boolean;
  /** Each failure; `willRetry` when the player goes on by itself. */
  readonly onError?: (error: IotError, willRetry: boolean) => void;
  readonly onStatusChange?: (status: PlayerStatus) => void;
  /** The quality that is asked for from now on, e.g. by the menu. */
  readonly onQualityChange?: (quality: StreamQuality) => void;
}

/** What can be done with a player. */
export interface IotPlayerHandle {
  /** Goes on after `pause`, or where the host waits for a tap. */
  readonly play: () => void;
  /** Keeps the last picture and, for five minutes, the connection: `play` goes on at once. */
  readonly pause: () => void;
  /** Gives the connection up and keeps the last picture. */
  readonly stop: () => void;
  /** Tries again at once, or begins what plays anew. */
  readonly retry: () => void;
  readonly mute: () => void;
  readonly unmute: () => void;
  /** @param volume 0 to 1; above 0 it also turns the sound on */
  readonly setVolume: (volume: number) => void;
  /** Begins the stream anew behind the last picture. */
  readonly setQuality: (quality: StreamQuality) => void;
  /**
   * Saves the picture: as a download, or to the album.
   * @throws IotError `snapshot-failed`, `save-failed`, `album-denied`, `unsupported-operation`
   */
  readonly takeSnapshot: () => Promise<void>;
  /**
   * Records what is shown, without another stream.
   * @throws IotError `unsupported-operation`
   */
  readonly startRecording: (options?: RecordingOptions) => void;
  /**
   * Ends the recording and saves it.
   * @throws IotError `recording-empty`, `save-failed`, `album-denied`
   */
  readonly stopRecording: () => Promise<void>;
  /** Call it from a tap: browsers want one. */
  readonly enterFullscreen: () => Promise<void>;
  readonly leaveFullscreen: () => Promise<void>;
  /** All that is known of the player, as plain JSON without secrets. */
  readonly diagnostics: () => PlayerDiagnostics;
}

export interface IotPlayerModel {
  /** What can be observed of the player, by `observer` components. */
  readonly store: PlayerStore;
  /** How the picture is looked at, by the same: zoom, fit, full screen, recording. */
  readonly view: PlayerView;
  readonly handle: IotPlayerHandle;
  /** The kind of `<PlayerSurface>` that the camera needs; `pictures` needs one for its sound as well. */
  readonly surface: SurfaceKind;
  readonly onlyAudio: boolean;
  /** For `<PlayerSurface onSink>`. */
  readonly attachSink: (sink: PlayerSink | null) => void;
  /** For `onSink` of the `video` surface that plays the sound of a `pictures` one. */
  readonly attachSoundSink: (sink: PlayerSink | null) => void;
  /** For `<PlayerSurface onPicture>`. */
  readonly attachPicture: (picture: PictureControl | null) => void;
}

/**
 * A player without a look: watches a camera from mount to unmount.
 *
 * @example
 * const { store, attachSink } = useIotPlayer({ device });
 * return <PlayerSurface onSink={attachSink} label="Front door" />;
 */
export function useIotPlayer(options: UseIotPlayerOptions): IotPlayerModel {
  const { device, quality = 'high', channel = 0, muted = true, onlyAudio = false } = options;
  const { sessions, clock, random, log } = useIotVideo();
  const latest = useLatest(options);

  const [controller] = useState(
    () =>
      new PlayerController({
        sessions,
        clock,
        random,
        log,
        muted,
        onError: (error, willRetry) => latest.current?.onError?.(error, willRetry),
      }),
  );
  const [view] = useState(
    () =>
      new PlayerView({
        clock,
        files: hostFiles,
        quality,
        cameraName: () => latest.current?.device.name ?? latest.current?.device.id ?? 'camera',
        onFailure: ({ code, reason, message }) =>
          log?.({ level: 'warn', scope: 'player', message, data: { code, reason } }),
      }),
  );

  // The prop leads until the user chooses; a new value of it leads again.
  useLayoutEffect(() => view.setQuality(quality), [view, quality]);

  const { id, xp2pInfo, productId, deviceName } = device;
  // Not a moment later than need be: the connection is what takes the time.
  useLayoutEffect(() => {
    const source = {
      id,
      xp2pInfo,
      ...(productId !== undefined && { productId }),
      ...(deviceName !== undefined && { deviceName }),
    };
    const start = (): void =>
      controller.start({ device: source, stream: { channel, quality: view.quality, onlyAudio } });
    start();
    return reaction(() => view.quality, start);
  }, [controller, view, id, xp2pInfo, productId, deviceName, channel, onlyAudio]);
  useLayoutEffect(() => {
    view.open();
    return () => {
      view.close();
      controller.close();
    };
  }, [controller, view]);

  useEffect(() => {
    if (controller.store.muted !== muted) controller.setMuted(muted);
  }, [controller, muted]);

  useEffect(
    () =>
      reaction(
        () => controller.store.status,
        (status) => latest.current?.onStatusChange?.(status),
        { fireImmediately: true },
      ),
    [controller, latest],
  );
  // The buttons show themselves at first, then they rest.
  useEffect(
    () =>
      reaction(
        () => controller.store.playing,
        (playing) => {
          if (playing) view.touch();
        },
      ),
    [controller, view],
  );
  useEffect(
    () => observe(view, 'quality', ({ newValue }) => latest.current?.onQualityChange?.(newValue)),
    [view, latest],
  );

  const surface = surfaceKindOf({ xp2pInfo }, { onlyAudio });
  return useMemo(
    () => ({
      store: controller.store,
      view,
      attachSink: (sink) => controller.attachSink(sink),
      attachSoundSink: (sink) => controller.attachSoundSink(sink),
      attachPicture: (picture) =>
        view.attachPicture(picture !== null && onlyAudio ? withoutPicture(picture) : picture),
      surface,
      onlyAudio,
      handle: {
        play: () => controller.play(),
        pause: () => controller.pause(),
        stop: () => controller.stop(),
        retry: () => controller.retry(),
        mute: () => controller.setMuted(true),
        unmute: () => controller.setMuted(false),
        setVolume: (volume) => {
          controller.setVolume(volume);
          if (volume > 0 && controller.store.muted) controller.setMuted(false);
        },
        setQuality: (chosen) => view.setQuality(chosen),
        takeSnapshot: () => view.takeSnapshot(),
        startRecording: (limits) => view.startRecording(limits),
        stopRecording: () => view.stopRecording(),
        enterFullscreen: () => view.enterFullscreen(),
        leaveFullscreen: () => view.leaveFullscreen(),
        diagnostics: () => controller.diagnostics(),
      },
    }),
    [controller, view, surface, onlyAudio],
  );
}

/** Of a surface that plays sound only: there is nothing to look at. */
function withoutPicture({ hasVolume }: PictureControl): PictureControl {
  return {
    hasVolume,
    canFill: false,
    canRotate: false,
    setZoom: null,
    snapshot: null,
    pictureInPicture: null,
    fullscreen: null,
    tap: null,
  };
}
