import { IotError, XP2PErrorCode } from '../errors';
import type { Log } from '../log';
import type { P2PModule, PathInfo, XP2PMsgCallback } from '../p2p/module';
import type { DeviceLease } from './device-lease';
import { toIotError } from './to-iot-error';
import type { DeviceStreamEvents, IotDevice } from './types';

/** The seed's placeholder host: the module replaces it by the camera's xp2pInfo. */
const URL_PREFIX = 'http://XP2P_INFO.xnet/ipc.p2p.com/';
const STREAM_FILE = 'ipc.flv';

/** The one p2p service of a camera, shared by its leases. Private to this folder. */
export class DeviceConnection {
  private readonly leases = new Set<DeviceLease>();
  private starting: Promise<void> | null = null;
  /** Grows with each start and end of the service, so that messages of an old one are told apart. */
  private generation = 0;
  private streamOwner: DeviceLease | null = null;
  private path: PathInfo | null = null;

  constructor(
    private readonly module: P2PModule,
    readonly device: IotDevice,
    private readonly log: Log | undefined,
    private readonly onUnused: () => void,
  ) {}

  add(lease: DeviceLease): void {
    this.leases.add(lease);
  }

  remove(lease: DeviceLease): void {
    if (!this.leases.delete(lease)) return;
    this.stopStream(lease);
    if (this.leases.size === 0) this.close();
  }

  /** Starts the service, or joins the start or the service that is there. */
  connect(lease: DeviceLease, streamParams: string): Promise<void> {
    if (this.starting !== null) {
      if (this.path !== null) lease.events.onPath(this.path);
      return this.starting;
    }
    const generation = ++this.generation;
    this.starting = this.startService(generation, streamParams).catch((cause: unknown) => {
      if (generation === this.generation) this.endService();
      throw toIotError(cause, {
        code: XP2PErrorCode.ServiceMissing,
        phase: 'connect',
        reason: 'internal',
        message: 'the p2p service could not be started',
        retryable: true,
      });
    });
    return this.starting;
  }

  /** Starts the one stream of the connection; it may be called as soon as `connect` was. */
  async startStream(lease: DeviceLease, params: string, events: DeviceStreamEvents): Promise<void> {
    if (this.starting === null) throw serviceMissing(this.device.id);
    if (this.streamOwner !== null && this.streamOwner !== lease) throw streamExists(this.device.id);
    this.streamOwner = lease;
    try {
      await this.module.startStream(this.device.id, {
        flv: { filename: STREAM_FILE, params },
        dataCallback: (chunk) => events.onData(chunk),
        msgCallback: (event, subtype, detail) =>
          this.onStreamMessage(event, subtype, detail, events),
      });
    } catch (cause) {
      if (this.streamOwner === lease) this.streamOwner = null;
      // The service has just ended, and its own message is on the way.
      if (cause instanceof IotError && cause.reason === 'service-missing') {
        throw serviceMissing(this.device.id);
      }
      throw toIotError(cause, {
        code: XP2PErrorCode.StreamFailed,
        phase: 'stream',
        reason: 'internal',
        message: 'the stream could not be started',
        retryable: true,
      });
    }
  }

  stopStream(lease: DeviceLease): void {
    if (this.streamOwner !== lease) return;
    this.streamOwner = null;
    this.module.stopStream(this.device.id);
  }

  /** Ends the service, whoever still holds a lease. */
  close(): void {
    this.leases.clear();
    if (this.starting !== null) this.endService();
    this.onUnused();
  }

  private async startService(generation: number, streamParams: string): Promise<void> {
    const { productId, deviceName, xp2pInfo } = this.device;
    await this.module.startP2PService(
      this.device.id,
      {
        url: `${URL_PREFIX}${STREAM_FILE}?${streamParams}`,
        xp2pInfo,
        ...(productId !== undefined && { productId }),
        ...(deviceName !== undefined && { deviceName }),
      },
      {
        msgCallback: (event, subtype, detail) => {
          if (generation === this.generation) this.onServiceMessage(event, subtype, detail);
        },
      },
    );
  }

  private endService(): void {
    this.generation++;
    this.starting = null;
    this.streamOwner = null;
    this.path = null;
    // Also after a failed start, so that the id is free for the next one.
    this.module.stopP2PService(this.device.id);
  }

  private readonly onServiceMessage: XP2PMsgCallback = (event, subtype, detail) => {
    const { XP2PEventEnum, XP2PNotify_SubType } = this.module;
    if (event === XP2PEventEnum.Path) {
      this.path = detail as PathInfo;
      for (const lease of [...this.leases]) lease.events.onPath(this.path);
    } else if (event === XP2PEventEnum.Log) {
      this.log?.({ level: 'debug', scope: 'p2p', message: String(detail), data: { subtype } });
    } else if (event === XP2PEventEnum.Notify && subtype === XP2PNotify_SubType.Disconnect) {
      const leases = [...this.leases];
      this.endService();
      const error = toIotError(causeOf(detail), {
        code: XP2PErrorCode.ServiceMissing,
        phase: 'session',
        reason: 'connection-lost',
        message: `the connection to device "${this.device.id}" is lost`,
        retryable: true,
      });
      for (const lease of leases) lease.events.onDisconnect(error);
    }
  };

  private onStreamMessage(
    event: string,
    subtype: string,
    detail: unknown,
    events: DeviceStreamEvents,
  ): void {
    const { XP2PEventEnum, XP2PNotify_SubType } = this.module;
    if (event !== XP2PEventEnum.Notify) return;
    switch (subtype) {
      case XP2PNotify_SubType.Request:
        events.onRequest();
        break;
      case XP2PNotify_SubType.Parsed:
        events.onParsed((detail as { readonly status: number }).status);
        break;
      case XP2PNotify_SubType.Success:
      case XP2PNotify_SubType.Eof:
        events.onEnd();
        break;
      case XP2PNotify_SubType.Fail:
      case XP2PNotify_SubType.Close:
        events.onFail(
          toIotError(causeOf(detail), {
            code: XP2PErrorCode.StreamFailed,
            phase: 'stream',
            reason: 'connection-lost',
            message: `the stream of device "${this.device.id}" broke off`,
            retryable: true,
          }),
        );
        break;
    }
  }
}

/** The module's messages carry their error beside the seed's fields. */
function causeOf(detail: unknown): unknown {
  return typeof detail === 'object' && detail !== null && 'error' in detail ? detail.error : detail;
}

function serviceMissing(id: string): IotError {
  return new IotError({
    code: XP2PErrorCode.ServiceMissing,
    phase: 'stream',
    reason: 'service-missing',
    message: `device "${id}" is not connected`,
    retryable: true,
  });
}

function streamExists(id: string): IotError {
  return new IotError({
    code: XP2PErrorCode.ServiceExists,
    phase: 'stream',
    reason: 'stream-exists',
    message: `device "${id}" already streams to another player`,
    retryable: true,
  });
}
