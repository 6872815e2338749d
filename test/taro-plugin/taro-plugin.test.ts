import path from 'node:path';
import { runInNewContext } from 'node:vm';
import type {
  BabelOptions,
  KitPluginOptions,
  TaroPlatform,
  TaroPluginContext,
  WeappAppConfig,
  WebpackRule,
  WebpackUse,
} from '../../taro-plugin/types';

type KitPlugin = (ctx: TaroPluginContext, options?: KitPluginOptions) => void;
const ROOT = path.resolve(__dirname, '../..');
const kitPlugin = jest.requireActual<KitPlugin>('../../taro-plugin');

/** The rule for the kit's sources, and what was asked of it. */
function kitRule() {
  const kit = {
    folders: [] as string[],
    sideEffects: true,
    loader: '',
    options: {},
    babel: {} as BabelOptions,
  };
  const include: WebpackRule['include'] = {
    add(folder) {
      kit.folders.push(folder);
      return include;
    },
  };
  const rule: WebpackRule = {
    include,
    test: () => rule,
    sideEffects(has) {
      kit.sideEffects = has;
      return rule;
    },
    enforce: () => rule,
    uses: { has: (name) => name === 'babelLoader' },
    use: () => use,
  };
  const use: WebpackUse = {
    loader(file) {
      kit.loader = file;
      return use;
    },
    options: (options) => void (kit.options = options),
    tap: (change) => void (kit.babel = change(kit.babel)),
  };
  return { rule, kit };
}

/** Taro's plugin context, as far as it collects what the plugin asks for. */
function build(
  host: string,
  options?: KitPluginOptions,
  app: WeappAppConfig = {},
  terser?: unknown,
) {
  const appConfig = structuredClone(app);
  const configMap: Parameters<
    Parameters<TaroPluginContext['modifyMiniConfigs']>[0]
  >[0]['configMap'] = {
    'pages/index/index.config': { content: {} },
    'pages/video/live.config': { content: {} },
    'app.config': { content: {} },
  };
  const files = new Map<string, string>();
  const thirdPartyComponents = new Map<string, Set<string>>();
  const aliases = new Map<string, string>();
  const attributes: Record<string, Readonly<Record<string, string>>> = {};
  const platform: TaroPlatform = {
    runtimePath: 'the platform',
    template: { mergeComponents: (_ctx, added) => Object.assign(attributes, added) },
  };
  const { rule, kit } = kitRule();
  const runner: Parameters<Parameters<TaroPluginContext['modifyRunnerOpts']>[0]>[0]['opts'] = {
    esnextModules: ['other'],
    ...(terser !== undefined && { terser }),
  };
  let resolver: unknown[] = ['described-resolve', 'resolve', { chain: 'chain', include: ['x'] }];
  kitPlugin(
    {
      runOpts: { options: { platform: host } },
      modifyAppConfig: (call) => call({ appConfig }),
      modifyMiniConfigs: (call) => call({ configMap }),
      onParseCreateElement: (call) => {
        for (const nodeName of ['p2p-player', 'p2p-pusher', 'p2p-mjpg-player', 'view'])
          call({ nodeName, componentConfig: { thirdPartyComponents } });
      },
      onBuildFinish: (call) => call(),
      registerMethod: ({ fn }) => fn(platform),
      writeFileToDist: ({ filePath, content }) => files.set(filePath, content),
      modifyRunnerOpts: (call) => call({ opts: runner }),
      modifyWebpackChain: (call) =>
        call({
          chain: {
            module: { rule: () => rule },
            resolve: {
              alias: { set: (name, target) => void aliases.set(name, target) },
              plugins: { has: (name) => name === 'MultiPlatformPlugin' },
              plugin: () => ({ tap: (change) => void (resolver = change(resolver)) }),
            },
          },
        }),
    },
    options,
  );
  return {
    ...{ appConfig, configMap, files, thirdPartyComponents, attributes, platform },
    ...{ runner, resolver, aliases, kit },
  };
}

describe('taro-plugin', () => {
  it('has roles and labels of views reach WeChat, and leaves other hosts as they are', () => {
    const { attributes, platform } = build('weapp');
    expect(attributes).toEqual({
      View: { 'aria-checked': '', 'aria-hidden': '', 'aria-label': '', 'aria-role': 'i.role' },
    });
    expect(platform.runtimePath).toEqual([
      'the platform',
      path.join(ROOT, 'taro-plugin/accessibility-runtime.mjs'),
    ]);
    expect(build('h5').attributes).toEqual({});
    expect(build('alipay').attributes).toEqual({});
  });

  it('declares both plugins of the vendor and their tags for the whole app', () => {
    const { appConfig, files } = build('weapp');
    expect(appConfig.plugins).toEqual({
      'wechat-p2p-player': {
        version: '1.3.8',
        provider: 'wx9e8fbc98ceac2628',
        export: 'exportForPlayerPlugin.js',
      },
      xp2p: { version: '4.6.9', provider: 'wx1319af22356934bf', export: 'exportForXp2pPlugin.js' },
    });
    expect(appConfig.usingComponents).toEqual({
      'p2p-player': 'plugin://wechat-p2p-player/p2p-player',
      'p2p-pusher': 'plugin://wechat-p2p-player/p2p-pusher',
      'p2p-mjpg-player': 'plugin://wechat-p2p-player/p2p-mjpg-player',
    });
    expect([...files.keys()]).toEqual(['exportForPlayerPlugin.js', 'exportForXp2pPlugin.js']);
  });

  it('leaves what the app says itself as it is', () => {
    const own = { version: '1.0.0', provider: 'wx0', export: 'own.js' };
    const { appConfig } = build('weapp', undefined, {
      plugins: { xp2p: own },
      usingComponents: { 'p2p-player': './own' },
    });
    expect(appConfig.plugins?.['xp2p']).toEqual(own);
    expect(appConfig.usingComponents?.['p2p-player']).toBe('./own');
  });

  it('declares only what is used', () => {
    const { appConfig, files, thirdPartyComponents } = build('weapp', {
      features: ['player'],
      vendorCameras: false,
      versions: { player: '1.3.3' },
    });
    expect(Object.keys(appConfig.plugins ?? {})).toEqual(['wechat-p2p-player']);
    expect(appConfig.plugins?.['wechat-p2p-player']?.version).toBe('1.3.3');
    expect(Object.keys(appConfig.usingComponents ?? {})).toEqual(['p2p-player']);
    expect([...thirdPartyComponents.keys()]).toEqual(['p2p-player']);
    expect([...files.keys()]).toEqual(['exportForPlayerPlugin.js']);
  });

  it('puts the player’s plugin, tags and module into the subpackage that is named', () => {
    const { appConfig, configMap, files } = build(
      'weapp',
      { subpackage: 'pages/video', features: ['player'] },
      { pages: ['pages/index/index'], subPackages: [{ root: 'pages/video/', pages: ['live'] }] },
    );
    expect(Object.keys(appConfig.plugins ?? {})).toEqual(['xp2p']);
    expect(appConfig.usingComponents).toBeUndefined();
    expect(Object.keys(appConfig.subPackages?.[0]?.plugins ?? {})).toEqual(['wechat-p2p-player']);
    expect(appConfig.preloadRule).toEqual({
      'pages/index/index': { network: 'all', packages: ['pages/video/'] },
    });
    expect(configMap['pages/video/live.config']?.content.usingComponents).toEqual({
      'p2p-player': 'plugin://wechat-p2p-player/p2p-player',
    });
    expect(configMap['pages/index/index.config']?.content.usingComponents).toBeUndefined();
    expect([...files.keys()]).toEqual([
      'pages/video/exportForPlayerPlugin.js',
      'exportForXp2pPlugin.js',
    ]);
  });

  it('binds each event by the exact name that the plugin fires', () => {
    const { thirdPartyComponents } = build('weapp');
    const bound = (tag: string) =>
      [...(thirdPartyComponents.get(tag) ?? [])].filter((name) => /^(bind|on)/.test(name));
    expect(bound('p2p-player')).toEqual([
      'bindplayerReady',
      'bindplayerStartPull',
      'bindplayerClose',
      'bindplayerError',
      'onError',
      'onStatechange',
      'onNetstatus',
      'onFullscreenchange',
      'onEnterpictureinpicture',
      'onLeavepictureinpicture',
    ]);
    expect(bound('p2p-pusher')).toContain('bindpusherFlvAudioTag');
    expect(bound('p2p-mjpg-player')).toContain('onLoad');
    expect(thirdPartyComponents.has('view')).toBe(false);
  });

  it('gives the vendor’s engine what the app decides at run time, and encryption by default', () => {
    const { files } = build('weapp');
    const load = (wx: object, file = 'exportForXp2pPlugin.js') => {
      const module = { exports: {} as Record<string, () => unknown> };
      runInNewContext(files.get(file)!, { module, wx, requirePlugin: (name: string) => name });
      return module.exports;
    };
    const wx = {};
    expect(load(wx)['getXp2pConfig']?.()).toEqual({ enableCrypto: true });
    expect(load(wx)['getXp2pAppParams']?.()).toBeUndefined();
    expect(load(wx)['getPlayerPlugin']?.()).toBeUndefined();
    load(wx, 'exportForPlayerPlugin.js');
    expect(load(wx)['getPlayerPlugin']?.()).toBe('wechat-p2p-player');
    expect(load(wx)['wx']).toBe(wx);
    const hooked = { __iotVideoXp2pHooks: { appParams: () => 'ours' } };
    expect(load(hooked)['getXp2pAppParams']?.()).toBe('ours');
  });

  it('finds and compiles the kit’s sources, and leaves out what nobody uses', () => {
    for (const host of ['weapp', 'h5', 'alipay']) {
      const { runner, aliases, kit } = build(host, { languages: ['zh-CN'] });
      const folders = [path.join(ROOT, 'components'), path.join(ROOT, 'services')];
      expect(runner.compile?.include).toEqual(folders);
      expect(kit.folders).toEqual(folders);
      expect(kit.sideEffects).toBe(false);
      expect(kit.options).toMatchObject({ languages: ['zh-CN'] });
      expect(aliases.get('@services')).toBe(folders[1]);
      expect(kit.babel.overrides).toEqual([expect.objectContaining({ include: folders })]);
    }
  });

  it('sets no minifier where the app has one', () => {
    expect(build('weapp').runner.terser).toBeDefined();
    const own = { enable: false };
    expect(build('weapp', {}, {}, own).runner.terser).toBe(own);
  });

  it('has the package’s styles and platform files built on every host', () => {
    const h5 = build('h5');
    expect(h5.runner.esnextModules).toEqual(['other', 'taro-iot-video']);
    expect(h5.appConfig.plugins).toBeUndefined();
    for (const { resolver } of [h5, build('weapp'), build('alipay')]) {
      expect(resolver).toEqual([
        'described-resolve',
        'resolve',
        { chain: 'chain', include: ['x', 'taro-iot-video'] },
      ]);
    }
  });

  it.each([
    [{ feature: ['player'] }, /unknown option "feature"/],
    [{ features: 'player' }, /"features" must be a list/],
    [{ features: [] }, /"features" must be a list/],
    [{ features: ['camera'] }, /"features" must be player, pusher, mjpg, not "camera"/],
    [{ vendorCameras: 'no' }, /"vendorCameras" must be true or false/],
    [{ subpackage: '/pages/video' }, /"subpackage" must be the root/],
    [{ subpackage: 1 }, /"subpackage" must be the root/],
    [{ versions: { xp2p: '4' } }, /"versions.xp2p" must be as "1.3.8"/],
    [{ versions: { plugin: '1.0.0' } }, /"versions" must be player, xp2p, not "plugin"/],
    [{ languages: [] }, /"languages" must be a list of zh-CN, zh-TW, en/],
    [{ languages: ['de'] }, /"languages" must be zh-CN, zh-TW, en, not "de"/],
    [[], /"options" must be an object/],
  ])('refuses %j and names the option', (options, message) => {
    expect(() => build('weapp', options as KitPluginOptions)).toThrow(message);
  });

  it('says which subpackages there are when the named one is missing', () => {
    const app = { subPackages: [{ root: 'pages/other', pages: [] }] };
    expect(() => build('weapp', { subpackage: 'pages/video' }, app)).toThrow(
      /"pages\/video", but the app's subPackages are: "pages\/other"/,
    );
  });
});
