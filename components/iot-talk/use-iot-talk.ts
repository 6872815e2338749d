import { usePageHide } from '@components/hold-button';
import { useCameraController } from '@components/hooks';
import { useMaybePlayer } from '@components/iot-player';
import { useIotVideo } from '@components/provider';
import type { TalkFeatures } from '@services/commands';
import type { IotDevice } from '@services/device';
import type { IotError } from '@services/errors';
import { TalkController } from '@services/talk';
import type { TalkSource } from '@services/talk';
import { useEffect, useMemo, useRef } from 'react';
import type { MicrophoneConstraints } from './browser-recorder';
import { CaptureSource, pickCapture } from './capture-source';
import type { TalkCapture } from './capture-source';
import { CANCELS_ECHO, createMicrophoneSource, warmUpMicrophone } from './microphone-source';
import type { TalkPusher } from './talk-pusher';

export interface UseIotTalkOptions {
  /** The camera to talk to (default: that of the player around it). */
  readonly device?: IotDevice;
  /** 0-based channel of a recorder (default 0). */
  readonly channel?: number;
  /** What the camera can do, for cameras that cannot tell; null: it cannot be talked to. */
  readonly features?: TalkFeatures | null;
  /**
   * The player's sound while one talks: `mute` turns it off, `keep` leaves it on (full duplex). Default:
   * `keep` where host and camera can do both at once, else `mute`.
   */
  readonly sound?: 'mute' | 'keep';
  /** Of the host's microphone. Read once. */
  readonly constraints?: MicrophoneConstraints;
  /** What captures (default `auto`); hosts without a pusher use their recorder. */
  readonly capture?: TalkCapture;
  /** Of `useTalkPusher`, where a `<TalkPusherSurface>` renders it (default: none). */
  readonly pusher?: TalkPusher | null;
  /** Another source than the host's microphone. Read once. */
  readonly source?: TalkSource;
  /** Send the voice without encryption of its own (default false). */
  readonly offCrypto?: boolean;
  readonly onError?: (error: IotError) => void;
  /** The talk is over and the player's sound is back; a player around it repairs it by itself. */
  readonly onSoundRepair?: () => void;
}

/**
 * Talks to a camera, without a look. The talk ends when the page is hidden or the component leaves.
 * @throws Error without a `device` outside of an `<IotPlayer>`.
 *
 * @example
 * const talk = useIotTalk({ device });
 * return <Button onTouchStart={() => talk.start()} onTouchEnd={() => talk.stop()} />;
 */
export function useIotTalk(options: UseIotTalkOptions): TalkController {
  const { channel = 0, features, offCrypto = false } = options;
  const { sessions, clock, log } = useIotVideo();
  const player = useMaybePlayer();
  const device = options.device ?? player?.device;
  if (device === undefined) throw new Error('IotTalk needs a device or an <IotPlayer> around it.');
  const { id, xp2pInfo, productId, deviceName } = device;
  const latest = useRef({ options, player });
  latest.current = { options, player };
  const current = useRef<TalkController | null>(null);
  const pick = (): 'recorder' | 'pusher' => {
    const { capture = 'auto', pusher = null } = latest.current.options;
    return pickCapture({ capture, pusher, features: current.current?.store.features ?? null });
  };
  const source = useMemo(() => {
    if (options.source !== undefined) return options.source;
    const recorder = createMicrophoneSource(options.constraints);
    return new CaptureSource(() =>
      pick() === 'pusher' ? latest.current.options.pusher!.source : recorder,
    );
  }, []); // eslint-disable-line react-hooks/exhaustive-deps

  const make = (): TalkController => {
    let unmuteAfter = false;
    const controller: TalkController = new TalkController({
      sessions,
      clock,
      log,
      source,
      device: {
        id,
        xp2pInfo,
        ...(productId !== undefined && { productId }),
        ...(deviceName !== undefined && { deviceName }),
      },
      channel,
      offCrypto,
      ...(features !== undefined && { features }),
      onPlayerAway: () => {
        const { options: props, player: around } = latest.current;
        const cancelsEcho = CANCELS_ECHO || (props.source === undefined && pick() === 'pusher');
        const canKeep = cancelsEcho && controller.store.features?.duplex === true;
        const sound = props.sound ?? (canKeep ? 'keep' : 'mute');
        unmuteAfter = sound === 'mute' && around !== null && !around.store.muted;
        if (unmuteAfter) around!.handle.mute();
      },
      onPlayerBack: () => {
        const { options: props, player: around } = latest.current;
        if (unmuteAfter) {
          around?.handle.unmute();
          around?.handle.repairSound();
        }
        unmuteAfter = false;
        props.onSoundRepair?.();
      },
      onError: (error) => latest.current.options.onError?.(error),
    });
    return controller;
  };
  const featuresKey = features === undefined ? '' : JSON.stringify(features);
  const keys = [sessions, clock, xp2pInfo, channel, offCrypto, featuresKey];
  const talk = useCameraController({ make, id, player, keys, onDiscover: warmUpMicrophone });
  current.current = talk;

  const { pusher = null } = options;
  useEffect(() => {
    if (pusher === null) return;
    pusher.onDenied = (error) => talk.deny(error);
    return () => {
      pusher.onDenied = null;
    };
  }, [pusher, talk]);

  usePageHide(() => talk.stop());
  return talk;
}
