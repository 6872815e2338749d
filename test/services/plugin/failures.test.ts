import fc from 'fast-check';
import { IotError } from '../../../services/errors';
import { createPluginModule } from '../../../services/plugin';
import { VirtualClock } from '../../net/virtual-clock';
import { FAKE_VERSIONS } from '../../standins/fake-xp2p';
import { APP_PARAMS, PluginWorld } from './plugin-world';

const ignore = () => undefined;
const clock = new VirtualClock();

describe('createPluginModule', () => {
  it.each([undefined, null, 'xp2p', {}, { p2p: null }, { p2p: { init: ignore } }])(
    'refuses %j with -2404',
    (plugin) => {
      expect(() => createPluginModule({ plugin, clock })).toThrow(
        expect.objectContaining({ errcode: -2404, reason: 'host-unsupported' }) as Error,
      );
    },
  );

  it('takes the p2p of the plugin as well', () => {
    const { fake } = new PluginWorld('4.6.9');
    const { XP2PVersion } = createPluginModule({ plugin: fake.plugin.p2p, clock });
    expect(XP2PVersion).toBe('4.6.9');
  });

  it('works with a plugin that does not tell its version', async () => {
    const world = new PluginWorld('1.2.0');
    const p2p = { ...world.fake.plugin.p2p, XP2PVersion: undefined };
    const module = createPluginModule({ plugin: { p2p }, clock: world.clock });
    expect(module.XP2PVersion).toBe('');
    await expect(world.settle(module.init({ appParams: APP_PARAMS }))).resolves.toBe(0);
  });
});

describe('a failure', () => {
  const failures = fc.oneof(
    fc.integer({ min: -3000, max: 3000 }),
    fc.string(),
    fc.record({ errcode: fc.integer({ min: -3000, max: 3000 }), errmsg: fc.string() }),
    fc.record({ errCode: fc.integer(), errMsg: fc.string() }),
    fc.string().map((message) => new Error(message)),
    fc.anything(),
  );

  it('of the plugin is an IotError, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(failures, fc.boolean(), async (failure, isThrown) => {
        const world = await PluginWorld.running('4.6.9');
        world.fake.calls.answerNext('startStream', () => {
          if (isThrown) throw failure;
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
          return Promise.reject(failure);
        });
        const error: unknown = await world.settle(world.stream()).catch((cause: unknown) => cause);
        expect(error).toBeInstanceOf(IotError);
        expect(error).toMatchObject({ phase: 'stream' });
        expect((error as IotError).code).toBeLessThan(0);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    [-2402, -2402, 'connection-lost', true],
    ['-2402', -2402, 'connection-lost', true],
    [{ errcode: -2401, errmsg: 'runs' }, -2401, 'stream-exists', false],
    [{ errCode: -2501, errMsg: 'no key' }, -2501, 'internal', true],
    [-2801, -2801, 'connection-lost', true],
    ['发送失败', -2402, 'internal', true],
    [103, -2402, 'internal', true],
  ] as const)('%j has code %i', async (failure, errcode, reason, retryable) => {
    const world = await PluginWorld.running('3.1.10');
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    world.fake.calls.answerNext('startStream', () => Promise.reject(failure));
    await expect(world.settle(world.stream())).rejects.toMatchObject({
      errcode,
      reason,
      retryable,
    });
    expect(world.log).toEqual(['notify fail 0']);
    await expect(world.settle(world.stream())).resolves.toBe(0);
  });

  it.each(FAKE_VERSIONS)('of %s by a code that it resolves with is one, too', async (version) => {
    const world = await PluginWorld.running(version);
    const name = version < '1.3' ? 'startP2PStream' : 'startStream';
    world.fake.calls.answerNext(name, () => Promise.resolve(-2402));
    await expect(world.settle(world.stream())).rejects.toMatchObject({ errcode: -2402 });
  });

  it.each([
    ['发送失败', -2403],
    [{ errcode: -2501, errmsg: 'no key' }, -2501],
  ] as const)('of a command is in its result, as with the engine: %j', async (failure, errcode) => {
    const world = await PluginWorld.running('4.6.9');
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    world.fake.calls.answerNext('sendCommand', () => Promise.reject(failure));
    const result = await world.settle(world.module.sendCommand('cam', 'a=b'));
    expect(result).toMatchObject({ type: 'error', status: 0, data: '', errcode });
  });

  it.each([
    ['1.0.0', -2202],
    ['1.0.2', -2202],
    ['3.1.10', -2202],
  ] as const)('of init in %s lets it be called again', async (version, errcode) => {
    const world = new PluginWorld(version);
    const { initFailure } = world.fake.generation;
    world.fake.calls.answerNext('init', () => world.fake.calls.fail(initFailure, 'init', errcode));
    await expect(world.init()).rejects.toMatchObject({ errcode, reason: 'nat-probe-failed' });
    await expect(world.init()).resolves.toBe(0);
  });
});

describe('time', () => {
  it.each(FAKE_VERSIONS)(
    'runs out for init of %s after 10 s, which may be called again',
    async (version) => {
      const world = new PluginWorld(version);
      world.fake.probeMs = Infinity;
      await expect(world.init()).rejects.toMatchObject({
        errcode: -2202,
        reason: 'nat-probe-failed',
        retryable: true,
      });
      expect(world.clock.nowMs()).toBe(10_000);
      world.fake.probeMs = 300;
      await expect(world.init()).resolves.toBe(0);
    },
  );

  it('that init took too long makes no module of its late answer', async () => {
    const world = new PluginWorld('3.1.10');
    let answer: (module: unknown) => void = ignore;
    world.fake.calls.answerNext('init', () => new Promise((resolve) => (answer = resolve)));
    await expect(world.init()).rejects.toMatchObject({ errcode: -2202 });
    answer({ localXp2pInfo: 'XP2Plate' });
    await world.pass(100);
    await expect(world.start()).rejects.toMatchObject({ errcode: -2002 });
  });

  it('runs out for a service, whose id is then free', async () => {
    const world = new PluginWorld('4.6.9');
    await world.init();
    world.fake.calls.answerNext('startP2PService', () => new Promise(ignore));
    await expect(world.settle(world.start())).rejects.toMatchObject({
      reason: 'connect-timeout',
      retryable: true,
    });
    await expect(world.settle(world.start())).resolves.toBe(0);
  });

  it('runs out for a stream', async () => {
    const world = await PluginWorld.running('4.6.9');
    world.fake.calls.answerNext('startStream', () => new Promise(ignore));
    await expect(world.settle(world.stream())).rejects.toMatchObject({ reason: 'connect-timeout' });
    expect(world.calls.at(-1)).toBe('stopStream cam live');
  });

  it('runs out for a reset, and the next service initialises anew', async () => {
    const world = await PluginWorld.running('2.0.4');
    world.module.stopP2PService('cam');
    world.fake.probeMs = Infinity;
    await expect(world.settle(world.module.resetP2P())).rejects.toMatchObject({ errcode: -2202 });
    world.fake.probeMs = 300;
    await expect(world.settle(world.start())).resolves.toBe(0);
    expect(world.calls.filter((name) => name === 'init')).toHaveLength(2);
  });
});

describe('a service', () => {
  it('that is stopped while it starts rejects at once, and leaves nothing behind', async () => {
    const world = new PluginWorld('3.1.10');
    await world.init();
    const started = world.start();
    await world.pass(20);
    world.module.stopP2PService('cam');
    await expect(started).rejects.toMatchObject({ errcode: -2403 });
    await world.pass(500);
    expect(world.fake.services.size).toBe(0);
    expect(world.log).toEqual([]);
  });

  it('may take an id right after another one gave it back', async () => {
    const world = new PluginWorld('3.1.10');
    await world.init();
    const first = world.start();
    first.catch(ignore);
    await world.pass(20);
    world.module.stopP2PService('cam');
    await expect(world.settle(world.start())).resolves.toBe(0);
    await world.pass(500);
    await expect(world.settle(world.stream())).resolves.toBe(0);
  });

  it('that babbles while it starts does not end a stream that was not asked for', async () => {
    const world = new PluginWorld(
      '3.0.0',
      {},
      {
        startP2PService: (...args: unknown[]) => {
          const { msgCallback } = args[2] as Pick<PluginWorld, 'msgCallback'>;
          msgCallback('notify', 'eof');
          return Promise.resolve(0);
        },
        startStream: () => Promise.resolve(0),
      },
    );
    await world.init();
    const started = world.start();
    await world.stream();
    await world.settle(started);
    await world.pass(10);
    expect(world.log).toEqual(['notify connected', 'notify request']);
  });

  it('that cannot start tells its waiting stream so', async () => {
    const world = new PluginWorld('4.6.9');
    await world.init();
    world.fake.calls.answerNext('startP2PService', () => Promise.resolve(-2402));
    const started = world.start();
    await world.stream();
    await expect(world.settle(started)).rejects.toMatchObject({ errcode: -2402 });
    expect(world.log).toEqual(['notify fail 0']);
    await expect(world.stream()).rejects.toMatchObject({ errcode: -2403 });
  });

  it('of a plugin that the app initialised itself is taken', async () => {
    const world = new PluginWorld('3.1.10');
    const p2p = world.fake.plugin.p2p as Record<string, (params: unknown) => Promise<unknown>>;
    const initParams = { deviceP2PVersion: 'device-2.4' };
    await world.settle(p2p['init']!({ appParams: APP_PARAMS, initParams }));
    await expect(world.init()).rejects.toMatchObject({ errcode: -2003 });
    await expect(world.settle(world.start())).resolves.toBe(0);
  });

  it('of 1vN needs no xp2pInfo, and its statistics pass', async () => {
    let tell: (...message: unknown[]) => void = ignore;
    const startP2PService = (...args: unknown[]) => {
      tell = (args[2] as { readonly msgCallback: typeof tell }).msgCallback;
      return Promise.resolve(0);
    };
    const world = new PluginWorld('4.6.9', {}, { startP2PService });
    await world.init();
    const { module, msgCallback } = world;
    const url = 'https://origin.example/live/door.flv';
    await world.settle(module.startP2PService('room', { url }, { msgCallback }));
    tell('devNotify', 'peers', { childrenSize: 2 });
    tell('log', 'warn', 'slow');
    expect(world.log).toEqual(['notify connected', 'devNotify peers', 'log warn']);
  });
});
