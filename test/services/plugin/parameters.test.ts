import type { P2PModule } from '../../../services/p2p/module';
import { createPluginModule } from '../../../services/plugin';
import { answers } from '../../conformance/guide-context';
import { APP_PARAMS, PluginWorld, STREAM_URL, XP2P_2_3, XP2P_2_4 } from './plugin-world';

const ignore = () => undefined;

describe('a function that the plugin lacks', () => {
  it.each([
    ['1.0.2', 'startLocalDownload', '1.2.0'],
    ['1.2.0', 'startVoiceData', '1.3.0'],
  ] as const)('in %s: %s is -2004 and names %s', async (version, name, needed) => {
    const world = await PluginWorld.running(version);
    const { module } = world;
    const call =
      name === 'startVoiceData'
        ? module.startVoiceData('cam', {}, {})
        : module.startLocalDownload('cam', { urlParams: 'file_name=a' }, {});
    await expect(world.settle<unknown>(call)).rejects.toMatchObject({
      errcode: -2004,
      reason: 'unsupported-operation',
      message: `${name} needs the xp2p plugin ${needed} or later, not ${version}`,
    });
  });

  it('as binary answers before 3.0 is -2004', async () => {
    const world = await PluginWorld.running('2.0.4');
    await expect(
      world.module.sendCommand('cam', 'a=b', { responseType: 'arraybuffer' }),
    ).rejects.toMatchObject({
      errcode: -2004,
      message: expect.stringContaining('3.0.0') as string,
    });
  });

  it('as binary answers from 3.0 on is there', async () => {
    const world = await PluginWorld.running('3.0.0');
    world.device.script(() => answers(200, 'end', Uint8Array.of(1, 0)));
    const options = { responseType: 'arraybuffer' } as const;
    const { data } = await world.settle(world.module.sendCommand('cam', 'a=b', options));
    expect([...new Uint8Array(data as ArrayBuffer)]).toEqual([1, 0]);
  });
});

describe('a bad parameter', () => {
  type Args = readonly unknown[];
  const info = { url: STREAM_URL, xp2pInfo: XP2P_2_4 };
  const callbacks = { msgCallback: ignore };
  const file = { urlParams: 'file_name=a' };
  it.each<readonly [keyof P2PModule, Args, string]>([
    ['init', [null], 'params'],
    ['init', [{ appParams: { ...APP_PARAMS, appKey: '' } }], 'appParams.appKey'],
    ['init', [{ appParams: APP_PARAMS, eventHandler: 1 }], 'eventHandler'],
    ['init', [{ appParams: APP_PARAMS, initParams: {} }], 'initParams.deviceP2PVersion'],
    ['startP2PService', ['', info, callbacks], 'id'],
    ['startP2PService', ['x', null, callbacks], 'streamInfo'],
    ['startP2PService', ['x', { xp2pInfo: 'a' }, callbacks], 'streamInfo.url'],
    ['startP2PService', ['x', { url: STREAM_URL }, callbacks], 'streamInfo.xp2pInfo'],
    ['startP2PService', ['x', { ...info, deviceName: 1 }, callbacks], 'streamInfo.deviceName'],
    ['startP2PService', ['x', info, {}], 'callbacks.msgCallback'],
    ['startP2PService', ['x', info, { ...callbacks, dataCallback: 1 }], 'callbacks.dataCallback'],
    ['startStream', ['cam', null], 'params'],
    ['startStream', ['cam', {}], 'dataCallback'],
    ['startStream', ['cam', { dataCallback: ignore, flv: {} }], 'flv.filename'],
    ['startStream', ['cam', { dataCallback: ignore, flv: { filename: 'a' } }], 'flv.params'],
    ['sendCommand', ['cam', ''], 'command'],
    ['sendCommand', ['cam', 'a', { responseType: 'blob' }], 'options.responseType'],
    ['sendCommand', ['cam', 'a', { timeoutMs: 0 }], 'options.timeoutMs'],
    ['startVoice', ['cam', {}, {}, {}], 'recorderManager.start'],
    ['startVoiceData', ['cam', {}, { onStop: 1 }], 'callbacks.onStop'],
    ['startLocalDownload', ['cam', {}, {}], 'options.urlParams'],
    ['startLocalDownload', ['cam', { urlParams: 'channel=0' }, {}], 'options.urlParams'],
    ['startLocalDownload', ['cam', file, { onComplete: 1 }], 'callbacks.onComplete'],
  ])('of %s is -2000 with its name: %j', async (name, args, field) => {
    const world = await PluginWorld.running('4.6.9');
    const call = world.module[name] as (...all: unknown[]) => Promise<unknown>;
    await expect(call.apply(world.module, [...args])).rejects.toMatchObject({
      errcode: -2000,
      field,
    });
  });

  it('of setEventLog throws', () => {
    const { module } = new PluginWorld('4.6.9');
    expect(() => module.setEventLog(-1)).toThrow(
      expect.objectContaining({ errcode: -2000 }) as Error,
    );
  });

  it.each([
    ['startStream', [{ dataCallback: ignore }]],
    ['sendCommand', ['a']],
    ['startVoiceData', [{}, {}]],
    ['startLocalDownload', [file, {}]],
  ] as const)(
    'is no matter where %s has no service: -2403, and -2002 before init',
    async (name, args) => {
      const world = await PluginWorld.running('4.6.9');
      const call = (module: P2PModule) =>
        (module[name] as (...all: Args) => Promise<unknown>).apply(module, ['other', ...args]);
      await expect(call(world.module)).rejects.toMatchObject({ errcode: -2403 });
      await expect(call(new PluginWorld('4.6.9').module)).rejects.toMatchObject({ errcode: -2002 });
    },
  );
});

describe('what the plugin is given', () => {
  const seen = async (version: '1.3.0' | '3.1.10', xp2pInfo: string) => {
    const world = new PluginWorld(version);
    const infos: { readonly xp2pInfo?: string }[] = [];
    const plugin = {
      ...world.fake.plugin.p2p,
      startP2PService: (_: string, info: { readonly xp2pInfo?: string }) => {
        infos.push(info);
        return Promise.resolve(0);
      },
    };
    const module = createPluginModule({ plugin, clock: world.clock });
    await world.settle(module.init({ appParams: APP_PARAMS }));
    const info = { url: STREAM_URL, productId: 'P', deviceName: 'D', xp2pInfo };
    await world.settle(module.startP2PService('cam', info, { msgCallback: ignore }));
    return infos[0];
  };

  it('is the triple, as the app has it', async () => {
    const expected = { url: STREAM_URL, productId: 'P', deviceName: 'D', xp2pInfo: XP2P_2_3 };
    expect(await seen('3.1.10', XP2P_2_3)).toEqual(expected);
  });

  it('is a bare peer name with its prefix', async () => {
    expect(await seen('1.3.0', 'abc123')).toMatchObject({ xp2pInfo: 'XP2Pabc123' });
    expect(await seen('1.3.0', ' XP2Pabc123 ')).toMatchObject({ xp2pInfo: 'XP2Pabc123' });
  });
});
