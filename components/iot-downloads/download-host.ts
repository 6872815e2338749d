import type { KeyValueStorage } from '@services/host';
import type { DownloadItem, DownloadTarget } from '@services/downloads';

/** What a host does with downloads. */
export interface DownloadHost {
  readonly storage: KeyValueStorage;
  readonly target: DownloadTarget;
  /** Whether `save` can do anything with this file. */
  canSave(item: DownloadItem): boolean;
  /**
   * Hands a whole file to the user: the browser's downloads, the phone's album. Call it from a tap.
   * @throws IotError `album-denied`, `export-unsupported`, `storage-failed`.
   */
  save(item: DownloadItem): Promise<void>;
}
