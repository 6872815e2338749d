import { usePageHide } from '@components/hold-button';
import { useCameraController } from '@components/hooks';
import { useMaybePlayer } from '@components/iot-player';
import type { MicrophoneConstraints } from '@components/iot-talk';
import { useIotVideo } from '@components/provider';
import { CallController } from '@services/call';
import type { CallFeatures } from '@services/commands';
import type { IotDevice } from '@services/device';
import type { IotError } from '@services/errors';
import { useRef } from 'react';
import type { CallMedia } from './call-media';
import { useCallMedia } from './use-call-media';

export interface UseIotCallOptions {
  /** The camera to call (default: that of the player around it). */
  readonly device?: IotDevice;
  /** 0-based channel of a recorder (default 0). */
  readonly channel?: number;
  /** What the camera can do, for cameras that cannot tell; null: it cannot be called. */
  readonly features?: CallFeatures | null;
  /** Of the host's microphone. Read once. */
  readonly constraints?: MicrophoneConstraints;
  /** Whether a hidden page hangs up (default true); what only rings goes on ringing. */
  readonly hangUpOnHide?: boolean;
  /** Send the voice without encryption of its own (default false). */
  readonly offCrypto?: boolean;
  readonly onError?: (error: IotError) => void;
}

export interface IotCallModel {
  /** Calls, answers, hangs up; its `store` is observable. */
  readonly call: CallController;
  /** What this host can send. */
  readonly media: CallMedia;
}

/**
 * Calls a camera and is called by it, without a look. While both hear each other the player around it
 * has its sound on. The call ends when the page is hidden or the component leaves.
 * @throws Error without a `device` outside of an `<IotPlayer>`.
 *
 * @example
 * const { call } = useIotCall({ device });
 * return <Button onClick={() => call.start()}>Call</Button>;
 */
export function useIotCall(options: UseIotCallOptions): IotCallModel {
  const { channel = 0, features, offCrypto = false } = options;
  const { sessions, clock, random, log } = useIotVideo();
  const player = useMaybePlayer();
  const device = options.device ?? player?.device;
  if (device === undefined) throw new Error('IotCall needs a device or an <IotPlayer> around it.');
  const { id, xp2pInfo, productId, deviceName } = device;
  const latest = useRef({ options, player });
  latest.current = { options, player };
  const current = useRef<CallController | null>(null);
  const media = useCallMedia({
    isVideo: () => current.current?.store.video === true,
    features: () => current.current?.store.voice.features ?? null,
    constraints: options.constraints,
  });

  const make = (): CallController => {
    let muteAfter = false;
    return new CallController({
      sessions,
      clock,
      random,
      log,
      source: media.source,
      device: {
        id,
        xp2pInfo,
        ...(productId !== undefined && { productId }),
        ...(deviceName !== undefined && { deviceName }),
      },
      channel,
      offCrypto,
      ...(features !== undefined && { features }),
      onSoundOn: () => {
        const { player: around } = latest.current;
        muteAfter = around?.store.muted === true;
        if (muteAfter) around!.handle.unmute();
      },
      onSoundBack: () => {
        if (muteAfter) latest.current.player?.handle.mute();
        muteAfter = false;
      },
      onError: (error) => latest.current.options.onError?.(error),
    });
  };
  const featuresKey = features === undefined ? '' : JSON.stringify(features);
  const keys = [sessions, clock, xp2pInfo, channel, offCrypto, featuresKey];
  const call = useCameraController({ make, id, player, keys });
  current.current = call;

  usePageHide(() => {
    if (latest.current.options.hangUpOnHide !== false) call.hide();
  });
  return { call, media };
}
