import type { IotVideo } from '@components/provider';
import { DownloadController } from '@services/downloads';
import type { DeviceSessions } from '@services/device';
import type { FileHost, KeyValueStorage } from '@services/host';
import { createDownloadHost } from './create-download-host';

/** Where downloads and their queue are kept, and how users get at them. */
export interface DownloadHost extends FileHost {
  readonly storage: KeyValueStorage;
}

export interface Downloads {
  readonly controller: DownloadController;
  readonly host: DownloadHost;
}

/** One queue per provider: it goes on while pages come and go. */
const known = new WeakMap<DeviceSessions, Downloads>();

export function downloadsOf({ sessions, clock, random, log }: IotVideo): Downloads {
  const there = known.get(sessions);
  if (there !== undefined) return there;
  const host = createDownloadHost();
  const { storage, files: target } = host;
  const controller = new DownloadController({ sessions, clock, random, storage, target, log });
  const made = { controller, host };
  known.set(sessions, made);
  return made;
}
