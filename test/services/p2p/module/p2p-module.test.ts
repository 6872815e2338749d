import { Endpoint } from '../../../../services/p2p/endpoint';
import type { RequestHandler, ResponseWriter } from '../../../../services/p2p/http';
import { createP2PModule, encodeXp2pInfo } from '../../../../services/p2p/module';
import type { P2PModule } from '../../../../services/p2p/module';
import { encodeUtf8 } from '../../../../services/encoding';
import { VirtualClock } from '../../../net/virtual-clock';
import { VirtualRelay } from '../../../net/virtual-relay';

const APP_PARAMS = { appid: 1, appOauthId: 'a', appKey: 'b', appSecretKey: 'c', appPackage: 'd' };
const URL = 'http://XP2P_INFO.xnet/ipc.p2p.com/ipc.flv?action=live&channel=0&quality=high';
const ignore = () => undefined;

class World {
  readonly clock = new VirtualClock();
  readonly relay = new VirtualRelay(this.clock);
  readonly host = this.relay.createHost(1);
  readonly module: P2PModule = createP2PModule(this.host);
  readonly log: string[] = [];
  readonly requests: string[] = [];
  readonly secret = new Uint8Array(16).fill(5);
  readonly camera = new Endpoint(this.relay.createHost(2));
  xp2pInfo = encodeXp2pInfo({
    publicKey: this.camera.publicKey,
    accessSecret: this.secret,
    relayUrl: this.relay.url,
    sdkVersion: '2.4.0',
    flags: '',
  });
  answer: (response: ResponseWriter, path: string) => void = (response) => {
    response.writeHead(200, { 'content-type': 'video/x-flv' });
    response.write(Uint8Array.of(1, 2, 3));
  };

  startCamera(): void {
    const onRequest: RequestHandler = (request, response) => {
      const query = new URLSearchParams({ ...request.query }).toString();
      this.requests.push(`${request.path}?${query}`);
      this.answer(response, request.path);
    };
    this.camera.listen({ relayUrl: this.relay.url, accessSecret: this.secret, onRequest });
    this.clock.advance(500);
  }

  async init(): Promise<void> {
    await this.module.init({ appParams: APP_PARAMS });
  }

  readonly msgCallback = (event: string, subtype: string, detail?: unknown) => {
    const status = (detail as { status?: number } | undefined)?.status;
    this.log.push(`${event} ${subtype}${status === undefined ? '' : ` ${status}`}`);
  };

  readonly dataCallback = (data: ArrayBuffer) => {
    this.log.push(`data ${new Uint8Array(data).join(',')}`);
  };

  start(xp2pInfo = this.xp2pInfo): Promise<number> {
    return this.module.startP2PService(
      'cam',
      { url: URL, xp2pInfo },
      { msgCallback: this.msgCallback },
    );
  }

  /** Lets virtual time pass until `promise` settles. */
  async settle<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const mark = () => {
      settled = true;
    };
    promise.then(mark, mark);
    for (let i = 0; i < 400 && !settled; i++) {
      this.clock.advance(50);
      await Promise.resolve();
      await Promise.resolve();
    }
    return promise;
  }
}

async function running(): Promise<World> {
  const world = new World();
  world.startCamera();
  await world.init();
  await world.settle(world.start());
  return world;
}

describe('init', () => {
  it('resolves with 0, and is refused a second time with -2003', async () => {
    const world = new World();
    await expect(world.module.init({ appParams: APP_PARAMS })).resolves.toBe(0);
    await expect(world.init()).rejects.toMatchObject({ errcode: -2003 });
  });

  it.each(Object.keys(APP_PARAMS))('refuses a missing %s with -2000 and its name', async (name) => {
    const appParams = { ...APP_PARAMS, [name]: undefined };
    await expect(new World().module.init({ appParams })).rejects.toMatchObject({
      errcode: -2000,
      field: `appParams.${name}`,
    });
  });

  it('is refused with -2404 where the host offers nothing to connect by', async () => {
    const { clock, random, storage } = new World().host;
    const host = { clock, random, storage };
    await expect(createP2PModule(host).init({ appParams: APP_PARAMS })).rejects.toMatchObject({
      errcode: -2404,
    });
  });
});

describe('getUUID', () => {
  it('is a UUID before init, and the same in the next run', () => {
    const world = new World();
    const uuid = world.module.getUUID();
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(createP2PModule(world.host).getUUID()).toBe(uuid);
  });
});

describe('startP2PService', () => {
  it('resolves with 0 when the connection stands, after notify connected', async () => {
    const world = await running();
    expect(world.log).toEqual(['path up', 'notify connected']);
  });

  it.each([
    ['id', ['', { url: URL }, { msgCallback: ignore }], 'id'],
    ['streamInfo', ['cam', null, { msgCallback: ignore }], 'streamInfo'],
    ['url', ['cam', {}, { msgCallback: ignore }], 'streamInfo.url'],
    ['xp2pInfo', ['cam', { url: URL }, { msgCallback: ignore }], 'streamInfo.xp2pInfo'],
    [
      'xp2pInfo',
      ['cam', { url: URL, xp2pInfo: 5 }, { msgCallback: ignore }],
      'streamInfo.xp2pInfo',
    ],
    ['callbacks', ['cam', { url: URL }, undefined], 'callbacks'],
    ['msgCallback', ['cam', { url: URL }, {}], 'callbacks.msgCallback'],
    [
      'dataCallback',
      ['cam', { url: URL }, { msgCallback: ignore, dataCallback: 1 }],
      'callbacks.dataCallback',
    ],
  ])('refuses a bad %s with -2000 and the field', async (_, args, field) => {
    const world = new World();
    await world.init();
    const start = world.module.startP2PService as (...all: unknown[]) => Promise<number>;
    await expect(start.apply(world.module, args)).rejects.toMatchObject({ errcode: -2000, field });
  });

  it('is refused with -2002 before init', async () => {
    await expect(new World().start()).rejects.toMatchObject({ errcode: -2002 });
  });

  it('is refused with -2001 for a malformed xp2pInfo and -2005 for a device too old', async () => {
    const world = new World();
    await world.init();
    await expect(world.start('nonsense')).rejects.toMatchObject({ errcode: -2001 });
    const old = world.xp2pInfo.replace('%2.4.0', '%2.2.0');
    await expect(world.start(old)).rejects.toMatchObject({ errcode: -2005 });
  });

  it('is refused with -2401 for an id that runs, until it is stopped', async () => {
    const world = await running();
    await expect(world.start()).rejects.toMatchObject({ errcode: -2401 });
    world.module.stopP2PService('cam');
    await expect(world.settle(world.start())).resolves.toBe(0);
  });

  it('says that the camera is offline, and can be called again', async () => {
    const world = new World();
    await world.init();
    await expect(world.settle(world.start())).rejects.toMatchObject({ reason: 'peer-offline' });
    world.startCamera();
    await expect(world.settle(world.start())).resolves.toBe(0);
  });

  it('rejects when it is stopped before it started', async () => {
    const world = new World();
    world.startCamera();
    await world.init();
    const started = world.start();
    world.module.stopP2PService('cam');
    await expect(started).rejects.toMatchObject({ errcode: -2403 });
  });

  it('starts the stream by itself when it is given a dataCallback', async () => {
    const world = new World();
    world.startCamera();
    await world.init();
    const { msgCallback, dataCallback } = world;
    await world.settle(
      world.module.startP2PService(
        'cam',
        { url: URL, xp2pInfo: world.xp2pInfo },
        { msgCallback, dataCallback },
      ),
    );
    world.clock.advance(200);
    expect(world.requests).toEqual(['/ipc.flv?action=live&channel=0&quality=high']);
    expect(world.log).toEqual([
      'path up',
      'notify connected',
      'notify request',
      'notify parsed 200',
      'data 1,2,3',
    ]);
  });
});

describe('startStream', () => {
  it('tells request, parsed, data, and close after stopStream', async () => {
    const world = await running();
    world.log.length = 0;
    await expect(
      world.module.startStream('cam', { dataCallback: world.dataCallback }),
    ).resolves.toBe(0);
    world.clock.advance(200);
    world.module.stopStream('cam');
    expect(world.log).toEqual([
      'notify request',
      'notify parsed 200',
      'data 1,2,3',
      'notify close',
    ]);
  });

  it('may be called while the service starts, and then rides in its first message', async () => {
    const world = new World();
    world.startCamera();
    await world.init();
    const started = world.start();
    await world.module.startStream('cam', { dataCallback: world.dataCallback });
    await world.settle(started);
    world.clock.advance(30);
    expect(world.log).toEqual([
      'path up',
      'notify connected',
      'notify request',
      'notify parsed 200',
      'data 1,2,3',
    ]);
  });

  it('tells eof when the camera ends the stream, and can start the next one', async () => {
    const world = await running();
    world.answer = (response) => response.end(Uint8Array.of(4));
    world.log.length = 0;
    await world.module.startStream('cam', { dataCallback: world.dataCallback });
    world.clock.advance(200);
    expect(world.log).toEqual(['notify request', 'notify parsed 200', 'data 4', 'notify eof 200']);
    await expect(world.module.startStream('cam', { dataCallback: ignore })).resolves.toBe(0);
  });

  it('hands out no data of an answer other than 200', async () => {
    const world = await running();
    world.answer = (response) => {
      response.writeHead(404);
      response.end(encodeUtf8('no such stream'));
    };
    world.log.length = 0;
    await world.module.startStream('cam', { dataCallback: world.dataCallback });
    world.clock.advance(200);
    expect(world.log).toEqual(['notify request', 'notify parsed 404', 'notify fail 404']);
  });

  it('tells fail when the camera breaks the stream off', async () => {
    const world = await running();
    world.answer = (response) => {
      response.writeHead(200);
      response.abort();
    };
    world.log.length = 0;
    await world.module.startStream('cam', { dataCallback: world.dataCallback });
    world.clock.advance(200);
    expect(world.log.at(-1)).toMatch(/^notify fail/);
  });

  it('asks for the file and parameters it is given', async () => {
    const world = await running();
    const flv = { filename: 'ipc.flv', params: 'action=live&name=前门' };
    await world.module.startStream('cam', { flv, dataCallback: ignore });
    world.clock.advance(100);
    expect(world.requests).toEqual([
      `/ipc.flv?${new URLSearchParams({ action: 'live', name: '前门' }).toString()}`,
    ]);
  });

  it('sends its messages to its own msgCallback where it has one', async () => {
    const world = await running();
    world.log.length = 0;
    const own: string[] = [];
    await world.module.startStream('cam', {
      dataCallback: ignore,
      msgCallback: (_, subtype) => own.push(subtype),
    });
    world.clock.advance(200);
    expect(own).toEqual(['request', 'parsed']);
    expect(world.log).toEqual([]);
  });

  it('is refused with -2401 while a stream runs, -2403 without a service, -2000 without a dataCallback', async () => {
    const world = await running();
    await world.module.startStream('cam', { dataCallback: ignore });
    await expect(world.module.startStream('cam', { dataCallback: ignore })).rejects.toMatchObject({
      errcode: -2401,
    });
    await expect(world.module.startStream('other', { dataCallback: ignore })).rejects.toMatchObject(
      {
        errcode: -2403,
      },
    );
    await expect(
      world.module.startStream('cam', {} as Parameters<P2PModule['startStream']>[1]),
    ).rejects.toMatchObject({ errcode: -2000, field: 'dataCallback' });
  });
});

describe('a running service', () => {
  it('tells disconnect when the camera is gone for good, and then refuses streams', async () => {
    const world = await running();
    world.relay.kill();
    world.clock.advance(31_000);
    expect(world.log.at(-1)).toBe('notify disconnect');
    await expect(world.module.startStream('cam', { dataCallback: ignore })).rejects.toMatchObject({
      errcode: -2403,
    });
  });

  it('tells how its path stands', async () => {
    const world = await running();
    world.relay.kill();
    world.clock.advance(100);
    world.relay.start();
    world.clock.advance(5000);
    expect(world.log.filter((line) => line.startsWith('path'))).toEqual([
      'path up',
      'path down',
      'path connecting',
      'path up',
    ]);
  });

  it('uses the callbacks of updateServiceCallbacks, which is -2000 for what it does not know', async () => {
    const world = await running();
    const seen: string[] = [];
    const msgCallback = (_: string, subtype: string) => seen.push(subtype);
    expect(world.module.updateServiceCallbacks('cam', { msgCallback })).toBe(0);
    expect(world.module.updateServiceCallbacks('other', { msgCallback })).toBe(-2000);
    world.relay.kill();
    world.clock.advance(100);
    expect(seen).toEqual(['down']);
  });

  it('says nothing any more after destroy, and leaves nothing open', async () => {
    const world = await running();
    await world.module.startStream('cam', { dataCallback: world.dataCallback });
    world.clock.advance(100);
    world.module.destroy();
    world.log.length = 0;
    world.clock.advance(60_000);
    expect(world.log).toEqual([]);
    // The camera's own.
    expect(world.relay.openSockets).toBe(1);
    await expect(world.start()).rejects.toMatchObject({ errcode: -2002 });
  });
});

describe('sendCommand', () => {
  const command = 'action=inner_define&channel=0&cmd=get_device_st&type=live';

  it('resolves with the answer, without the NUL some devices append', async () => {
    const world = await running();
    world.answer = (response) => response.end(encodeUtf8('[{"status":"0"}]\0'));
    await expect(world.settle(world.module.sendCommand('cam', command))).resolves.toEqual({
      type: 'success',
      status: 200,
      data: '[{"status":"0"}]',
      errcode: 0,
      errmsg: '',
    });
    expect(world.requests.at(-1)).toBe(`/command?${command}`);
  });

  it('resolves with an ArrayBuffer when asked to', async () => {
    const world = await running();
    world.answer = (response) => response.end(Uint8Array.of(1, 0));
    const { data } = await world.settle(
      world.module.sendCommand('cam', command, { responseType: 'arraybuffer' }),
    );
    expect([...new Uint8Array(data as ArrayBuffer)]).toEqual([1, 0]);
  });

  it('resolves with failure for another status', async () => {
    const world = await running();
    world.answer = (response) => {
      response.writeHead(503);
      response.end();
    };
    await expect(world.settle(world.module.sendCommand('cam', command))).resolves.toMatchObject({
      type: 'failure',
      status: 503,
    });
  });

  it('resolves with timeout when nothing comes', async () => {
    const world = await running();
    world.answer = ignore;
    await expect(
      world.settle(world.module.sendCommand('cam', command, { timeoutMs: 1000 })),
    ).resolves.toMatchObject({ type: 'timeout', status: 0 });
  });

  it('resolves with error when the answer breaks off or is endless', async () => {
    const world = await running();
    world.answer = (response) => response.abort();
    await expect(world.settle(world.module.sendCommand('cam', command))).resolves.toMatchObject({
      type: 'error',
    });
    world.answer = (response) => {
      for (let i = 0; i < 300; i++) response.write(new Uint8Array(8192));
    };
    await expect(world.settle(world.module.sendCommand('cam', command))).resolves.toMatchObject({
      type: 'error',
      data: '',
    });
  });

  it('survives JSON that is not encoded', async () => {
    const world = await running();
    world.answer = (response) => response.end();
    const json = '{"topic":"ptz","data":{"cmd":"ptz_up_press","note":"50% 上"}}';
    await world.settle(world.module.sendCommand('cam', `action=user_define&channel=0&cmd=${json}`));
    expect(new URLSearchParams(world.requests.at(-1)!.split('?')[1]).get('cmd')).toBe(json);
  });

  it('refuses bad parameters with -2000', async () => {
    const world = await running();
    await expect(world.module.sendCommand('cam', '')).rejects.toMatchObject({ field: 'command' });
    await expect(world.module.sendCommand('cam', command, { timeoutMs: -1 })).rejects.toMatchObject(
      { field: 'options.timeoutMs' },
    );
    await expect(world.module.sendCommand('none', command)).rejects.toMatchObject({
      errcode: -2403,
    });
  });
});
