import type { KeyValueStorage } from '../storage';
import type { MiniApi } from './mini-api';

/**
 * Storage of the mini-program: 1 MB per key and 10 MB in all, kept until WeChat clears it. What it
 * refuses is kept in memory. `wx` answers a key that is not there with an empty string, so an empty
 * value counts as none after a restart.
 */
export function createMiniStorage(wx: MiniApi): KeyValueStorage {
  const forgotten = new Map<string, string>();
  return {
    get(key) {
      const kept = forgotten.get(key);
      if (kept !== undefined) return kept;
      try {
        const value = wx.getStorageSync?.<unknown>(key);
        return typeof value === 'string' && value !== '' ? value : null;
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        if (wx.setStorageSync === undefined) throw new Error('no storage');
        wx.setStorageSync(key, value);
        forgotten.delete(key);
      } catch {
        forgotten.set(key, value);
      }
    },
  };
}
