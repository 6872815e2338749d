import { createP2PModule } from '../../../../services/p2p/module';
import type { P2PModule } from '../../../../services/p2p/module';
import { encodeUtf8 } from '../../../../services/encoding';
import kit from '../../../../package.json';
import { APP_PARAMS, ignore, ModuleWorld, URL } from './module-world';

// What the guide asks for is tested in test/conformance; this is what it leaves open, and ours.

describe('init', () => {
  it.each(Object.keys(APP_PARAMS))('names a missing %s', async (name) => {
    const appParams = { ...APP_PARAMS, [name]: undefined };
    await expect(new ModuleWorld().module.init({ appParams })).rejects.toMatchObject({
      errcode: -2000,
      field: `appParams.${name}`,
    });
  });

  it('is refused with -2404 where the host offers nothing to connect by', async () => {
    const { clock, random, storage } = new ModuleWorld().host;
    const host = { clock, random, storage };
    const module = createP2PModule(host);
    const init = () => module.init({ appParams: APP_PARAMS });
    await expect(init()).rejects.toMatchObject({ errcode: -2404 });
    // It was not initialised by that.
    await expect(init()).rejects.toMatchObject({ errcode: -2404 });
  });
});

describe('getUUID', () => {
  it('is a UUID before init, and the same in the next run', () => {
    const world = new ModuleWorld();
    const uuid = world.module.getUUID();
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(createP2PModule(world.host).getUUID()).toBe(uuid);
  });
});

describe('the module’s version', () => {
  it('is that of the package', () => {
    const { module } = new ModuleWorld();
    expect(module.getPluginInfo()).toEqual({ name: kit.name, version: kit.version });
  });
});

describe('getLocalXp2pInfo', () => {
  it('is empty before init, and another one after the next', async () => {
    const { module } = new ModuleWorld();
    expect(module.getLocalXp2pInfo()).toBe('');
    await module.init({ appParams: APP_PARAMS });
    const first = module.getLocalXp2pInfo();
    expect(first).toMatch(/^XP2P[\w-]{43}$/);
    module.destroy();
    await module.init({ appParams: APP_PARAMS });
    expect(module.getLocalXp2pInfo()).not.toBe(first);
  });
});

describe('startP2PService', () => {
  it.each([
    ['id', ['', { url: URL }, { msgCallback: ignore }], 'id'],
    ['streamInfo', ['cam', null, { msgCallback: ignore }], 'streamInfo'],
    ['url', ['cam', {}, { msgCallback: ignore }], 'streamInfo.url'],
    ['xp2pInfo', ['cam', { url: URL }, { msgCallback: ignore }], 'streamInfo.xp2pInfo'],
    ['callbacks', ['cam', { url: URL }, undefined], 'callbacks'],
    ['msgCallback', ['cam', { url: URL }, {}], 'callbacks.msgCallback'],
  ])('names a bad %s', async (_, args, field) => {
    const world = new ModuleWorld();
    await world.init();
    const start = world.module.startP2PService as (...all: unknown[]) => Promise<number>;
    await expect(start.apply(world.module, args)).rejects.toMatchObject({ errcode: -2000, field });
  });

  it('says that the camera is offline, and can be called again', async () => {
    const world = new ModuleWorld();
    await world.init();
    await expect(world.settle(world.start())).rejects.toMatchObject({ reason: 'peer-offline' });
    world.startCamera();
    await expect(world.settle(world.start())).resolves.toBe(0);
  });

  it('is refused with -2004 for a 1vN url', async () => {
    const world = new ModuleWorld();
    await world.init();
    const streamInfo = { url: 'https://live.example/door.flv' };
    await expect(
      world.module.startP2PService('cam', streamInfo, { msgCallback: ignore }),
    ).rejects.toMatchObject({ errcode: -2004, field: 'streamInfo.url' });
  });

  it('is refused for a url without a file when the stream is to start by itself', async () => {
    const world = new ModuleWorld();
    await world.init();
    const streamInfo = { url: 'http://XP2P_INFO.xnet/', xp2pInfo: world.xp2pInfo };
    const callbacks = { msgCallback: ignore, dataCallback: ignore };
    await expect(world.module.startP2PService('cam', streamInfo, callbacks)).rejects.toMatchObject({
      errcode: -2000,
      field: 'streamInfo.url',
    });
    await expect(world.module.startStream('cam', { dataCallback: ignore })).rejects.toMatchObject({
      errcode: -2403,
    });
  });
});

describe('startStream', () => {
  it('may be called while the service starts, and then rides in its first message', async () => {
    const world = new ModuleWorld();
    world.startCamera();
    await world.init();
    const started = world.start();
    await world.module.startStream('cam', { dataCallback: world.dataCallback });
    await world.settle(started);
    world.clock.advance(30);
    expect(world.log).toEqual([
      'notify connected',
      'notify request',
      'notify parsed 200',
      'data 1,2,3',
    ]);
  });

  it('hands out no data of an answer other than 200', async () => {
    const world = await ModuleWorld.running();
    world.answer = (response) => {
      response.writeHead(404);
      response.end(encodeUtf8('no such stream'));
    };
    await world.module.startStream('cam', { dataCallback: world.dataCallback });
    world.clock.advance(200);
    expect(world.log).toEqual(['notify request', 'notify parsed 404', 'notify fail 404']);
  });

  it('encodes what may not stand in a request', async () => {
    const world = await ModuleWorld.running();
    const flv = { filename: 'ipc.flv', params: 'action=live&name=前门' };
    await world.module.startStream('cam', { flv, dataCallback: ignore, offCrypto: true });
    world.clock.advance(100);
    const query = new URLSearchParams({ action: 'live', name: '前门', _crypto: 'off' });
    expect(world.requests).toEqual([`/ipc.flv?${query.toString()}`]);
  });

  it('is refused with -2402 where the session takes no more requests', async () => {
    const world = await ModuleWorld.running();
    world.answer = ignore;
    const commands = Array.from({ length: 64 }, () =>
      world.module.sendCommand('cam', 'action=user_define', { timeoutMs: 60_000 }),
    );
    await expect(world.module.startStream('cam', { dataCallback: ignore })).rejects.toMatchObject({
      errcode: -2402,
    });
    world.module.stopP2PService('cam');
    const results = await world.settle(Promise.all(commands));
    expect(new Set(results.map(({ type }) => type))).toEqual(new Set(['error']));
  });
});

describe('a running service', () => {
  it('tells disconnect with its reason, and then refuses streams', async () => {
    const world = new ModuleWorld();
    world.startCamera();
    await world.init();
    const details: unknown[] = [];
    const msgCallback = (_: string, subtype: string, detail: unknown) => {
      if (subtype === 'disconnect') details.push(detail);
    };
    const { xp2pInfo } = world;
    await world.settle(
      world.module.startP2PService('cam', { url: URL, xp2pInfo }, { msgCallback }),
    );
    world.relay.kill();
    world.clock.advance(31_000);
    expect(details).toEqual([{ type: 'relay-unreachable', error: expect.any(Error) as Error }]);
    await expect(world.module.startStream('cam', { dataCallback: ignore })).rejects.toMatchObject({
      errcode: -2403,
    });
  });

  it('tells how its path stands', async () => {
    const world = await ModuleWorld.running();
    world.relay.kill();
    world.clock.advance(100);
    world.relay.start();
    world.clock.advance(5000);
    expect(world.paths).toEqual(['up', 'down', 'connecting', 'up']);
  });

  it('leaves nothing open after destroy', async () => {
    const world = await ModuleWorld.running();
    await world.module.startStream('cam', { dataCallback: world.dataCallback });
    world.clock.advance(100);
    world.module.destroy();
    world.log.length = 0;
    world.clock.advance(60_000);
    expect(world.log).toEqual([]);
    // The camera's own.
    expect(world.relay.openSockets).toBe(1);
  });

  it('goes on through resetP2P, over sockets that are made anew', async () => {
    const world = await ModuleWorld.running();
    await world.module.startStream('cam', { dataCallback: world.dataCallback });
    world.clock.advance(200);
    await expect(world.settle(world.module.resetP2P())).resolves.toBe(0);
    world.answer = (response) => response.end(encodeUtf8('here'));
    const answer = await world.settle(world.module.sendCommand('cam', 'action=user_define'));
    expect(answer).toMatchObject({ type: 'success', data: 'here' });
    expect(world.log).toEqual(['notify request', 'notify parsed 200', 'data 1,2,3']);
  });
});

describe('sendCommand', () => {
  const command = 'action=inner_define&channel=0&cmd=get_device_st&type=live';

  it('cuts the NUL off that some devices append', async () => {
    const world = await ModuleWorld.running();
    world.answer = (response) => response.end(encodeUtf8('[{"status":"0"}]\0'));
    const { data } = await world.settle(world.module.sendCommand('cam', command));
    expect(data).toBe('[{"status":"0"}]');
    expect(world.requests.at(-1)).toBe(`/command?${command}`);
  });

  it('gives an answer up that is longer than 1 MiB', async () => {
    const world = await ModuleWorld.running();
    world.answer = (response) => response.end(new Uint8Array(1024 * 1024 + 1));
    const { module } = world;
    await expect(world.settle(module.sendCommand('cam', command))).resolves.toMatchObject({
      type: 'error',
      data: '',
    });
  });

  it.each([0, 600_001, Number.NaN])('refuses a timeoutMs of %s', async (timeoutMs) => {
    const world = await ModuleWorld.running();
    await expect(world.module.sendCommand('cam', command, { timeoutMs })).rejects.toMatchObject({
      field: 'options.timeoutMs',
    });
  });
});

describe('the switches of 4.x', () => {
  it('return 0 for how it is, -2004 for how it cannot be, -2000 for nonsense', () => {
    const { module } = new ModuleWorld();
    const results = (name: 'setTcpFirst' | 'setCrossStunTurn' | 'setUseDeliveryConfig') =>
      [true, false, 'x'].map((value) => module[name](value as boolean));
    expect(results('setTcpFirst')).toEqual([-2004, 0, -2000]);
    expect(results('setCrossStunTurn')).toEqual([0, -2004, -2000]);
    expect(results('setUseDeliveryConfig')).toEqual([-2004, 0, -2000]);
    expect([443, 0, 70_000, 1.5].map((port) => module.updateStunPort(port))).toEqual([
      0, -2000, -2000, -2000,
    ]);
  });
});

describe('the log switches', () => {
  const scopes = (world: ModuleWorld) => new Set(world.records.map(({ scope }) => scope));

  it('are off at first', async () => {
    const world = await ModuleWorld.running();
    await world.module.startStream('cam', { dataCallback: ignore });
    world.clock.advance(500);
    expect(world.records).toEqual([]);
  });

  it('each turn their own channel on', async () => {
    const turnOn: [string, (module: P2PModule) => void][] = [
      ['p2p.http', (module) => module.enableHttpLog(true)],
      ['p2p.net', (module) => module.enableNetLog(true)],
      ['p2p.xntp', (module) => module.enableXNTPLog(true)],
      ['p2p.app', (module) => module.enableAPP_P2PLog(true)],
    ];
    for (const [scope, enable] of turnOn) {
      const world = new ModuleWorld();
      enable(world.module);
      world.startCamera();
      await world.init();
      await world.settle(world.start());
      world.answer = (response) => response.end();
      await world.settle(world.module.sendCommand('cam', 'action=user_define&cmd=a&pin=1234'));
      expect(scopes(world)).toEqual(new Set([scope]));
      // Parameters but action and cmd are nobody's business.
      expect(JSON.stringify(world.records)).not.toContain('1234');
      world.module.destroy();
    }
  });
});
