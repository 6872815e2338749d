import type { IotPlayerModel } from '@components/hooks';
import type { IotDevice } from '@services/device';
import { createContext, useContext } from 'react';

/** A player, and the camera that it watches. */
export interface IotPlayerContextValue extends IotPlayerModel {
  readonly device: IotDevice;
}

export const IotPlayerContext = createContext<IotPlayerContextValue | null>(null);

/** The player around this component, or null outside of one. */
export function useMaybePlayer(): IotPlayerContextValue | null {
  return useContext(IotPlayerContext);
}

/**
 * The player around this component.
 * @throws Error outside of an `<IotPlayer>`.
 */
export function usePlayer(): IotPlayerContextValue {
  const player = useMaybePlayer();
  if (player === null) throw new Error('This component must stand inside an <IotPlayer>.');
  return player;
}
