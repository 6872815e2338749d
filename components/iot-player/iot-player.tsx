import type { IotPlayerHandle } from '@components/hooks';
import { forwardRef } from 'react';
import { IotPlayerFrame } from './iot-player-frame';
import { IotPlayerRoot } from './iot-player-root';
import type { IotPlayerProps } from './types';

/**
 * Watches a camera: picture, status in words, retry, sound, zoom, full screen, snapshot, recording. Fills the width it is given at 16:9; the
 * variables of `theme.scss` change that and every colour.
 *
 * @example
 * <IotPlayer device={{ id: 'door', name: 'Front door', xp2pInfo }} onError={report} />
 */
export const IotPlayer = forwardRef<IotPlayerHandle, IotPlayerProps>(function IotPlayer(
  { controls, qualities, poster, className, children, ...options },
  ref,
) {
  return (
    <IotPlayerRoot ref={ref} {...options}>
      <IotPlayerFrame
        controls={controls}
        qualities={qualities}
        poster={poster}
        className={className}
      >
        {children}
      </IotPlayerFrame>
    </IotPlayerRoot>
  );
});
