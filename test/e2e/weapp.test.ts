import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Weapp } from '../host/weapp';
import type { PlayerManners } from '../host/player-plugin';
import { Demo } from './lib/demo';
import { ROOT } from './lib/program';

let demo: Demo;
let weapp: Weapp | null = null;

beforeAll(async () => {
  demo = await Demo.start();
});

afterEach(() => {
  weapp?.close();
  weapp = null;
});

afterAll(async () => {
  await demo?.stop();
});

function watch(manners?: PlayerManners): Weapp {
  weapp = Weapp.watch(demo.xp2pInfo, manners);
  return weapp;
}

describe('the mini-program built for WeChat', () => {
  it.each([{ system: 'android' }, { system: 'ios' }] as const)(
    'plays 100 pictures over real UDP, none missing ($system)',
    async (manners) => {
      const app = watch(manners);
      await app.frames(100);
      expect(app.latestPlayer.problems).toEqual([]);
      expect(app.latestPlayer.pulls).toBe(1);
      expect(app.page.text).toContain('Live');
      expect(app.page.text).toContain('local network');
      expect(app.app.errors).toEqual([]);
      // Only the same object: a matcher would look into it, and the emulator notes what is looked for.
      expect((app.player.hostExport as { wx: unknown }).wx === app.wx.wx).toBe(true);
    },
  );

  it('holds nothing any more when the page was left', async () => {
    const app = watch();
    await app.frames(10);
    app.app.back();
    await app.until('all sockets are closed', () => {
      const { udpSockets, webSockets } = app.wx.open();
      return udpSockets + webSockets === 0;
    });
    expect(app.app.sandbox.openTimers).toEqual({ timeouts: 0, intervals: 0 });
    expect(app.wx.open().listeners).toEqual([]);
    expect(app.latestPlayer.isPulling).toBe(false);
  });

  it('is used from the first page on: add a camera, watch it, come back', async () => {
    weapp = new Weapp();
    const { app } = weapp;
    app.launch();
    await weapp.until('the empty list', () => weapp!.page.text.includes('No cameras yet'));
    weapp.page.tap(weapp.page.withText('Add a camera'));
    await weapp.until('the form', () => weapp!.page.findByTag('textarea').length === 1);
    weapp.page.input(weapp.page.findByTag('input')[0]!, 'Front door');
    weapp.page.input(weapp.page.findByTag('textarea')[0]!, demo.xp2pInfo);
    await weapp.until(
      'the button',
      () => weapp!.page.findByClass('iot-pressable--disabled').length === 0,
    );
    weapp.page.tap(weapp.page.withText('Add'));
    await weapp.until('the camera', () => weapp!.page.text.includes('Front door'));
    weapp.page.tap(weapp.page.withText('Front door'));
    await weapp.until('the live page', () => weapp!.page.route === 'pages/live/index');
    await weapp.frames(10);
    app.back();
    expect(weapp.page.route).toBe('pages/index/index');
    expect(app.errors).toEqual([]);
  });

  it('plays whether the player is ready before the connection or after it', async () => {
    const late = watch({ readyAfterMs: 1_500 });
    await late.frames(25);
    expect(late.latestPlayer.problems).toEqual([]);
  });

  it('plays once when playerReady comes twice', async () => {
    const app = watch();
    await app.until('a player', () => app.player.players.length === 1);
    app.latestPlayer.ready();
    await app.frames(25);
    app.latestPlayer.ready();
    await app.frames(50);
    expect(app.latestPlayer.pulls).toBe(1);
    expect(app.latestPlayer.problems).toEqual([]);
  });

  it('plays although the first play() was swallowed', async () => {
    const app = watch({ swallowsFirstPlay: true });
    await app.frames(10);
    // The second pull of a page is by play().
    app.page.tap(app.page.findByClass('iot-player__refresh')[0] ?? app.page.withText('Live'));
    await app.frames(10);
    expect(app.app.errors).toEqual([]);
  });

  it('stops a player that pulls when nobody wants the picture', async () => {
    const app = watch();
    await app.frames(10);
    const player = app.latestPlayer;
    app.app.back();
    player.pull();
    expect(player.isPulling).toBe(false);
  });

  it('answers the player’s own new request without asking the camera again', async () => {
    const app = watch();
    await app.frames(25);
    app.latestPlayer.close('LIVE_PLAYER_CLOSED');
    app.latestPlayer.pull();
    await app.frames(25);
    expect(app.latestPlayer.pulls).toBe(2);
    expect(app.latestPlayer.problems).toEqual([]);
  });

  it('makes player and local server anew when the system has closed the server', async () => {
    const app = watch();
    await app.frames(10);
    app.latestPlayer.fire('playerError', { error: { code: 'WECHAT_SERVER_ERROR' } });
    await app.until('a new player', () => app.player.players.length === 2);
    await app.frames(10);
    expect(app.player.resets).toBe(1);
    expect(app.page.text).toContain('Live');
  });

  it('does the same when the plugin tells that the server is gone (errNum 53)', async () => {
    const app = watch();
    await app.frames(10);
    app.player.loseServer(53);
    await app.until('a new player', () => app.player.players.length === 2);
    await app.frames(10);
    expect(app.player.resets).toBe(1);
    expect(app.page.text).toContain('Live');
  });

  it('hears every event of the native tag by the name that the plugin fires', async () => {
    const app = watch();
    await app.frames(10);
    const player = app.latestPlayer;
    player.fire('netstatus', { info: { videoWidth: 1280, videoHeight: 720, videoCache: 300 } });
    await app.until('the size', () => app.page.text.includes('1280 × 720'));
    const isFull = () => app.page.findByClass('iot-player--full').length === 1;
    player.fire('fullscreenchange', { fullScreen: true, direction: 'horizontal' });
    await app.until('full screen', isFull);
    player.fire('fullscreenchange', { fullScreen: 'false', direction: 'vertical' });
    await app.until('the page', () => !isFull());
    // playerReady, playerStartPull and statechange were heard, or there would be no picture.
    player.fire('error', { errCode: -1, errMsg: 'system permission denied' });
    await app.until('the text', () => app.page.text.includes('may not use the microphone'));
  });

  it('says what to do when the camera cannot be reached, and tries again on a tap', async () => {
    await demo.killCamera();
    const app = watch();
    await app.until('the message', () => app.page.text.includes('Retry'));
    expect(app.page.text).toContain('offline');
    app.page.tap(app.page.withText('Retry'));
    await app.until('a new try', () => app.page.text.includes('Connecting'));
    await demo.startCamera();
    await app.frames(10);
  });

  it.each([
    ['the kit’s Taro plugin', ['plugins', 'usingComponents']],
    ['the player plugin in app.json', ['plugins']],
  ])('says that the player is missing when the app was built without %s', async (_, missing) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'weapp-'));
    cpSync(path.join(ROOT, 'dist/weapp'), folder, { recursive: true });
    const file = path.join(folder, 'app.json');
    const json = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    for (const key of missing) delete json[key];
    writeFileSync(file, JSON.stringify(json));
    weapp = new Weapp({}, folder);
    weapp.app.launch(`/pages/live/index?xp2pInfo=${encodeURIComponent(demo.xp2pInfo)}`);
    await weapp.until('the message', () => weapp!.page.text.includes('player cannot be loaded'));
    expect(weapp.page.text).toContain('player-load-failed');
    expect(weapp.player.players).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});
