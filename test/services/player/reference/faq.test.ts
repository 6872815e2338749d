import { PluginWorld, STREAM_URL, XP2P_2_4 } from '../../plugin/plugin-world';
import { DeviceSessions } from '../../../../services/device';
import { FakeP2PModule, iotError } from '../../../standins/fake-p2p-module';
import { MachineDriver } from '../machine-driver';
import { DEVICE, HIGH, PlayerWorld, settled } from '../player-world';

const VENDOR = { id: 'door', xp2pInfo: XP2P_2_4 };

describe('the guide’s FAQ', () => {
  it('1.1 -2000: the settings are wrong, which no retry changes', async () => {
    const world = new PlayerWorld();
    world.module.initResult = () => Promise.reject(iotError('bad-parameter', false));
    const { player, store } = world.player();
    player.start({ device: DEVICE, stream: HIGH });
    await settled();
    expect(store.status).toMatchObject({ kind: 'error', text: 'error.bad-parameter.title' });
    world.clock.advance(60_000);
    expect(world.count('init')).toBe(1);
  });

  it('1.1 -2003: a module that runs already is used as it is', async () => {
    const world = new PlayerWorld();
    const error = Object.assign(iotError('already-initialised', false), { code: -2003 });
    world.module.initResult = () => Promise.reject(error);
    const { player } = world.player();
    player.start({ device: DEVICE, stream: HIGH });
    await settled();
    expect(world.count('startP2PService')).toBe(1);
  });

  it('1.1 a module that never answers is tried again after 10 s', async () => {
    const world = new PlayerWorld();
    world.module.initResult = () => new Promise(() => undefined);
    const { player, store } = world.player();
    player.start({ device: DEVICE, stream: HIGH });
    world.clock.advance(10_000);
    expect(store.status).toMatchObject({ kind: 'reconnecting', error: { phase: 'init' } });
  });

  it('1.2 -2401: the old connection is stopped before the next one starts', async () => {
    const world = new PlayerWorld();
    const { store } = await world.playing();
    world.module.disconnect('door', iotError('connection-lost'));
    world.clock.runUntil(() => store.status.kind === 'loading', 2_000);
    const calls = world.module.calls.filter((call) => call.includes('P2PService'));
    expect(calls).toEqual(['startP2PService door', 'stopP2PService door', 'startP2PService door']);
  });

  it('3.1 the surface is told to play when it and the connection are ready, never before', () => {
    const player = new MachineDriver({ earlyStream: false }).send('start', 'surface-ready');
    expect(player.acts).not.toContain('sinkPlay');
    player.send('module-ready');
    expect(player.acts).not.toContain('sinkPlay');
    expect(player.send('service-started').acts).toEqual(['sinkPlay']);
  });

  it('3.2 StartPull and no data: named after 10 s, then tried again', () => {
    const player = new MachineDriver().send('start', 'surface-ready', 'module-ready');
    player.send('service-started', 'start-pull', 'stream-started').timer('first-data');
    expect(player.state.recovery).toMatchObject({
      kind: 'scheduled',
      error: { reason: 'no-data' },
    });
  });

  it('3.4 another network: the vendor’s module is reset and the link made anew, page and player stay', async () => {
    const world = new PluginWorld('3.1.10');
    const sessions = new DeviceSessions({
      module: new FakeP2PModule(),
      vendorModule: world.module,
      appParams: { appid: 1, appOauthId: 'a', appKey: 'k', appSecretKey: 's', appPackage: 'p' },
    });
    const again: Promise<void>[] = [];
    await world.settle(sessions.init(VENDOR));
    const lease = sessions.acquire(VENDOR, {
      onPath: () => undefined,
      onDisconnect: () => undefined,
      onNetworkChanged: () => again.push(lease.connect(STREAM_URL)),
    });
    await world.settle(lease.connect(STREAM_URL));
    const before = world.calls.length;
    world.fake.localEvent('natChanged', {});
    await world.pass(100);
    expect(again).toHaveLength(1);
    await expect(world.settle(again[0]!)).resolves.toBeUndefined();
    // `checkReset` is nobody's to call: the reset comes between the two connections.
    const order = world.calls.slice(before).filter((name) => /^reset|P2PService/.test(name));
    expect(order).toEqual([
      'stopP2PService door',
      expect.stringMatching(/^reset/),
      'startP2PService door',
    ]);
    sessions.dispose();
  });

  it('4 leaving the page ends stream, connection and timers; nothing is left to reset', async () => {
    const world = new PlayerWorld();
    const { player } = await world.playing();
    player.close();
    expect(world.module.calls.slice(-2)).toEqual(['stopStream door', 'stopP2PService door']);
    expect(world.clock.pendingTimers).toBe(0);
  });
});
