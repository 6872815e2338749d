import { IotError, XP2PErrorCode } from '../errors';
import type { IotErrorInit } from '../errors';
import type { Log } from '../log';
import type { P2PModule, XP2PAppParams } from '../p2p/module';
import { DeviceConnection } from './device-connection';
import { DeviceLease } from './device-lease';
import { toIotError } from './to-iot-error';
import type { DeviceLeaseEvents, IotDevice } from './types';

export interface DeviceSessionsOptions {
  /** The module, or what makes it: a host may have to fetch its random numbers first. */
  readonly module: P2PModule | (() => Promise<P2PModule>);
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
  private module: P2PModule | null;

  constructor(private readonly options: DeviceSessionsOptions) {
    this.module = typeof options.module === 'function' ? null : options.module;
  }

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
    if (this.module === null) throw new IotError(notInitialised('call init first'));
    const connection =
      existing ??
      new DeviceConnection(this.module, device, this.options.log, () => {
        this.connections.delete(device.id);
      });
    this.connections.set(device.id, connection);
    return new DeviceLease(connection, events);
  }

  /** Closes every connection and the module. `init` may be called again afterwards. */
  dispose(): void {
    for (const connection of [...this.connections.values()]) connection.close();
    this.connections.clear();
    if (this.initialising !== null) this.module?.destroy();
    this.initialising = null;
  }

  private async initModule(): Promise<void> {
    try {
      const { module, appParams } = this.options;
      this.module ??= typeof module === 'function' ? await module() : module;
      await this.module.init({ appParams });
    } catch (cause) {
      const error = toIotError(cause, notInitialised('the p2p module could not be initialised'));
      // The app has initialised the module itself: that is as good.
      if (error.code !== XP2PErrorCode.AlreadyInitialised) throw error;
    }
  }
}

function notInitialised(message: string): IotErrorInit {
  return {
    code: XP2PErrorCode.NotInitialised,
    phase: 'init',
    reason: 'not-initialised',
    message,
    retryable: true,
  };
}
