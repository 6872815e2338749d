import { exportUnsupported } from '@services/downloads';
import Taro from '@tarojs/taro';
import { BlobTarget } from './blob-target';
import type { DownloadHost } from './download-host';

/** Hosts whose file system the kit does not know: nothing can be kept there. */
export function createDownloadHost(): DownloadHost {
  return {
    storage: {
      get: (key) => Taro.getStorageSync<string>(key) || null,
      set: (key, value) => Taro.setStorageSync(key, value),
    },
    target: new BlobTarget(),
    canSave: () => false,
    save: () => Promise.reject(exportUnsupported('this host has no album for the kit')),
  };
}
