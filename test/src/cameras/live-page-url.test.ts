import { livePageUrl, readLiveTarget } from '@/cameras';

const params = (url: string): Record<string, string> =>
  Object.fromEntries(
    url
      .slice(url.indexOf('?') + 1)
      .split('&')
      .map((pair) => pair.split('=') as [string, string]),
  );

describe('the live page’s url', () => {
  it('names a camera of the list, whatever its id looks like', () => {
    expect(readLiveTarget(params(livePageUrl('P1/door & yard')))).toEqual({
      kind: 'listed',
      id: 'P1/door & yard',
    });
  });

  it('names a camera by its xp2pInfo', () => {
    const xp2pInfo = 'XP2Pab-_%2.4.0m';
    expect(
      readLiveTarget({ xp2pInfo: encodeURIComponent(xp2pInfo), name: 'Front%20door' }),
    ).toEqual({
      kind: 'direct',
      camera: { id: xp2pInfo, xp2pInfo, origin: 'added', name: 'Front door' },
    });
  });

  it('takes an xp2pInfo that somebody did not encode', () => {
    expect(readLiveTarget({ xp2pInfo: 'XP2Pab%2.4.0' })).toMatchObject({
      camera: { xp2pInfo: 'XP2Pab%2.4.0' },
    });
  });

  it('may name nothing', () => {
    expect(readLiveTarget({})).toEqual({ kind: 'listed', id: '' });
  });
});
