import { IotError, XP2PErrorCode } from '../errors';
import type { Log } from '../log';
import type { P2PModule, XP2PAppParams } from '../p2p/module';
import { DeviceConnection } from './device-connection';
import { DeviceLease } from './device-lease';
import { toIotError } from './to-iot-error';
import type { DeviceLeaseEvents, IotDevice } from './types';

export interface DeviceSessionsOptions {
  readonly module: P2PModule;
  readonly appParams: XP2PAppParams;
  readonly log?: Log | undefined;
}

/**
 * The cameras that an app is connected to: one connection per camera, shared by whoever holds a
 * lease on it, closed when the last lease is released.
 */
export class DeviceSessions {
  private readonly connections = new Map<string, DeviceConnection>();
  private initialising: Promise<void> | null = null;

  constructor(private readonly options: DeviceSessionsOptions) {}

  /** Initialises the module: once, however often it is called; again after a failure. */
  init(): Promise<void> {
    this.initialising ??= this.initModule().catch((error: unknown) => {
      this.initialising = null;
      throw error;
    });
    return this.initialising;
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
      new DeviceConnection(this.options.module, device, this.options.log, () => {
        this.connections.delete(device.id);
      });
    this.connections.set(device.id, connection);
    return new DeviceLease(connection, events);
  }

  /** Closes every connection and the module. `init` may be called again afterwards. */
  dispose(): void {
    for (const connection of [...this.connections.values()]) connection.close();
    this.connections.clear();
    if (this.initialising !== null) this.options.module.destroy();
    this.initialising = null;
  }

  private async initModule(): Promise<void> {
    try {
      await this.options.module.init({ appParams: this.options.appParams });
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
