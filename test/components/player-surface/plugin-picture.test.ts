import type { LivePlayerContext } from '@components/player-surface/plugin-player';
import { PluginPicture } from '@components/player-surface/plugin-picture';

describe('PluginPicture', () => {
  it('takes the snapshot of the player that is there now', async () => {
    let context: LivePlayerContext | null = null;
    const picture = new PluginPicture(() => context);
    await expect(picture.snapshot()).rejects.toMatchObject({ reason: 'snapshot-failed' });
    context = { snapshot: ({ success }) => success({ tempImagePath: 'tmp/a.jpg' }) };
    expect(await picture.snapshot()).toEqual({ kind: 'file', path: 'tmp/a.jpg' });
    context = { snapshot: ({ fail }) => fail({ errMsg: 'snapshot:fail' }) };
    await expect(picture.snapshot()).rejects.toMatchObject({ message: 'snapshot:fail' });
  });

  it('fills the screen on its side, and hears of the back key', async () => {
    const calls: unknown[] = [];
    const picture = new PluginPicture(() => ({
      requestFullScreen: ({ direction, success }) => {
        calls.push(direction);
        success();
      },
      exitFullScreen: ({ success }) => {
        calls.push('exit');
        success();
      },
    }));
    const seen: boolean[] = [];
    const stop = picture.fullscreen.onChange((on) => seen.push(on));
    await picture.fullscreen.enter();
    picture.onFullscreenChange(true);
    await picture.fullscreen.leave();
    picture.onFullscreenChange(false);
    stop();
    picture.onFullscreenChange(true);
    expect(calls).toEqual([90, 'exit']);
    expect(seen).toEqual([true, false]);
  });

  it('refuses the full screen where there is no player, so that the page can be filled', async () => {
    await expect(new PluginPicture(() => null).fullscreen.enter()).rejects.toBeTruthy();
  });
});
