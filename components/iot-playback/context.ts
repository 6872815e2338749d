import type { IotDevice } from '@services/device';
import { createContext, useContext } from 'react';
import type { IotPlaybackModel } from './use-iot-playback';

/** A playback, and the camera it is of. */
export interface IotPlaybackContextValue extends IotPlaybackModel {
  readonly device: IotDevice;
}

export const IotPlaybackContext = createContext<IotPlaybackContextValue | null>(null);

/**
 * The playback around this component.
 * @throws Error outside of an `<IotPlayback>`.
 */
export function usePlayback(): IotPlaybackContextValue {
  const playback = useContext(IotPlaybackContext);
  if (playback === null) throw new Error('This component must stand inside an <IotPlayback>.');
  return playback;
}
