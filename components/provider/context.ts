import type { DeviceSessions } from '@services/device';
import type { Clock, Random } from '@services/host';
import { createContext, useContext } from 'react';
import type { KitTexts, Locale, Translate } from '@services/i18n';
import type { Log } from '@services/log';

/** What components share below one provider. */
export interface IotVideo {
  readonly sessions: DeviceSessions;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log | undefined;
  readonly locale: Locale;
  /** The kit's texts in `locale`. */
  readonly text: Translate<KitTexts>;
}

export const IotVideoContext = createContext<IotVideo | null>(null);

/** What the provider offers, or null outside of one. */
export function useMaybeIotVideo(): IotVideo | null {
  return useContext(IotVideoContext);
}

/**
 * What the provider offers.
 * @throws Error outside of an `<IotVideoProvider>`.
 */
export function useIotVideo(): IotVideo {
  const iotVideo = useMaybeIotVideo();
  if (iotVideo === null) {
    throw new Error('This component must stand inside an <IotVideoProvider>.');
  }
  return iotVideo;
}
