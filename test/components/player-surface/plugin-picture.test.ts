import type { LivePlayerContext } from '@components/player-surface/plugin-player';
import { PluginPicture, SIDEWAYS } from '@components/player-surface/plugin-picture';
import { StreamTap } from '@services/recorder';

const make = (contextOf: () => LivePlayerContext | null, canFloat = true): PluginPicture =>
  new PluginPicture(contextOf, new StreamTap(), canFloat);

describe('PluginPicture', () => {
  it('takes the snapshot of the player that is there now', async () => {
    let context: LivePlayerContext | null = null;
    const picture = make(() => context);
    await expect(picture.snapshot(0)).rejects.toMatchObject({ reason: 'snapshot-failed' });
    context = { snapshot: ({ success }) => success({ tempImagePath: 'tmp/a.jpg' }) };
    expect(await picture.snapshot(0)).toEqual({ kind: 'file', path: 'tmp/a.jpg' });
    context = { snapshot: ({ fail }) => fail({ errMsg: 'snapshot:fail' }) };
    await expect(picture.snapshot(0)).rejects.toMatchObject({ message: 'snapshot:fail' });
  });

  it('takes a turned picture as the tag shows it', async () => {
    const sources: unknown[] = [];
    const picture = make(() => ({
      snapshot: ({ sourceType, success }) => {
        sources.push(sourceType);
        success({ tempImagePath: 'tmp/a.jpg' });
      },
    }));
    await picture.snapshot(0);
    await picture.snapshot(SIDEWAYS);
    expect(sources).toEqual([undefined, 'view']);
  });

  it('fills the screen on its side, and hears of the back key', async () => {
    const calls: unknown[] = [];
    const picture = make(() => ({
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
    picture.fullscreen.tell(true);
    await picture.fullscreen.leave();
    picture.fullscreen.tell(false);
    stop();
    picture.fullscreen.tell(true);
    expect(calls).toEqual([90, 'exit']);
    expect(seen).toEqual([true, false]);
  });

  it('floats over other pages where the host has that', async () => {
    const calls: string[] = [];
    const context: LivePlayerContext = {
      requestPictureInPicture: ({ success }) => {
        calls.push('enter');
        success();
      },
      exitPictureInPicture: ({ success }) => {
        calls.push('leave');
        success();
      },
    };
    const floating = make(() => context).pictureInPicture!;
    await floating.enter();
    await floating.leave();
    expect(calls).toEqual(['enter', 'leave']);
    expect(make(() => context, false).pictureInPicture).toBeNull();
  });

  it('refuses the full screen where there is no player, so that the page can be filled', async () => {
    const picture = make(() => null);
    await expect(picture.fullscreen.enter()).rejects.toMatchObject({
      reason: 'unsupported-operation',
    });
    await expect(picture.fullscreen.leave()).resolves.toBeUndefined();
  });
});
