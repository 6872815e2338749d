import { useIotVideo } from '@components/provider';
import type { IotDevice } from '@services/device';
import type { DownloadController, DownloadStore } from '@services/downloads';
import { useEffect } from 'react';
import { downloadsOf } from './downloads-of';
import type { DownloadHost } from './downloads-of';

export interface IotDownloadsModel {
  /** What can be observed, by `observer` components. */
  readonly store: DownloadStore;
  readonly controller: DownloadController;
  readonly host: DownloadHost;
}

/**
 * The app's downloads: one queue below each provider, which goes on while pages come and go, and after a
 * restart of the app.
 *
 * @param devices the cameras that the app knows; files of others wait. Undefined leaves them as they are.
 */
export function useIotDownloads(devices?: readonly IotDevice[]): IotDownloadsModel {
  const iotVideo = useIotVideo();
  const { controller, host } = downloadsOf(iotVideo);
  useEffect(() => {
    if (devices !== undefined) controller.setDevices(devices);
  }, [controller, devices]);
  return { store: controller.store, controller, host };
}
