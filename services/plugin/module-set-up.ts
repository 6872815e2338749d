import { IotError, XP2PErrorCode } from '../errors';
import type { NetworkMonitor } from '../host';
import type {
  XP2PDeviceVersion,
  XP2PInitParams,
  XP2PVersionedInitParams,
  XP2PVersionModule,
} from '../p2p/module';
import { P2P_NAMES } from '../p2p-names';
import { notInitialised } from './local-modules';
import type { LocalModules, LocalParams } from './local-modules';
import { failure } from './plugin-errors';

export interface ModuleSetUpOptions {
  /** Tells of changes of the network, which the plugin notices late or not at all. */
  readonly network?: NetworkMonitor | undefined;
  /**
   * For which devices `init({ appParams })` makes a plugin from 3.0 on ready at once (default 2.4); for
   * others it does so when the first of them is connected to.
   */
  readonly deviceVersions?: readonly XP2PDeviceVersion[] | undefined;
}

/** Both forms of `init`, whichever the plugin has, and what they gave the app. */
export class ModuleSetUp {
  /** `all`: by the form of 1.x. */
  private readonly initialised = new Set<XP2PDeviceVersion | 'all'>();
  private readonly versionModules = new Map<XP2PDeviceVersion, XP2PVersionModule>();
  private unwatch: (() => void) | null = null;

  constructor(
    private readonly modules: LocalModules,
    private readonly options: ModuleSetUpOptions,
  ) {}

  async init(
    params: XP2PInitParams | XP2PVersionedInitParams,
  ): Promise<number | XP2PVersionModule> {
    const { appParams, initParams } = params;
    if (initParams === undefined) {
      const { deviceVersions = [P2P_NAMES.DeviceVersion.Device_2_4] } = this.options;
      const { eventHandler } = params;
      await this.initVersions('all', deviceVersions, { appParams, eventHandler });
      return XP2PErrorCode.Ok;
    }
    const { deviceP2PVersion, eventHandler } = initParams;
    await this.initVersions(deviceP2PVersion, [deviceP2PVersion], { appParams, eventHandler });
    return this.versionModule(deviceP2PVersion);
  }

  /** The form of 3.x is for devices of one version. */
  isFor(version: XP2PDeviceVersion): boolean {
    return this.initialised.has(version) || this.initialised.has('all');
  }

  getModule(version: XP2PDeviceVersion): XP2PVersionModule | undefined {
    return this.isFor(version) ? this.versionModule(version) : undefined;
  }

  /** @throws IotError -2002, -2202. */
  async reset(): Promise<void> {
    if (!this.modules.isInitialised) throw notInitialised();
    await this.modules.reset();
  }

  destroy(): void {
    this.unwatch?.();
    this.unwatch = null;
    this.initialised.clear();
    this.versionModules.clear();
    if (this.modules.isInitialised) this.modules.destroy();
  }

  private async initVersions(
    name: XP2PDeviceVersion | 'all',
    versions: readonly XP2PDeviceVersion[],
    params: LocalParams,
  ): Promise<void> {
    const isTaken = name === 'all' ? this.initialised.size > 0 : this.isFor(name);
    if (isTaken) {
      const message = 'the module was initialised before; it is a singleton';
      throw failure(XP2PErrorCode.AlreadyInitialised, 'init', 'already-initialised', message);
    }
    this.initialised.add(name);
    this.unwatch ??=
      this.options.network?.subscribe((event) => {
        if (event.kind === 'changed') this.modules.markStale();
      }) ?? null;
    try {
      await Promise.all(
        versions.map((version, index) =>
          // Both would tell the same of the NAT.
          this.modules.init(version, index === 0 ? params : { ...params, eventHandler: undefined }),
        ),
      );
    } catch (error) {
      const alreadyRuns = error instanceof IotError && error.reason === 'already-initialised';
      if (!this.modules.isInitialised) this.destroy();
      else if (!alreadyRuns) this.initialised.delete(name);
      throw error;
    }
  }

  private versionModule(version: XP2PDeviceVersion): XP2PVersionModule {
    const known = this.versionModules.get(version);
    if (known !== undefined) return known;
    const { modules } = this;
    const own: XP2PVersionModule = {
      deviceP2PVersion: version,
      get localXp2pInfo() {
        return modules.localName(version);
      },
      reset: async () => {
        await this.reset();
        return own;
      },
    };
    this.versionModules.set(version, own);
    return own;
  }
}
