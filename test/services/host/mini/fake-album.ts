import type { MiniAlbumApi } from '../../../../services/host/mini';

interface FakeAlbumOptions {
  readonly platform?: string;
  /** So many attempts are refused. */
  readonly refuses?: number;
  readonly allowsInSettings?: boolean;
}

/** The album of WeChat, which may refuse. */
export function createFakeAlbum({
  platform = 'android',
  refuses = 0,
  allowsInSettings = false,
}: FakeAlbumOptions = {}): MiniAlbumApi & { readonly saved: string[] } {
  const saved: string[] = [];
  let left = refuses;
  const save =
    (kind: string): NonNullable<MiniAlbumApi['saveVideoToPhotosAlbum']> =>
    ({ filePath, success, fail }) => {
      if (left-- > 0) fail({ errMsg: 'saveToPhotosAlbum:fail auth deny' });
      else {
        saved.push(`${kind} ${filePath}`);
        success();
      }
    };
  return {
    saved,
    getDeviceInfo: () => ({ platform }),
    saveVideoToPhotosAlbum: save('video'),
    saveImageToPhotosAlbum: save('picture'),
    openSetting: ({ success }) =>
      success({ authSetting: { 'scope.writePhotosAlbum': allowsInSettings } }),
  };
}
