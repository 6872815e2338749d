import { useIotVideo } from '@components/provider';
import type { IotDevice } from '@services/device';
import type { IotError } from '@services/errors';
import { PlayerController } from '@services/player';
import type { PlayerSink, PlayerStatus, PlayerStore, StreamQuality } from '@services/player';
import { reaction } from 'mobx';
import { useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { useLatest } from './use-latest';

export interface UseIotPlayerOptions {
  /** The camera to watch. */
  readonly device: IotDevice;
  /** Picture quality (default `high`). */
  readonly quality?: StreamQuality;
  /** 0-based channel of a recorder (default 0). */
  readonly channel?: number;
  /** Whether the sound is off at first; changes are followed (default true). */
  readonly muted?: boolean;
  /** Each failure; `willRetry` when the player goes on by itself. */
  readonly onError?: (error: IotError, willRetry: boolean) => void;
  readonly onStatusChange?: (status: PlayerStatus) => void;
}

/** What can be done with a player. */
export interface IotPlayerHandle {
  /** Goes on after `pause`, or where the host waits for a tap. */
  readonly play: () => void;
  /** Gives the connection up and keeps the last picture. */
  readonly pause: () => void;
  /** Tries again at once, or begins what plays anew. */
  readonly retry: () => void;
  readonly mute: () => void;
  readonly unmute: () => void;
}

export interface IotPlayerModel {
  /** What can be observed of the player, by `observer` components. */
  readonly store: PlayerStore;
  readonly handle: IotPlayerHandle;
  /** For `<PlayerSurface onSink>`. */
  readonly attachSink: (sink: PlayerSink | null) => void;
}

/**
 * A player without a look: watches a camera from mount to unmount.
 *
 * @example
 * const { store, attachSink } = useIotPlayer({ device });
 * return <PlayerSurface onSink={attachSink} label="Front door" />;
 */
export function useIotPlayer(options: UseIotPlayerOptions): IotPlayerModel {
  const { device, quality = 'high', channel = 0, muted = true } = options;
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

  const { id, xp2pInfo, productId, deviceName } = device;
  // Before the first paint, which would show a player that stands still.
  useLayoutEffect(() => {
    const source = {
      id,
      xp2pInfo,
      ...(productId !== undefined && { productId }),
      ...(deviceName !== undefined && { deviceName }),
    };
    controller.start({ device: source, stream: { channel, quality } });
  }, [controller, id, xp2pInfo, productId, deviceName, channel, quality]);
  useLayoutEffect(() => () => controller.close(), [controller]);

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

  return useMemo(
    () => ({
      store: controller.store,
      attachSink: (sink) => controller.attachSink(sink),
      handle: {
        play: () => controller.play(),
        pause: () => controller.stop(),
        retry: () => controller.retry(),
        mute: () => controller.setMuted(true),
        unmute: () => controller.setMuted(false),
      },
    }),
    [controller],
  );
}
