import { Weapp } from '../host/weapp';
import { Demo } from './lib/demo';

let demo: Demo;
let weapp: Weapp | null = null;

beforeAll(async () => {
  demo = await Demo.start(['--picture-stream']);
});

afterEach(() => {
  weapp?.close();
  weapp = null;
});

afterAll(async () => {
  await demo?.stop();
});

async function watch(): Promise<Weapp> {
  const app = Weapp.watch(demo.xp2pInfo);
  weapp = app;
  await app.until('pictures', () => (app.player.mjpgPlayers[0]?.pictures ?? 0) >= 5, 30_000);
  return app;
}

const latest = (app: Weapp) => app.player.mjpgPlayers[app.player.mjpgPlayers.length - 1]!;

describe('a camera of pictures in the mini-program built for WeChat', () => {
  it('is shown by the picture player, whole pictures only, until the page is left', async () => {
    const app = await watch();
    const player = latest(app);
    expect([player.problems, player.pulls]).toEqual([[], 1]);
    await app.until('the page', () => app.page.text.includes('Live'));
    await app.until('the size', () => /\d+ × \d+/.test(app.page.text));
    app.app.back();
    await app.until('the end', () => app.wx.open().udpSockets === 0);
    expect(player.isPulling).toBe(false);
    expect(app.app.sandbox.openTimers).toEqual({ timeouts: 0, intervals: 0 });
    expect(app.app.errors).toEqual([]);
  });

  it('answers the player’s own new request from the next picture on', async () => {
    const app = await watch();
    const player = latest(app);
    const before = player.pictures;
    player.close('LIVE_PLAYER_CLOSED');
    await app.until('a new request', () => player.pulls === 2);
    await app.until('pictures', () => player.pictures >= before + 3);
    expect([player.problems, app.player.mjpgPlayers.length]).toEqual([[], 1]);
  });

  it('makes the player anew when the system has closed its server', async () => {
    const app = await watch();
    latest(app).fire('playerError', { error: { code: 'WECHAT_SERVER_ERROR' } });
    await app.until('a new player', () => app.player.mjpgPlayers.length === 2);
    await app.until('pictures', () => latest(app).pictures >= 3);
    expect(app.player.resets).toBeGreaterThan(0);
  });

  it('hears that a picture cannot be shown', async () => {
    const app = await watch();
    latest(app).fire('error', { errMsg: 'decode' });
    await app.until('a new player or a message', () => {
      const { mjpgPlayers } = app.player;
      return mjpgPlayers.length > 1 || latest(app).pulls > 1 || /shown/.test(app.page.text);
    });
  });
});
