import { useIotPlayer } from '@components/hooks';
import type { IotPlayerHandle } from '@components/hooks';
import { forwardRef, useImperativeHandle, useMemo } from 'react';
import { IotPlayerContext } from './context';
import type { IotPlayerRootProps } from './types';

/**
 * A player without a look, for what stands beside the picture as well as over it.
 *
 * @example
 * <IotPlayerRoot device={device}>
 *   <IotPlayerFrame />
 *   <MyConnectionQuality />
 * </IotPlayerRoot>
 */
export const IotPlayerRoot = forwardRef<IotPlayerHandle, IotPlayerRootProps>(function IotPlayerRoot(
  { children, ...options },
  ref,
) {
  const player = useIotPlayer(options);
  const { device } = options;
  useImperativeHandle(ref, () => player.handle, [player]);
  const value = useMemo(() => ({ ...player, device }), [player, device]);
  return <IotPlayerContext.Provider value={value}>{children}</IotPlayerContext.Provider>;
});
