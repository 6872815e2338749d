import { hostFiles, PlayerView, UPRIGHT } from '@components/player-view';
import type {
  PictureControl,
  PictureFit,
  PictureRotation,
  RecordingOptions,
  SoundMode,
} from '@components/player-view';
import { useIotVideo } from '@components/provider';
import type { IotDevice } from '@services/device';
import type { IotError } from '@services/errors';
import { PlayerController, surfaceKindOf } from '@services/player';
import type {
  PausePolicy,
  PlayerDiagnostics,
  PlayerMachineOptions,
  PlayerSink,
  PlayerStatus,
  PlayerStore,
  SoundPolicy,
  StreamQuality,
  SurfaceKind,
} from '@services/player';
import { observe, reaction } from 'mobx';
import { useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { useLatest } from './use-latest';

/** How a player behaves by itself. Read once. */
export type PlayerPolicies = SoundPolicy &
  PausePolicy &
  Pick<PlayerMachineOptions, 'checkStream' | 'pauseAfterHiddenMs' | 'cacheThresholdMs'>;

export interface UseIotPlayerOptions extends PlayerPolicies {
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
  /** 0 to 1 at first (default 1). Read once. */
  readonly volume?: number;
  /** The whole picture, or no empty edges; at first, changes are followed (default `contain`). */
  readonly fit?: PictureFit;
  /** For a camera that hangs on its side or upside down; changes are followed (default 0). */
  readonly rotation?: PictureRotation;
  /** What the sound comes out of, where the host can choose; changes are followed (default `speaker`). */
  readonly soundMode?: SoundMode;
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
  /** Sets the host's sound mode anew: after a talk some phones play too low, or through the earpiece. */
  readonly repairSound: () => void;
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
  /** Takes whether the player is in sight; null where no policy asks for it. */
  readonly setOnScreen: ((onScreen: boolean) => void) | null;
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
  const { fit = 'contain', rotation = 0, soundMode = 'speaker' } = options;
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
        ...policiesOf(options),
        onError: (error, willRetry) => latest.current?.onError?.(error, willRetry),
      }),
  );
  const [view] = useState(
    () =>
      new PlayerView({
        clock,
        files: hostFiles,
        quality,
        fit,
        rotation,
        soundMode,
        cameraName: () => latest.current?.device.name ?? latest.current?.device.id ?? 'camera',
        onFailure: ({ code, reason, message }) =>
          log?.({ level: 'warn', scope: 'player', message, data: { code, reason } }),
      }),
  );

  // The prop leads until the user chooses; a new value of it leads again.
  useLayoutEffect(() => view.setQuality(quality), [view, quality]);

  const { id, xp2pInfo, productId, deviceName } = device;
  useLayoutEffect(() => view.setFit(fit), [view, fit]);
  // Another camera hangs as the prop says, whatever the user did with the one before.
  useLayoutEffect(() => view.setRotation(rotation), [view, rotation, id]);
  useLayoutEffect(() => view.setSoundMode(soundMode), [view, soundMode]);
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

  const [watchesScreen] = useState(() => asksForScreen(options));
  const surface = surfaceKindOf({ xp2pInfo }, { onlyAudio });
  return useMemo(
    () => ({
      store: controller.store,
      view,
      attachSink: (sink) => controller.attachSink(sink),
      attachSoundSink: (sink) => controller.attachSoundSink(sink),
      attachPicture: (picture) =>
        view.attachPicture(picture !== null && onlyAudio ? withoutPicture(picture) : picture),
      setOnScreen: watchesScreen ? (onScreen) => controller.setOnScreen(onScreen) : null,
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
        repairSound: () => view.repairSound(),
        setQuality: (chosen) => view.setQuality(chosen),
        takeSnapshot: () => view.takeSnapshot(),
        startRecording: (limits) => view.startRecording(limits),
        stopRecording: () => view.stopRecording(),
        enterFullscreen: () => view.enterFullscreen(),
        leaveFullscreen: () => view.leaveFullscreen(),
        diagnostics: () => controller.diagnostics(),
      },
    }),
    [controller, view, surface, onlyAudio, watchesScreen],
  );
}

/** Only what is given: `undefined` would take the place of a default. */
function policiesOf(options: UseIotPlayerOptions): PlayerPolicies & { readonly volume?: number } {
  const { volume, checkStream, cacheThresholdMs, pauseAfterHiddenMs } = options;
  const { pauseWhen, muteWhen, unmuteWhen } = options;
  return {
    ...(volume !== undefined && { volume }),
    ...(checkStream !== undefined && { checkStream }),
    ...(cacheThresholdMs !== undefined && { cacheThresholdMs }),
    ...(pauseAfterHiddenMs !== undefined && { pauseAfterHiddenMs }),
    ...(pauseWhen !== undefined && { pauseWhen }),
    ...(muteWhen !== undefined && { muteWhen }),
    ...(unmuteWhen !== undefined && { unmuteWhen }),
  };
}

function asksForScreen({ pauseWhen, muteWhen }: PlayerPolicies): boolean {
  return [...(pauseWhen ?? []), ...(muteWhen ?? [])].includes('offscreen');
}

/** Of a surface that plays sound only: there is nothing to look at. */
function withoutPicture({ hasVolume, hasSoundMode }: PictureControl): PictureControl {
  return {
    hasVolume,
    canFill: false,
    rotations: UPRIGHT,
    hasSoundMode,
    setZoom: null,
    snapshot: null,
    pictureInPicture: null,
    fullscreen: null,
    tap: null,
  };
}
