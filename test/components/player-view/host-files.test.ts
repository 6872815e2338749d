import { saveToAlbum } from '@components/player-view/host-files.weapp';

const SCOPE = 'scope.writePhotosAlbum';

function albumApi(asked: boolean | undefined, change: object = {}) {
  return {
    getSetting: jest.fn(() => Promise.resolve({ authSetting: { [SCOPE]: asked } })),
    authorize: jest.fn(() => Promise.resolve()),
    saveImageToPhotosAlbum: jest.fn(() => Promise.resolve()),
    openSetting: jest.fn(() => Promise.resolve()),
    ...change,
  };
}

const PICTURE = { kind: 'file', path: 'tmp/a.jpg' } as const;
/** WeChat rejects with plain objects. */
const refuses = (errMsg: string) =>
  jest.fn(() => Promise.reject<void>(Object.assign(new Error(), { errMsg })));

describe('saveToAlbum', () => {
  it('asks once, then saves', async () => {
    const api = albumApi(undefined);
    await saveToAlbum(api, PICTURE);
    expect(api.authorize).toHaveBeenCalledWith({ scope: SCOPE });
    expect(api.saveImageToPhotosAlbum).toHaveBeenCalledWith({ filePath: 'tmp/a.jpg' });
  });

  it('does not ask who has allowed it', async () => {
    const api = albumApi(true);
    await saveToAlbum(api, PICTURE);
    expect(api.authorize).not.toHaveBeenCalled();
  });

  it('tells a refusal, now or before, apart from a closed question and a full phone', async () => {
    const reasonOf = (api: ReturnType<typeof albumApi>) =>
      saveToAlbum(api, PICTURE).then(
        () => 'saved',
        ({ reason }: { reason: string }) => reason,
      );
    expect(await reasonOf(albumApi(false))).toBe('album-denied');
    expect(
      await reasonOf(albumApi(undefined, { authorize: refuses('authorize:fail auth deny') })),
    ).toBe('album-denied');
    const saving = (errMsg: string) =>
      albumApi(true, { saveImageToPhotosAlbum: refuses(`saveImageToPhotosAlbum:fail ${errMsg}`) });
    expect(await reasonOf(saving('auth deny'))).toBe('album-denied');
    expect(await reasonOf(saving('cancel'))).toBe('cancelled');
    expect(await reasonOf(saving('no space'))).toBe('save-failed');
  });

  it('still saves where the settings cannot be read', async () => {
    const api = albumApi(true, { getSetting: refuses('getSetting:fail') });
    await saveToAlbum(api, PICTURE);
    expect(api.saveImageToPhotosAlbum).toHaveBeenCalled();
  });
});
