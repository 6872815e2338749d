import { createPluginModule } from '../../../services/plugin';
import type { PluginModuleOptions } from '../../../services/plugin';
import type { P2PModule } from '../../../services/p2p/module';
import { VirtualClock } from '../../net/virtual-clock';
import { FakeXp2p, ScriptedDevice } from '../../standins/fake-xp2p';
import type { FakeVersion } from '../../standins/fake-xp2p';

export const APP_PARAMS = {
  appid: 1,
  appOauthId: 'a',
  appKey: 'b',
  appSecretKey: 'c',
  appPackage: 'd',
};
export const STREAM_URL =
  'http://XP2P_INFO.xnet/ipc.p2p.com/ipc.flv?action=live&channel=0&quality=high';
export const XP2P_2_3 = 'XP2PQ+a/9x==%2.3.7';
export const XP2P_2_4 = 'XP2PQ+a/9x==%2.4.20';

/** One version of the plugin with one camera that it can talk to, behind our interface. */
export class PluginWorld {
  readonly clock = new VirtualClock();
  readonly device: ScriptedDevice;
  readonly fake: FakeXp2p;
  readonly module: P2PModule;
  readonly log: string[] = [];

  constructor(
    readonly version: FakeVersion,
    options: Partial<PluginModuleOptions> = {},
    /** Functions of the plugin that the test plays itself. */
    overrides: Readonly<Record<string, unknown>> = {},
  ) {
    this.device = new ScriptedDevice(version.startsWith('1.') ? XP2P_2_3 : XP2P_2_4);
    this.fake = new FakeXp2p(version, this.clock, [this.device]);
    const plugin = { p2p: { ...this.fake.plugin.p2p, ...overrides } };
    this.module = createPluginModule({ plugin, clock: this.clock, ...options });
  }

  /** A world whose module is initialised and whose camera is connected. */
  static async running(
    version: FakeVersion,
    overrides: Readonly<Record<string, unknown>> = {},
  ): Promise<PluginWorld> {
    const world = new PluginWorld(version, {}, overrides);
    await world.init();
    await world.settle(world.start());
    world.log.length = 0;
    return world;
  }

  init(): Promise<number> {
    return this.settle(this.module.init({ appParams: APP_PARAMS }));
  }

  start(id = 'cam', xp2pInfo = this.device.xp2pInfo): Promise<number> {
    const { msgCallback } = this;
    return this.module.startP2PService(id, { url: STREAM_URL, xp2pInfo }, { msgCallback });
  }

  stream(params = 'action=live&channel=0&quality=high', offCrypto = false): Promise<number> {
    return this.module.startStream('cam', {
      flv: { filename: 'ipc.flv', params },
      dataCallback: this.dataCallback,
      offCrypto,
    });
  }

  readonly msgCallback = (event: string, subtype: string, detail?: unknown) => {
    const status = (detail as { status?: number } | undefined)?.status;
    this.log.push(`${event} ${subtype}${status === undefined ? '' : ` ${status}`}`);
  };

  readonly dataCallback = (data: ArrayBuffer) => {
    this.log.push(`data ${new Uint8Array(data).join(',')}`);
  };

  /** The plugin's functions that were called. */
  get calls(): readonly string[] {
    return this.fake.calls.log;
  }

  /** Lets virtual time pass until `promise` settles. */
  async settle<T>(promise: Promise<T>, limitMs = 120_000): Promise<T> {
    let settled = false;
    const mark = () => {
      settled = true;
    };
    promise.then(mark, mark);
    for (let ms = 0; ms < limitMs && !settled; ms += 10) await this.pass(10);
    if (!settled) throw new Error(`not settled within ${limitMs} ms`);
    return promise;
  }

  /** Lets virtual time pass, with what promises do meanwhile. */
  async pass(durationMs: number): Promise<void> {
    for (let ms = 0; ms < durationMs; ms += 10) {
      this.clock.advance(10);
      for (let i = 0; i < 12; i++) await Promise.resolve();
    }
  }
}
