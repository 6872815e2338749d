import { encodeUtf8 } from '../../../services/encoding';
import { answers } from '../../conformance/guide-context';
import { FAKE_VERSIONS, generationOf } from '../../standins/fake-xp2p';
import { APP_PARAMS, PluginWorld, STREAM_URL } from './plugin-world';

const ignore = () => undefined;

describe.each(FAKE_VERSIONS)('xp2p %s', (version) => {
  const generation = generationOf(version);

  it('tells its version', () => {
    const { module } = new PluginWorld(version);
    expect(module.XP2PVersion).toBe(version);
    expect(module.getPluginInfo()).toEqual({ name: 'xp2p', version });
  });

  it('initialises once, and is refused with -2003 a second time', async () => {
    const world = new PluginWorld(version);
    await expect(world.init()).resolves.toBe(0);
    await expect(world.init()).rejects.toMatchObject({
      errcode: -2003,
      reason: 'already-initialised',
    });
    expect(world.calls.filter((name) => name === 'init')).toHaveLength(1);
  });

  it('takes the init of 3.x as well, once for each device version', async () => {
    const world = new PluginWorld(version);
    const { DeviceVersion } = world.module;
    const init = (deviceP2PVersion: typeof DeviceVersion.Device_2_3 | '2.4') =>
      world.module.init({ appParams: APP_PARAMS, initParams: { deviceP2PVersion } });
    const [older, newer] = await world.settle(
      Promise.all([init(DeviceVersion.Device_2_3), init(DeviceVersion.Device_2_4)]),
    );
    expect(older.deviceP2PVersion).toBe(DeviceVersion.Device_2_3);
    expect(newer.localXp2pInfo).toContain('XP2Plocal');
    expect(world.fake.initialised).toHaveLength(generation.modules ? 2 : 1);
    expect(world.module.getModule(DeviceVersion.Device_2_4)).toMatchObject({
      deviceP2PVersion: '2.4',
    });
    await expect(world.settle(newer.reset())).resolves.toMatchObject({ deviceP2PVersion: '2.4' });
    await expect(init(DeviceVersion.Device_2_3)).rejects.toMatchObject({ errcode: -2003 });
  });

  it('says its UUID where it has one', () => {
    expect(new PluginWorld(version).module.getUUID()).toBe(generation.uuid ? 'fake-uuid' : '');
  });

  it('tells connected, then resolves; later signs of life are not repeated', async () => {
    const world = new PluginWorld(version);
    await world.init();
    await expect(world.settle(world.start())).resolves.toBe(0);
    world.fake.keepAlive('cam');
    expect(world.log).toEqual(['notify connected']);
    expect(world.module.getServiceInitInfo('cam')).toMatchObject({ id: 'cam' });
  });

  it('tells request, parsed, data, and close once after stopStream', async () => {
    const world = await PluginWorld.running(version);
    await expect(world.settle(world.stream())).resolves.toBe(0);
    await world.pass(200);
    world.module.stopStream('cam');
    const lines = ['notify request', 'notify parsed 200', 'data 1,2,3', 'notify close'];
    expect(world.log).toEqual(lines);
    // The plugin's own close and its last chunk.
    await world.pass(100);
    expect(world.log).toEqual(lines);
  });

  it('starts a stream before its service stands', async () => {
    const world = new PluginWorld(version);
    await world.init();
    const started = world.start();
    await expect(world.stream()).resolves.toBe(0);
    await world.settle(started);
    await world.pass(200);
    expect(world.log).toEqual([
      'notify connected',
      'notify request',
      'notify parsed 200',
      'data 1,2,3',
    ]);
  });

  it('starts the stream by itself when the service has a dataCallback', async () => {
    const world = new PluginWorld(version);
    await world.init();
    const { msgCallback, dataCallback } = world;
    const info = { url: STREAM_URL, xp2pInfo: world.device.xp2pInfo };
    await world.settle(world.module.startP2PService('cam', info, { msgCallback, dataCallback }));
    await world.pass(200);
    expect(world.log.slice(1)).toEqual(['notify request', 'notify parsed 200', 'data 1,2,3']);
    expect(world.device.requests).toMatchObject([
      { path: '/ipc.flv', params: 'action=live&channel=0&quality=high' },
    ]);
  });

  it('keeps the messages of a stream from the next one', async () => {
    const world = await PluginWorld.running(version);
    await world.settle(world.stream());
    await world.pass(200);
    world.module.stopStream('cam');
    world.log.length = 0;
    // Right away: the plugin’s close of the first is still to come.
    void world.stream('action=live&channel=1');
    await world.pass(300);
    expect(world.log).toEqual(['notify request', 'notify parsed 200', 'data 1,2,3']);
  });

  it('sends a stream’s messages to its own msgCallback', async () => {
    const world = await PluginWorld.running(version);
    const own: string[] = [];
    void world.module.startStream('cam', {
      dataCallback: ignore,
      msgCallback: (_, subtype) => own.push(subtype),
    });
    await world.pass(300);
    expect(own).toEqual(['request', 'parsed']);
    expect(world.log).toEqual([]);
  });

  it.each([
    ['end', 'notify eof 200'],
    ['abort', 'notify fail 200'],
  ] as const)('tells the %s of a stream, and can start the next', async (then, last) => {
    const world = await PluginWorld.running(version);
    world.device.script(() => answers(200, then, Uint8Array.of(1)));
    await world.settle(world.stream());
    await world.pass(300);
    expect(world.log.at(-1)).toBe(last);
    await expect(world.settle(world.stream())).resolves.toBe(0);
  });

  it('hands out no data of another answer than 200, and ends it with fail', async () => {
    const world = await PluginWorld.running(version);
    world.device.script(() => answers(404, 'end', Uint8Array.of(9)));
    await world.settle(world.stream());
    await world.pass(300);
    expect(world.log).toEqual(['notify request', 'notify parsed 404', 'notify fail 404']);
  });

  it('refuses a second stream with -2401', async () => {
    const world = await PluginWorld.running(version);
    await world.settle(world.stream());
    await expect(world.stream()).rejects.toMatchObject({
      errcode: -2401,
      reason: 'stream-exists',
    });
  });

  it('asks for a stream without encryption by its parameters', async () => {
    const world = await PluginWorld.running(version);
    await world.settle(world.stream('action=live&channel=0', true));
    await world.pass(100);
    expect(world.device.requests).toMatchObject([{ params: 'action=live&channel=0&_crypto=off' }]);
  });

  it('tells fail, then disconnect, when the device drops out, and takes the id again', async () => {
    const world = await PluginWorld.running(version);
    await world.settle(world.stream());
    await world.pass(200);
    world.log.length = 0;
    world.fake.drop('cam');
    // 3.0.0 says eof first, which nothing tells from a real one.
    expect(world.log).toEqual([
      version === '3.0.0' ? 'notify eof 200' : 'notify fail 200',
      'notify disconnect',
    ]);
    await expect(world.stream()).rejects.toMatchObject({ errcode: -2403 });
    world.module.stopP2PService('cam');
    await expect(world.settle(world.start())).resolves.toBe(0);
  });

  it('is silent after stopP2PService but for the close of its stream', async () => {
    const world = await PluginWorld.running(version);
    await world.settle(world.stream());
    await world.pass(200);
    world.log.length = 0;
    world.module.stopP2PService('cam');
    await world.pass(500);
    expect(world.log).toEqual(['notify close']);
    expect(world.fake.services.size).toBe(0);
    expect(world.module.getServiceInitInfo('cam')).toBeUndefined();
  });

  it('refuses an id that runs with -2401', async () => {
    const world = await PluginWorld.running(version);
    await expect(world.start()).rejects.toMatchObject({
      errcode: -2401,
      reason: 'service-exists',
    });
  });

  it('uses the callbacks of updateServiceCallbacks', async () => {
    const world = await PluginWorld.running(version);
    const seen: string[] = [];
    const msgCallback = (_: string, subtype: string) => seen.push(subtype);
    expect(world.module.updateServiceCallbacks('cam', { msgCallback })).toBe(0);
    expect(world.module.updateServiceCallbacks('other', { msgCallback })).toBe(-2000);
    world.fake.drop('cam');
    expect(seen).toEqual(['disconnect']);
  });

  it('resolves with the answer to a command, without NULs', async () => {
    const world = await PluginWorld.running(version);
    world.device.script(() => answers(200, 'end', encodeUtf8('[{"status":"0"}]\0\0')));
    await expect(
      world.settle(world.module.sendCommand('cam', 'action=inner_define&cmd=get_device_st')),
    ).resolves.toEqual({
      type: 'success',
      status: 200,
      data: '[{"status":"0"}]',
      errcode: 0,
      errmsg: '',
    });
  });

  it.each([
    [answers(404, 'end'), 'failure', 404],
    [answers(200, 'abort'), 'error', 0],
    [null, 'timeout', 0],
  ] as const)('tells how a command went: %j is %s', async (answer, type, status) => {
    const world = await PluginWorld.running(version);
    world.device.script(() => answer);
    const result = await world.settle(world.module.sendCommand('cam', 'action=user_define'));
    expect(result).toMatchObject({ type, status, data: '' });
    expect(result.errcode).not.toBe(0);
    expect(result.errmsg).not.toBe('');
  });

  it('passes NAT events on where it has them', async () => {
    const world = new PluginWorld(version);
    const events: unknown[] = [];
    await world.settle(
      world.module.init({
        appParams: APP_PARAMS,
        eventHandler: (...event: unknown[]) => events.push(event),
      }),
    );
    world.fake.localEvent('natChanged', { natType: 'cone' });
    world.fake.localEvent('natError', { errcode: 103, errmsg: 'software caused abort' });
    expect(events).toEqual(
      generation.natEvents
        ? [
            ['natChanged', { natType: 'cone' }],
            ['natError', { errcode: 103, message: 'software caused abort' }],
          ]
        : [],
    );
  });

  it('resets by the way it has, which ends services', async () => {
    const world = await PluginWorld.running(version);
    const reset = world.module.resetP2P();
    await expect(world.settle(reset)).resolves.toBe(0);
    expect(world.log).toEqual(['notify disconnect']);
    expect(world.calls.some((name) => name.startsWith('reset'))).toBe(true);
    world.module.stopP2PService('cam');
    await expect(world.settle(world.start())).resolves.toBe(0);
  });

  it('can be initialised again after destroy', async () => {
    const world = await PluginWorld.running(version);
    world.module.destroy();
    await expect(world.start()).rejects.toMatchObject({ errcode: -2002 });
    await expect(world.init()).resolves.toBe(0);
    await expect(world.settle(world.start())).resolves.toBe(0);
  });

  it('has the names before 1.3.0, too', async () => {
    const world = await PluginWorld.running(version);
    const params = { dataCallback: world.dataCallback };
    await expect(world.settle(world.module.startP2PStream('cam', params))).resolves.toBe(0);
    world.module.stopP2PStream('cam');
    world.module.stopServiceById('cam');
    expect(world.fake.services.size).toBe(0);
  });

  it('switches what it can switch', () => {
    const { module } = new PluginWorld(version);
    module.enableHttpLog(true);
    module.enableADP2PLog(true);
    const expected = generation.tuning ? 0 : -2004;
    expect(module.setTcpFirst(true)).toBe(expected);
    expect(module.setCrossStunTurn(false)).toBe(expected);
    expect(module.setUseDeliveryConfig(true)).toBe(expected);
    expect(module.updateStunPort(8000)).toBe(expected);
    expect(module.updateStunPort(70_000)).toBe(-2000);
    expect(module.setTcpFirst('yes' as never)).toBe(-2000);
    module.setEventLog(true);
    expect(module.getEventLog('cam')).toBeUndefined();
  });
});
