import { IotError, XP2PErrorCode } from '../errors';
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
  readonly log?: Log | undefined;
}

/**
 * The cameras that an app is connected to: one connection per camera, shared by whoever holds a
 * lease on it, closed when the last lease is released.
 */
export class DeviceSessions {
  private readonly connections = new Map<string, DeviceConnection>();
  private readonly engine: ModuleSlot;
  private readonly vendor: ModuleSlot | null;

  constructor(private readonly options: DeviceSessionsOptions) {
    const { module, vendorModule, appParams } = options;
    this.engine = new ModuleSlot(module, appParams);
    this.vendor = vendorModule === undefined ? null : new ModuleSlot(vendorModule, appParams);
  }

  /**
   * Initialises the module: once, however often it is called; again after a failure.
   * @param device the camera that it is wanted for, where there is a module of the vendor's, too
   */
  init(device?: IotDevice): Promise<void> {
    return this.slotFor(device).init();
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
    this.engine.destroy();
    this.vendor?.destroy();
  }

  private connectionTo(device: IotDevice): DeviceConnection {
    const { module } = this.slotFor(device);
    return new DeviceConnection(module, device, this.options.log, () => {
      this.connections.delete(device.id);
    });
  }

  private slotFor(device: IotDevice | undefined): ModuleSlot {
    if (device === undefined || this.vendor === null) return this.engine;
    return isVendorDevice(device.xp2pInfo) ? this.vendor : this.engine;
  }
}
