import { IotError, XP2PErrorCode } from '../errors';
import type { NetworkMonitor } from '../host';
import type { Log } from '../log';
import type { XP2PAppParams } from '../p2p/module';
import { DeviceConnection } from './device-connection';
import { DeviceLease } from './device-lease';
import { isVendorDevice } from './is-vendor-device';
import { ModuleSlot } from './module-slot';
import type { ModuleSource } from './module-slot';
import type { DeviceLeaseEvents, IotDevice } from './types';

export interface DeviceSessionsOptions {
  readonly module: ModuleSource;
  /**
   * For cameras of the vendor's: its plugin, `createPluginModule` of services/plugin. Without it they
   * are refused with -2404, `vendor-device`.
   */
  readonly vendorModule?: ModuleSource | undefined;
  readonly appParams: XP2PAppParams;
  /** Tells of another network, which connections of the vendor's plugin do not survive. */
  readonly network?: NetworkMonitor | undefined;
  readonly log?: Log | undefined;
}

/** What a camera's module tells of itself, for diagnosis. */
export interface DeviceModuleInfo {
  /** `taro-iot-video`, or `xp2p` for the vendor's plugin. */
  readonly name: string;
  readonly version: string;
  /** This app's name to the module; `''` where it has none. */
  readonly uuid: string;
  /** The events of the camera's connection as qlog; null where the module keeps none. */
  readonly eventLog: string | null;
}

/**
 * The cameras that an app is connected to: one connection per camera, shared by whoever holds a
 * lease on it, closed when the last lease is released.
 */
export class DeviceSessions {
  private readonly connections = new Map<string, DeviceConnection>();
  private readonly engine: ModuleSlot;
  private readonly vendor: ModuleSlot | null;
  /** The host's, for those who wait for it to change. */
  readonly network: NetworkMonitor | undefined;
  private unwatch: (() => void) | null = null;

  constructor(private readonly options: DeviceSessionsOptions) {
    this.network = options.network;
    const { module, vendorModule, appParams } = options;
    this.engine = new ModuleSlot(module, appParams);
    this.vendor =
      vendorModule === undefined
        ? null
        : new ModuleSlot(vendorModule, appParams, () => this.onVendorNetworkChanged());
  }

  /**
   * Initialises the module: once, however often it is called; again after a failure.
   * @param device the camera that it is wanted for, where there is a module of the vendor's, too
   */
  init(device?: IotDevice): Promise<void> {
    const slot = this.slotFor(device);
    if (slot === this.vendor) {
      this.unwatch ??=
        this.options.network?.subscribe((event) => {
          if (event.kind === 'changed' && event.type !== 'none') this.onVendorNetworkChanged();
        }) ?? null;
    }
    return slot.init();
  }

  /** What the module of a camera tells of itself; null before `init` has made it. */
  moduleInfo(device: IotDevice): DeviceModuleInfo | null {
    const { made } = this.slotFor(device);
    if (made === null) return null;
    const { name, version } = made.getPluginInfo();
    const eventLog = made.getEventLog(device.id) ?? null;
    return { name, version, uuid: made.getUUID(), eventLog };
  }

  /**
   * Takes a lease on a camera's connection without connecting yet.
   * @throws IotError `service-exists` while the same id is connected with another xp2pInfo,
   *   `not-initialised` before `init` has made the module.
   */
  acquire(device: IotDevice, events: DeviceLeaseEvents): DeviceLease {
    const existing = this.connections.get(device.id);
    if (existing !== undefined && existing.device.xp2pInfo !== device.xp2pInfo) {
      throw new IotError({
        code: XP2PErrorCode.ServiceExists,
        phase: 'connect',
        reason: 'service-exists',
        message: `device "${device.id}" is connected with another xp2pInfo`,
        retryable: true,
      });
    }
    const connection = existing ?? this.connectionTo(device);
    this.connections.set(device.id, connection);
    return new DeviceLease(connection, events);
  }

  /** Closes every connection and the modules. `init` may be called again afterwards. */
  dispose(): void {
    for (const connection of [...this.connections.values()]) connection.close();
    this.connections.clear();
    this.unwatch?.();
    this.unwatch = null;
    this.engine.destroy();
    this.vendor?.destroy();
  }

  private connectionTo(device: IotDevice): DeviceConnection {
    const { module } = this.slotFor(device);
    return new DeviceConnection(module, device, this.options.log, () => {
      this.connections.delete(device.id);
    });
  }

  /** Later, so that the module has heard of it, too, and resets before the next connection. */
  private onVendorNetworkChanged(): void {
    void Promise.resolve().then(() => {
      for (const connection of [...this.connections.values()]) {
        if (this.slotFor(connection.device) === this.vendor) connection.onNetworkChanged();
      }
    });
  }

  private slotFor(device: IotDevice | undefined): ModuleSlot {
    if (device === undefined || this.vendor === null) return this.engine;
    return isVendorDevice(device.xp2pInfo) ? this.vendor : this.engine;
  }
}
