import { createKitTranslate, LOCALES } from '../../../services/i18n';
import { diagnosticsLines, historyLines } from '../../../services/player';
import { iotError, pathInfo } from '../../standins/fake-p2p-module';
import { DEVICE, HIGH, PlayerWorld } from './player-world';

describe('the diagnostics of a player', () => {
  it('are plain JSON: everything that is known, and no secret', async () => {
    const world = new PlayerWorld();
    const { player, sink } = await world.playing();
    world.module.getEventLog = () => undefined;
    sink.events!.onVideoSize({ width: 1280, height: 720 });
    world.stream(40, 3_000, 1_000);
    world.module.path('door', pathInfo('up', null, 35));
    const diagnostics = player.diagnostics();
    expect(JSON.parse(JSON.stringify(diagnostics))).toEqual(diagnostics);
    expect(diagnostics).toMatchObject({
      takenAtMs: world.clock.wallMs(),
      deviceId: 'door',
      stream: HIGH,
      status: { kind: 'playing' },
      regions: { player: 'PlayerReady', p2p: 'ServiceStarted', stream: 'StreamDataReceived' },
      path: { kind: 'relay', rttMs: 35 },
      stats: { framesPerS: 25, keyframeIntervalMs: 1_000 },
      videoSize: { width: 1280, height: 720 },
      sound: { muted: true, cause: 'user', volume: 1 },
      trace: { startAction: 'enter', result: 'playing' },
      module: { name: 'fake', uuid: 'uuid', eventLog: null },
    });
    expect(JSON.stringify(diagnostics)).not.toContain(DEVICE.xp2pInfo);
  });

  it('hold the latest changes of the player, a hundred of them at most', async () => {
    const world = new PlayerWorld();
    const { player } = await world.playing();
    const { history } = player.diagnostics();
    expect(history.find(({ event }) => event === 'start')).toMatchObject({
      event: 'start',
      player: 'PlayerPreparing',
    });
    expect(history[history.length - 1]).toMatchObject({
      event: 'first-frame',
      stream: 'StreamDataReceived',
    });
    world.clock.advance(2_000);
    expect(historyLines(player.diagnostics())[0]).toBe(
      '−2.0 s first-frame → PlayerReady ServiceStarted StreamDataReceived',
    );
    world.module.disconnect('door', iotError('peer-offline'));
    expect(historyLines(player.diagnostics())[0]).toMatch(/^−0.0 s disconnected peer-offline → /);
    for (let i = 0; i < 200; i++) {
      player.stop();
      player.play();
    }
    expect(player.diagnostics().history).toHaveLength(100);
  });

  it('name what is wrong', async () => {
    const world = new PlayerWorld();
    const { player } = await world.playing();
    world.module.disconnect('door', iotError('peer-offline'));
    expect(player.diagnostics().error).toMatchObject({ code: -2403, reason: 'peer-offline' });
  });

  it('can be asked for before anything was started', () => {
    const { player } = new PlayerWorld().player();
    expect(player.diagnostics()).toMatchObject({ deviceId: null, module: null, path: null });
  });

  it.each(LOCALES)('are told in words: %s', async (locale) => {
    const world = new PlayerWorld();
    const { player } = await world.playing();
    world.module.path('door', pathInfo('up', null, 35));
    world.stream(40, 2_000, 1_000);
    const text = createKitTranslate(locale);
    const lines = diagnosticsLines(player.diagnostics(), text);
    const value = (key: Parameters<typeof text>[0]) =>
      lines.find(({ label }) => label === text(key as 'status.playing'))?.value;
    expect(value('diagnostics.rtt')).toBe('35 ms');
    expect(value('diagnostics.loss')).toBe('0.0 %');
    expect(value('diagnostics.drift')).toBe('0 ms');
    expect(value('diagnostics.launch')).toMatch(/^enter → playing 0 ms: CreatePlayer 0, /);
    // What is not known is left out.
    expect(value('diagnostics.delay')).toBeUndefined();
    expect(value('diagnostics.error')).toBeUndefined();
  });
});
