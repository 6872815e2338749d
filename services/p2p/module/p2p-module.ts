import { XP2PErrorCode } from '../../errors';
import type { Host } from '../../host';
import type { Log } from '../../log';
import type { XP2PLocalDownloadCallbacks, XP2PLocalDownloadOptions } from './download-types';
import { DeviceVersion } from '../../p2p-names';
import type { XP2PDeviceVersion } from '../../p2p-names';
import { EventLogs } from './event-logs';
import type {
  XP2PInitParams,
  XP2PPluginInfo,
  XP2PVersionedInitParams,
  XP2PVersionModule,
} from './init-types';
import {
  alreadyRunning,
  badParameter,
  notInitialised,
  serviceMissing,
  unsupported1vN,
} from './module-errors';
import {
  checkCommand,
  checkDownload,
  checkId,
  checkServiceCallbacks,
  checkStreamInfo,
  checkStreamParams,
  checkVoice,
  checkVoiceData,
  flvOfUrl,
  readInitParams,
} from './parameters';
import { PeerSet } from './peer-set';
import { KIT_NAME, KIT_VERSION } from './plugin-info';
import { checkRecorder } from './recorder-options';
import type { Service } from './service';
import type {
  XP2PCommandOptions,
  XP2PCommandResult,
  XP2PServiceCallbacks,
  XP2PServiceInitInfo,
  XP2PStartStreamParams,
  XP2PStreamInfo,
} from './service-types';
import { SwitchedModule } from './switched-module';
import type { P2PModule } from './types';
import { persistentUuid } from './uuid';
import type {
  XP2PRecorderManager,
  XP2PVoiceCallbacks,
  XP2PVoiceDataCallbacks,
  XP2PVoiceDataOptions,
  XP2PVoiceDataWriter,
  XP2PVoiceOptions,
} from './voice-types';
import { decodeXp2pInfo } from './xp2p-info';

export interface P2PModuleOptions {
  /** Takes what the log switches turn on. */
  readonly log?: Log;
}

/**
 * The guide's `p2pModule` on our engine, for cameras that run the open camera agent.
 * @param host what the engine needs of the place it runs in.
 */
export function createP2PModule(host: Host, options: P2PModuleOptions = {}): P2PModule {
  return new EngineModule(host, options);
}

type ServicePhase = 'stream' | 'command' | 'voice' | 'download';

class EngineModule extends SwitchedModule implements P2PModule {
  private readonly host: Host;
  private readonly eventLogs: EventLogs;
  private readonly services = new Map<string, Service>();
  private readonly peers: PeerSet;

  constructor(host: Host, { log }: P2PModuleOptions) {
    super(log);
    this.host = host;
    this.peers = new PeerSet(host, this.log);
    this.eventLogs = new EventLogs(host.clock);
  }

  init(params: XP2PInitParams): Promise<number>;
  init(params: XP2PVersionedInitParams): Promise<XP2PVersionModule>;
  init(params: XP2PInitParams | XP2PVersionedInitParams): Promise<number | XP2PVersionModule> {
    return this.settled('init', '', async () => {
      const request = readInitParams(params, this.stunPort);
      const peer = await this.peers.open(request);
      return request.version === null ? XP2PErrorCode.Ok : peer;
    });
  }

  getModule(version: XP2PDeviceVersion): XP2PVersionModule | undefined {
    return this.peers.get(version);
  }

  resetP2P(): Promise<number> {
    return this.settled('resetP2P', '', async () => {
      await this.peers.reset();
      return XP2PErrorCode.Ok;
    });
  }

  destroy(): void {
    for (const id of [...this.services.keys()]) this.stopP2PService(id);
    this.peers.close();
    this.eventLogs.clear();
  }

  getUUID(): string {
    return persistentUuid(this.host);
  }

  getLocalXp2pInfo(version: XP2PDeviceVersion = DeviceVersion.Device_2_4): string {
    return this.peers.localXp2pInfo(version);
  }

  getPluginInfo(): XP2PPluginInfo {
    return { name: KIT_NAME, version: KIT_VERSION };
  }

  startP2PService(
    id: string,
    streamInfo: XP2PStreamInfo,
    callbacks: XP2PServiceCallbacks,
  ): Promise<number> {
    return this.settled('startP2PService', id, () =>
      this.startServiceNow(id, streamInfo, callbacks),
    );
  }

  private startServiceNow(
    id: string,
    streamInfo: XP2PStreamInfo,
    callbacks: XP2PServiceCallbacks,
  ): Promise<number> {
    checkId('connect', id);
    checkStreamInfo(streamInfo);
    checkServiceCallbacks(callbacks);
    if (this.peers.isEmpty) throw notInitialised('connect');
    if (this.services.has(id)) {
      const message = `a service "${id}" is running; stop it first`;
      throw alreadyRunning('connect', 'service-exists', message);
    }
    const { url, xp2pInfo = '' } = streamInfo;
    if (xp2pInfo === '' && /^https:/i.test(url)) throw unsupported1vN();
    if (xp2pInfo === '') {
      throw badParameter('connect', 'streamInfo.xp2pInfo', 'the camera’s current xp2pInfo');
    }
    const info = decodeXp2pInfo(xp2pInfo);
    const peer = this.peers.get(versionOf(info.sdkVersion));
    if (peer === undefined) throw notInitialised('connect');
    if (callbacks.dataCallback !== undefined) flvOfUrl(url);
    const service: Service = peer.startService(
      {
        info,
        streamInfo,
        callbacks,
        onStartFailed: () => {
          if (this.services.get(id) === service) this.services.delete(id);
        },
      },
      this.eventLogs.begin(id),
    );
    this.services.set(id, service);
    return service.started;
  }

  updateServiceCallbacks(id: string, callbacks: XP2PServiceCallbacks): number {
    try {
      checkId('connect', id);
      checkServiceCallbacks(callbacks);
    } catch {
      return XP2PErrorCode.BadParameter;
    }
    const service = this.services.get(id);
    if (service === undefined) return XP2PErrorCode.BadParameter;
    service.updateCallbacks(callbacks);
    return XP2PErrorCode.Ok;
  }

  getServiceInitInfo(id: string): XP2PServiceInitInfo | undefined {
    const service = this.services.get(id);
    return service === undefined ? undefined : { id, streamInfo: service.streamInfo };
  }

  stopP2PService(id: string): void {
    const service = this.services.get(id);
    this.services.delete(id);
    service?.stop();
  }

  startStream(id: string, params: XP2PStartStreamParams): Promise<number> {
    return this.settled('startStream', id, () => {
      checkId('stream', id);
      checkStreamParams(params);
      this.requireService('stream', id).startStream(params);
      return XP2PErrorCode.Ok;
    });
  }

  stopStream(id: string, streamType?: string): void {
    this.services.get(id)?.stopStream(streamType);
  }

  sendCommand(
    id: string,
    command: string,
    options: XP2PCommandOptions = {},
  ): Promise<XP2PCommandResult> {
    return this.settled('sendCommand', id, () => {
      checkId('command', id);
      checkCommand(command, options);
      return this.requireService('command', id).sendCommand(command, options);
    });
  }

  startVoice(
    id: string,
    recorderManager: XP2PRecorderManager,
    options: XP2PVoiceOptions,
    callbacks: XP2PVoiceCallbacks,
  ): Promise<number> {
    return this.settled('startVoice', id, () => {
      checkId('voice', id);
      checkRecorder(recorderManager);
      checkVoice(options, callbacks);
      return this.requireService('voice', id).startVoice(recorderManager, options, callbacks);
    });
  }

  startVoiceData(
    id: string,
    options: XP2PVoiceDataOptions,
    callbacks: XP2PVoiceDataCallbacks,
  ): Promise<XP2PVoiceDataWriter> {
    return this.settled('startVoiceData', id, () => {
      checkId('voice', id);
      checkVoiceData(options, callbacks);
      return this.requireService('voice', id).startVoiceData(options, callbacks);
    });
  }

  stopVoice(id: string): void {
    this.services.get(id)?.stopVoice();
  }

  startLocalDownload(
    id: string,
    options: XP2PLocalDownloadOptions,
    callbacks: XP2PLocalDownloadCallbacks,
  ): Promise<number> {
    let isRunning = false;
    const promise = this.settled('startLocalDownload', id, () => {
      checkId('download', id);
      checkDownload(options, callbacks);
      const done = this.requireService('download', id).startDownload(options, callbacks);
      isRunning = true;
      return done;
    });
    // Apps that only use the callbacks leave the promise alone.
    if (isRunning) promise.catch(() => undefined);
    return promise;
  }

  stopLocalDownload(id: string): void {
    this.services.get(id)?.stopDownload();
  }

  watchFeedback(id: string): void {
    this.services.get(id)?.watchFeedback();
  }

  setEventLog(events: boolean | number): void {
    this.eventLogs.set(events);
  }

  getEventLog(id: string): string | undefined {
    return this.eventLogs.export(id);
  }

  private requireService(phase: ServicePhase, id: string): Service {
    if (this.peers.isEmpty) throw notInitialised(phase);
    const service = this.services.get(id);
    if (service === undefined) throw serviceMissing(phase, `no service "${id}" was started`);
    return service;
  }

  /** The result of `work` as a promise; what it throws is a rejection, as the guide has it. */
  private settled<T>(name: string, id: string, work: () => T | Promise<T>): Promise<T> {
    const promise = new Promise<T>((resolve) => resolve(work()));
    const line = this.log.on('app', this.services.get(id)?.tell);
    if (line !== undefined) {
      promise.then(
        () => line('info', `${name}: done`, id === '' ? undefined : { id }),
        (error: unknown) => line('warn', `${name}: failed`, { id, error: String(error) }),
      );
    }
    return promise;
  }
}

/** Which of the plugin's device SDKs a version belongs to. */
function versionOf(sdkVersion: string): XP2PDeviceVersion {
  return /^2\.3\./.test(sdkVersion) ? DeviceVersion.Device_2_3 : DeviceVersion.Device_2_4;
}
