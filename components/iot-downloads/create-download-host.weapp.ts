import Taro from '@tarojs/taro';
import type { DownloadHost } from './download-host';
import { saveToAlbum } from './weapp-album';
import type { WeappAlbum } from './weapp-album';
import { WeappTarget } from './weapp-target';
import type { WeappFiles } from './weapp-target';

declare const wx: WeappFiles & WeappAlbum;

/** WeChat: user files, and from there the album. */
export function createDownloadHost(): DownloadHost {
  const target = new WeappTarget(wx);
  const { platform } = wx.getDeviceInfo?.() ?? wx.getSystemInfoSync();
  return {
    storage: {
      // An empty text stands for none.
      get: (key) => Taro.getStorageSync<string>(key) || null,
      set: (key, value) => Taro.setStorageSync(key, value),
    },
    target,
    // Only Android's album takes FLV.
    canSave: ({ storedName }) => !/\.flv$/i.test(storedName) || platform === 'android',
    save: ({ file, storedName }) => saveToAlbum(wx, target.pathOf(storedName), file.type),
  };
}
