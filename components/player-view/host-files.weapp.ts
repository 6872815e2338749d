import type { HostFiles } from './files';
import type { Snapshot } from './picture-control';
import { albumDenied, albumError, cancelled, saveFailed } from './view-errors';
import { WeappRecording } from './weapp-recording';
import type { WeappMedia } from './weapp-recording';

interface Failure {
  readonly errMsg?: string;
}

interface AlbumApi {
  getSetting(): Promise<{ readonly authSetting: Readonly<Record<string, boolean | undefined>> }>;
  authorize(options: { readonly scope: string }): Promise<unknown>;
  saveImageToPhotosAlbum(options: { readonly filePath: string }): Promise<unknown>;
  openSetting(): Promise<unknown>;
}

interface ShareApi {
  readonly env: { readonly USER_DATA_PATH: string };
  getFileSystemManager(): { writeFileSync(path: string, data: string, encoding: 'utf8'): void };
  shareFileMessage(options: {
    readonly filePath: string;
    readonly fileName: string;
    readonly success: () => void;
    readonly fail: (error: Failure) => void;
  }): void;
}

declare const wx: AlbumApi & WeappMedia & ShareApi;

const SCOPE = 'scope.writePhotosAlbum';

/** WeChat: pictures go to the phone's album, which the user has to allow once. */
export const hostFiles: HostFiles = {
  pictureExtension: 'jpg',
  saveSnapshot: (snapshot) => saveToAlbum(wx, snapshot),
  exportText: (text, name) => shareText(wx, text, name),
  createRecording: () => new WeappRecording(wx, () => allowAlbum(wx)),
  openSettings: () => void wx.openSetting().catch(() => undefined),
};

/** Asks for the album where nobody has been asked yet, and keeps the picture there. */
export async function saveToAlbum(api: AlbumApi, snapshot: Snapshot): Promise<void> {
  if (snapshot.kind !== 'file') throw saveFailed('there is no file to save');
  await allowAlbum(api);
  try {
    await api.saveImageToPhotosAlbum({ filePath: snapshot.path });
  } catch (cause) {
    throw albumError(cause);
  }
}

/** @throws IotError `album-denied` */
export async function allowAlbum(api: AlbumApi): Promise<void> {
  let asked: boolean | undefined;
  try {
    asked = (await api.getSetting()).authSetting[SCOPE];
  } catch {
    // Saving asks as well.
    return;
  }
  if (asked === true) return;
  // Who has refused once is not asked again: the settings are the only way back.
  if (asked === false) throw albumDenied('the album was refused before');
  try {
    await api.authorize({ scope: SCOPE });
  } catch (cause) {
    throw albumDenied((cause as Failure).errMsg ?? 'the album was refused');
  }
}

/** Sends a text to one of the user's chats, the only way out of a mini-program for a file. */
export function shareText(api: ShareApi, text: string, fileName: string): Promise<void> {
  // Overwritten by the next one; at once, as only a tap may open the list of chats.
  const filePath = `${api.env.USER_DATA_PATH}/iot-export.json`;
  return new Promise((resolve, reject) => {
    const fail = ({ errMsg = 'no reason given' }: Failure): void =>
      reject(/cancel/i.test(errMsg) ? cancelled(errMsg) : saveFailed(errMsg));
    try {
      api.getFileSystemManager().writeFileSync(filePath, text, 'utf8');
    } catch (cause) {
      fail(cause as Failure);
      return;
    }
    api.shareFileMessage({ filePath, fileName, success: resolve, fail });
  });
}
