import type { FileHost } from '../album';
import { BlobFiles } from './blob-files';
import { OpfsFiles } from './opfs-files';

/** After this the browser has surely opened the file, in ms. */
const REVOKE_AFTER_MS = 60_000;

/** The browser: to its disk where it lets pages write there, and from there to the user's downloads. */
export function createH5Files(): FileHost {
  const files = OpfsFiles.isSupported() ? new OpfsFiles() : new BlobFiles();
  return {
    files,
    album: {
      canSave: () => true,
      async save(name) {
        const url = URL.createObjectURL(await files.blob(name));
        const link = document.createElement('a');
        link.href = url;
        link.download = name;
        link.click();
        setTimeout(() => URL.revokeObjectURL(url), REVOKE_AFTER_MS);
      },
    },
  };
}
