import { createH5Host } from '@services/host/h5';
import { BlobTarget } from './blob-target';
import type { DownloadHost } from './download-host';
import { OpfsTarget } from './opfs-target';

/** After this the browser has surely opened the file, in ms. */
const REVOKE_AFTER_MS = 60_000;

/** The browser: to its disk where it lets pages write there, and from there to the user's downloads. */
export function createDownloadHost(): DownloadHost {
  const target = OpfsTarget.isSupported() ? new OpfsTarget() : new BlobTarget();
  return {
    storage: createH5Host().storage,
    target,
    canSave: () => true,
    async save({ storedName }) {
      const url = URL.createObjectURL(await target.blob(storedName));
      const link = document.createElement('a');
      link.href = url;
      link.download = storedName;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), REVOKE_AFTER_MS);
    },
  };
}
