import { usePageLeave } from '@components/hold-button';
import { useCameraController } from '@components/hooks';
import { useMaybePlayer } from '@components/iot-player';
import { useIotVideo } from '@components/provider';
import type { IotDevice } from '@services/device';
import type { PtzFeatures } from '@services/commands';
import { PtzController } from '@services/ptz';
import type { PtzDialect } from '@services/ptz';
import { useRef } from 'react';
import { feelApex } from './feel-apex';

export interface UseIotPtzOptions {
  /** The camera to steer (default: that of the player around it). */
  readonly device?: IotDevice;
  /** 0-based channel of a recorder (default 0). */
  readonly channel?: number;
  /** How the camera is spoken to (default `json`). */
  readonly dialect?: PtzDialect;
  /** What the camera can do, for cameras that cannot tell; null: it cannot be steered. */
  readonly features?: PtzFeatures | null;
  /** From the lift of the finger to the release, in ms (default 500; 0: at once). */
  readonly releaseDelayMs?: number;
  /** The camera has reached the end of its way; a phone vibrates besides. */
  readonly onApex?: () => void;
}

/**
 * Steers a camera, without a look. The camera stops when the page is hidden or the component leaves.
 * @throws Error without a `device` outside of an `<IotPlayer>`.
 *
 * @example
 * const ptz = useIotPtz({ device });
 * return <Button onTouchStart={() => ptz.press('left')} onTouchEnd={() => ptz.release()} />;
 */
export function useIotPtz(options: UseIotPtzOptions): PtzController {
  const { channel = 0, dialect = 'json', features, releaseDelayMs, onApex } = options;
  const { sessions, clock, log } = useIotVideo();
  const player = useMaybePlayer();
  const device = options.device ?? player?.device;
  if (device === undefined) throw new Error('IotPtz needs a device or an <IotPlayer> around it.');
  const { id, xp2pInfo, productId, deviceName } = device;
  const apex = useRef(onApex);
  apex.current = onApex;

  const make = (): PtzController =>
    new PtzController({
      sessions,
      clock,
      log,
      device: {
        id,
        xp2pInfo,
        ...(productId !== undefined && { productId }),
        ...(deviceName !== undefined && { deviceName }),
      },
      channel,
      dialect,
      ...(features !== undefined && { features }),
      ...(releaseDelayMs !== undefined && { releaseDelayMs }),
      onApex: () => {
        feelApex();
        apex.current?.();
      },
    });
  const featuresKey = features === undefined ? '' : JSON.stringify(features);
  const keys = [sessions, clock, xp2pInfo, channel, dialect, featuresKey, releaseDelayMs];
  const ptz = useCameraController({ make, id, player, keys });

  usePageLeave(() => ptz.cancel());
  return ptz;
}
