import type { Album } from '../album';
import { albumDenied, exportUnsupported, storageFailed } from '../file-errors';
import { errorTextOf } from './mini-api';

interface Outcome {
  readonly success: () => void;
  readonly fail: (result: { readonly errMsg?: string }) => void;
}

/** What is used of `wx`; each is looked for before it is used. */
export interface MiniAlbumApi {
  getDeviceInfo?(): { readonly platform: string };
  getSystemInfoSync?(): { readonly platform: string };
  saveVideoToPhotosAlbum?(options: { readonly filePath: string } & Outcome): unknown;
  saveImageToPhotosAlbum?(options: { readonly filePath: string } & Outcome): unknown;
  /** The page of the app's permissions; opens from a tap only. */
  openSetting?(options: {
    readonly success: (result: {
      readonly authSetting: Readonly<Record<string, boolean | undefined>>;
    }) => void;
    readonly fail: () => void;
  }): void;
}

const SCOPE = 'scope.writePhotosAlbum';
const DENIED = /auth|permission|privacy/i;

/**
 * The phone's album.
 * @param pathOf where a file of the host's `Files` is
 * @returns null where the host has none.
 */
export function createMiniAlbum(wx: MiniAlbumApi, pathOf: (name: string) => string): Album | null {
  if (wx.saveVideoToPhotosAlbum === undefined && wx.saveImageToPhotosAlbum === undefined) {
    return null;
  }
  // Only Android's album takes FLV.
  const isAndroid = (): boolean =>
    (wx.getDeviceInfo?.() ?? wx.getSystemInfoSync?.())?.platform.toLowerCase() === 'android';
  return {
    canSave: (name) => !/\.flv$/i.test(name) || isAndroid(),
    save: (name, type) => saveToAlbum(wx, pathOf(name), type),
  };
}

/**
 * Saves a file to the phone's album. WeChat asks the user the first time; who has said no before is led
 * to the settings once.
 *
 * @param type `0` video, `1` picture
 * @throws IotError `album-denied`, `export-unsupported`, `storage-failed`.
 */
async function saveToAlbum(wx: MiniAlbumApi, filePath: string, type: string): Promise<void> {
  if (type !== '0' && type !== '1') {
    throw exportUnsupported(`the album takes no files of type ${type}`);
  }
  const name = type === '1' ? 'saveImageToPhotosAlbum' : 'saveVideoToPhotosAlbum';
  if (typeof wx[name] !== 'function') throw exportUnsupported(`no album for files of type ${type}`);
  try {
    await saveOnce(wx, filePath, type);
  } catch (cause) {
    const message = errorTextOf(cause);
    if (/cancel/i.test(message)) return;
    if (!DENIED.test(message)) {
      if (/format|invalid file|not support/i.test(message)) throw exportUnsupported(message);
      throw storageFailed(`the album did not take the file: ${message}`, true, cause);
    }
    if (!(await askInSettings(wx))) throw albumDenied(cause);
    await saveOnce(wx, filePath, type).catch((again: unknown) => {
      throw albumDenied(again);
    });
  }
}

function saveOnce(wx: MiniAlbumApi, filePath: string, type: '0' | '1'): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { filePath, success: resolve, fail: reject };
    const saving =
      type === '1' ? wx.saveImageToPhotosAlbum?.(options) : wx.saveVideoToPhotosAlbum?.(options);
    // Taro's functions answer twice: `fail` has told already.
    void Promise.resolve(saving).catch(() => undefined);
  });
}

function askInSettings(wx: MiniAlbumApi): Promise<boolean> {
  return new Promise((resolve) => {
    if (wx.openSetting === undefined) resolve(false);
    else {
      wx.openSetting({
        success: ({ authSetting }) => resolve(authSetting[SCOPE] === true),
        fail: () => resolve(false),
      });
    }
  });
}
