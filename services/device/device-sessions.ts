import { IotError, XP2PErrorCode } from '../errors';
import type { Log } from '../log';
import type { P2PModule, XP2PAppParams } from '../p2p/module';
import { DeviceConnection } from './device-connection';
import { DeviceLease } from './device-lease';
import { isVendorDevice } from './is-vendor-device';
import { toIotError } from './to-iot-error';
import type { DeviceLeaseEvents, IotDevice } from './types';

export interface DeviceSessionsOptions {
  readonly module: P2PModule;
  /**
   * For cameras of the vendor's: its plugin, `createPluginModule` of services/plugin. Without it they
   * are refused with -2404, `vendor-device`.
   */
  readonly vendorModule?: P2PModule | undefined;
  readonly appParams: XP2PAppParams;
  readonly log?: Log | undefined;
}

/**
 * The cameras that an app is connected to: one connection per camera, shared by whoever holds a
 * lease on it, closed when the last lease is released.
 */
export class DeviceSessions {
  private readonly connections = new Map<string, DeviceConnection>();
  private readonly initialising = new Map<P2PModule, Promise<void>>();

  constructor(private readonly options: DeviceSessionsOptions) {}

  /**
   * Initialises the module: once, however often it is called; again after a failure.
   * @param device the camera that it is wanted for, where there is a module of the vendor's, too
   */
  init(device?: IotDevice): Promise<void> {
    const module = this.moduleFor(device);
    const running = this.initialising.get(module);
    if (running !== undefined) return running;
    const started = this.initModule(module).catch((error: unknown) => {
      if (this.initialising.get(module) === started) this.initialising.delete(module);
      throw error;
    });
    this.initialising.set(module, started);
    return started;
  }

  /**
   * Takes a lease on a camera's connection without connecting yet.
   * @throws IotError `service-exists` while the same id is connected with another xp2pInfo.
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
    const connection =
      existing ??
      new DeviceConnection(this.moduleFor(device), device, this.options.log, () => {
        this.connections.delete(device.id);
      });
    this.connections.set(device.id, connection);
    return new DeviceLease(connection, events);
  }

  /** Closes every connection and the module. `init` may be called again afterwards. */
  dispose(): void {
    for (const connection of [...this.connections.values()]) connection.close();
    this.connections.clear();
    for (const module of this.initialising.keys()) module.destroy();
    this.initialising.clear();
  }

  private moduleFor(device: IotDevice | undefined): P2PModule {
    const { module, vendorModule } = this.options;
    if (device === undefined || vendorModule === undefined) return module;
    return isVendorDevice(device.xp2pInfo) ? vendorModule : module;
  }

  private async initModule(module: P2PModule): Promise<void> {
    try {
      await module.init({ appParams: this.options.appParams });
    } catch (cause) {
      const error = toIotError(cause, {
        code: XP2PErrorCode.NotInitialised,
        phase: 'init',
        reason: 'not-initialised',
        message: 'the p2p module could not be initialised',
        retryable: true,
      });
      // The app has initialised the module itself: that is as good.
      if (error.code !== XP2PErrorCode.AlreadyInitialised) throw error;
    }
  }
}
