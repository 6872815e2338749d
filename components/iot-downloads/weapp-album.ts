import { albumDenied, exportUnsupported, storageFailed } from '@services/downloads';

interface Outcome {
  readonly success: () => void;
  readonly fail: (result: { readonly errMsg?: string }) => void;
}

/** What is used of `wx`. */
export interface WeappAlbum {
  getDeviceInfo?(): { readonly platform: string };
  getSystemInfoSync(): { readonly platform: string };
  saveVideoToPhotosAlbum(options: { readonly filePath: string } & Outcome): void;
  saveImageToPhotosAlbum(options: { readonly filePath: string } & Outcome): void;
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
 * Saves a file to the phone's album. WeChat asks the user the first time; who has said no before is led
 * to the settings once.
 *
 * @param type `0` video, `1` picture
 * @throws IotError `album-denied`, `export-unsupported`, `storage-failed`.
 */
export async function saveToAlbum(wx: WeappAlbum, filePath: string, type: string): Promise<void> {
  if (type !== '0' && type !== '1') {
    throw exportUnsupported(`the album takes no files of type ${type}`);
  }
  try {
    await saveOnce(wx, filePath, type);
  } catch (cause) {
    const message = messageOf(cause);
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

function saveOnce(wx: WeappAlbum, filePath: string, type: '0' | '1'): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { filePath, success: resolve, fail: reject };
    if (type === '1') wx.saveImageToPhotosAlbum(options);
    else wx.saveVideoToPhotosAlbum(options);
  });
}

function askInSettings(wx: WeappAlbum): Promise<boolean> {
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

function messageOf(cause: unknown): string {
  const message = (cause as { readonly errMsg?: unknown } | null)?.errMsg;
  return typeof message === 'string' ? message : String(cause);
}
