import { IotError, XP2PErrorCode } from '../errors';
import type { Log } from '../log';
import type {
  P2PModule,
  PathInfo,
  XP2PCommandOptions,
  XP2PCommandResult,
  XP2PLocalDownloadCallbacks,
  XP2PMsgCallback,
} from '../p2p/module';
import type { DeviceLease } from './device-lease';
import { causeOf, DeviceStreams, serviceMissing, STREAM_FILE } from './device-streams';
import { sendsPictures } from './sends-pictures';
import { toIotError } from './to-iot-error';
import type { DeviceStreamEvents, DeviceStreamOptions, IotDevice } from './types';

/** The seed's placeholder host: the module replaces it by the camera's xp2pInfo. */
const URL_PREFIX = 'http://XP2P_INFO.xnet/ipc.p2p.com/';

/** The one p2p service of a camera, shared by its leases. Private to this folder. */
export class DeviceConnection {
  private readonly leases = new Set<DeviceLease>();
  private readonly listeners = new Set<DeviceLease>();
  private starting: Promise<void> | null = null;
  /** Grows with each start and end of the service, so that messages of an old one are told apart. */
  private generation = 0;
  private readonly streams: DeviceStreams;
  private voiceOwner: DeviceLease | null = null;
  private downloadOwner: DeviceLease | null = null;
  private path: PathInfo | null = null;

  constructor(
    private readonly module: P2PModule,
    readonly device: IotDevice,
    private readonly log: Log | undefined,
    private readonly onUnused: () => void,
  ) {
    const carriesTwo = sendsPictures(device.xp2pInfo);
    this.streams = new DeviceStreams(module, device.id, carriesTwo, (except) => {
      for (const lease of [...this.leases]) {
        if (!except.includes(lease)) lease.events.onStreamFree();
      }
    });
  }

  add(lease: DeviceLease): void {
    this.leases.add(lease);
  }

  remove(lease: DeviceLease): void {
    if (!this.leases.delete(lease)) return;
    this.listeners.delete(lease);
    this.stopStream(lease);
    this.stopVoice(lease);
    this.stopDownload(lease);
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

  /** Starts a stream, or joins the one of the same parameters; as soon as `connect` was called. */
  async startStream(
    lease: DeviceLease,
    params: string,
    events: DeviceStreamEvents,
    options: DeviceStreamOptions,
  ): Promise<void> {
    if (this.starting === null) throw serviceMissing(this.device.id);
    return this.streams.start(lease, params, events, options);
  }

  stopStream(lease: DeviceLease): void {
    this.streams.stop(lease);
  }

  /** @throws IotError -2000, -2002, -2403. */
  sendCommand(command: string, options: XP2PCommandOptions): Promise<XP2PCommandResult> {
    if (this.starting === null) return Promise.reject(serviceMissing(this.device.id));
    return this.module.sendCommand(this.device.id, command, options);
  }

  /** From now on, and on every connection that follows this one. */
  watchFeedback(lease: DeviceLease): void {
    this.listeners.add(lease);
    if (this.starting !== null) this.module.watchFeedback(this.device.id);
  }

  /** Starts the one voice of the connection by `start`. */
  async startVoice<T>(
    lease: DeviceLease,
    start: (module: P2PModule, id: string) => Promise<T>,
  ): Promise<T> {
    const { id } = this.device;
    if (this.starting === null) throw serviceMissing(id, 'voice');
    if (this.voiceOwner !== null && this.voiceOwner !== lease) throw voiceExists(id);
    this.voiceOwner = lease;
    try {
      return await start(this.module, id);
    } catch (cause) {
      if (this.voiceOwner === lease) this.voiceOwner = null;
      throw toIotError(cause, {
        code: XP2PErrorCode.VoiceFailed,
        phase: 'voice',
        reason: 'internal',
        message: 'the voice could not be started',
        retryable: true,
      });
    }
  }

  stopVoice(lease: DeviceLease): void {
    if (this.voiceOwner !== lease) return;
    this.voiceOwner = null;
    this.module.stopVoice(this.device.id);
  }

  /** Fetches a file; one at a time. */
  async download(
    lease: DeviceLease,
    urlParams: string,
    callbacks: XP2PLocalDownloadCallbacks,
  ): Promise<void> {
    const { id } = this.device;
    if (this.starting === null) throw serviceMissing(id, 'download');
    if (this.downloadOwner !== null) throw downloadExists(id);
    this.downloadOwner = lease;
    try {
      await this.module.startLocalDownload(id, { urlParams }, callbacks);
    } catch (cause) {
      throw toIotError(cause, {
        code: XP2PErrorCode.DownloadFailed,
        phase: 'download',
        reason: 'internal',
        message: 'the file could not be fetched',
        retryable: true,
      });
    } finally {
      if (this.downloadOwner === lease) this.downloadOwner = null;
    }
  }

  stopDownload(lease: DeviceLease): void {
    if (this.downloadOwner !== lease) return;
    this.downloadOwner = null;
    this.module.stopLocalDownload(this.device.id);
  }

  /** The network is another one, and this connection does not survive that. */
  onNetworkChanged(): void {
    if (this.starting === null) return;
    const leases = [...this.leases];
    this.endService();
    for (const lease of leases) lease.events.onNetworkChanged();
  }

  /** Ends the service, whoever still holds a lease. */
  close(): void {
    this.leases.clear();
    this.listeners.clear();
    if (this.starting !== null) this.endService();
    this.onUnused();
  }

  private async startService(generation: number, streamParams: string): Promise<void> {
    const { productId, deviceName, xp2pInfo } = this.device;
    const starting = this.module.startP2PService(
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
    if (this.listeners.size > 0) this.module.watchFeedback(this.device.id);
    await starting;
  }

  private endService(): void {
    this.generation++;
    this.starting = null;
    this.streams.clear();
    this.voiceOwner = null;
    this.downloadOwner = null;
    this.path = null;
    // Also after a failed start, so that the id is free for the next one.
    this.module.stopP2PService(this.device.id);
  }

  private readonly onServiceMessage: XP2PMsgCallback = (event, subtype, detail) => {
    const { XP2PEventEnum, XP2PNotify_SubType } = this.module;
    if (event === XP2PEventEnum.Path) {
      this.path = detail as PathInfo;
      for (const lease of [...this.leases]) lease.events.onPath(this.path);
    } else if (event === XP2PEventEnum.Feedback) {
      for (const lease of [...this.listeners]) lease.events.onFeedback(detail);
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
}

function downloadExists(id: string): IotError {
  return new IotError({
    code: XP2PErrorCode.ServiceExists,
    phase: 'download',
    reason: 'download-exists',
    message: `a file of device "${id}" is being downloaded`,
    retryable: true,
  });
}

function voiceExists(id: string): IotError {
  return new IotError({
    code: XP2PErrorCode.ServiceExists,
    phase: 'voice',
    reason: 'voice-exists',
    message: `somebody in this app already talks to device "${id}"`,
    retryable: true,
  });
}
