import { XP2PErrorCode } from '../errors';
import type { IotErrorPhase } from '../errors';
import type { Clock } from '../host';
import type {
  P2PModule,
  XP2PCommandOptions,
  XP2PCommandResult,
  XP2PDeviceVersion,
  XP2PInitParams,
  XP2PLocalDownloadCallbacks,
  XP2PLocalDownloadOptions,
  XP2PPluginInfo,
  XP2PRecorderManager,
  XP2PServiceCallbacks,
  XP2PServiceInitInfo,
  XP2PStartStreamParams,
  XP2PStreamInfo,
  XP2PVersionedInitParams,
  XP2PVersionModule,
  XP2PVoiceCallbacks,
  XP2PVoiceDataCallbacks,
  XP2PVoiceDataOptions,
  XP2PVoiceDataWriter,
  XP2PVoiceOptions,
} from '../p2p/module';
import { runCommand } from './command';
import { targetDevice } from './device-version';
import { P2P_NAMES } from '../p2p-names';
import { LocalModules, notInitialised } from './local-modules';
import { ModuleSetUp } from './module-set-up';
import type { ModuleSetUpOptions } from './module-set-up';
import * as parameters from './parameters';
import { PluginApi } from './plugin-api';
import { alreadyRuns, serviceMissing } from './plugin-errors';
import { PluginService } from './plugin-service';
import { PluginSwitches } from './plugin-switches';
import { ServiceJobs } from './service-jobs';

export interface PluginModuleOptions extends ModuleSetUpOptions {
  /** What `requirePlugin('xp2p')` returned. */
  readonly plugin: unknown;
  readonly clock: Clock;
}

/**
 * The vendor's xp2p plugin, any version from 1.0 to 4.x, behind the kit's interface.
 * @throws IotError -2404 when `plugin` is not the plugin.
 */
export function createPluginModule(options: PluginModuleOptions): P2PModule {
  return new PluginModule(options);
}

interface Entry {
  readonly service: PluginService;
  readonly jobs: ServiceJobs;
}

class PluginModule extends PluginSwitches implements P2PModule {
  readonly XP2PEventEnum = P2P_NAMES.XP2PEventEnum;
  readonly XP2PServiceEventEnum = P2P_NAMES.XP2PServiceEventEnum;
  readonly XP2PNotify_SubType = P2P_NAMES.XP2PNotify_SubType;
  readonly XP2PDevNotify_SubType = P2P_NAMES.XP2PDevNotify_SubType;
  readonly XP2PLocalEventEnum = P2P_NAMES.XP2PLocalEventEnum;
  readonly DeviceVersion = P2P_NAMES.DeviceVersion;
  readonly XP2PSource = P2P_NAMES.XP2PSource;
  readonly XP2PErrorCode = P2P_NAMES.XP2PErrorCode;
  readonly XP2PVersion: string;
  private readonly modules: LocalModules;
  private readonly setUp: ModuleSetUp;
  private readonly services = new Map<string, Entry>();

  constructor(private readonly options: PluginModuleOptions) {
    super(new PluginApi(options.plugin));
    this.XP2PVersion = this.api.version;
    this.modules = new LocalModules(this.api, options.clock, () => {
      for (const { service } of [...this.services.values()]) service.onReset();
    });
    this.setUp = new ModuleSetUp(this.modules, options);
  }

  init(params: XP2PInitParams): Promise<number>;
  init(params: XP2PVersionedInitParams): Promise<XP2PVersionModule>;
  async init(
    params: XP2PInitParams | XP2PVersionedInitParams,
  ): Promise<number | XP2PVersionModule> {
    parameters.checkInit(params);
    return this.setUp.init(params);
  }

  getModule(version: XP2PDeviceVersion): XP2PVersionModule | undefined {
    return this.setUp.getModule(version);
  }

  async resetP2P(): Promise<number> {
    await this.setUp.reset();
    return XP2PErrorCode.Ok;
  }

  destroy(): void {
    for (const id of [...this.services.keys()]) this.stopP2PService(id);
    this.setUp.destroy();
  }

  getUUID(): string {
    const uuid: unknown = this.api.has('getUUID') ? this.api.call('init', 'getUUID') : '';
    return typeof uuid === 'string' ? uuid : '';
  }

  getLocalXp2pInfo(version: XP2PDeviceVersion = P2P_NAMES.DeviceVersion.Device_2_4): string {
    return this.modules.localName(version);
  }

  getPluginInfo(): XP2PPluginInfo {
    return { name: 'xp2p', version: this.XP2PVersion };
  }

  async startP2PService(
    id: string,
    streamInfo: XP2PStreamInfo,
    callbacks: XP2PServiceCallbacks,
  ): Promise<number> {
    parameters.checkId('connect', id);
    parameters.checkStreamInfo(streamInfo);
    parameters.checkServiceCallbacks(callbacks);
    if (!this.modules.isInitialised) throw notInitialised('connect');
    if (this.services.has(id)) {
      throw alreadyRuns('connect', `a service "${id}" is running; stop it first`);
    }
    const { xp2pInfo } = streamInfo;
    const target = xp2pInfo === undefined ? null : targetDevice(this.api, xp2pInfo);
    const version = target?.deviceVersion ?? P2P_NAMES.DeviceVersion.Device_2_4;
    if (!this.setUp.isFor(version)) throw notInitialised('connect');
    const service: PluginService = new PluginService({
      api: this.api,
      clock: this.options.clock,
      id,
      streamInfo,
      target,
      callbacks,
      ready: () => this.modules.ready(version),
      logsRequests: () => this.logsRequests,
      isCurrent: () => {
        const current = this.services.get(id)?.service;
        return current === undefined || current === service;
      },
    });
    this.services.set(id, { service, jobs: new ServiceJobs(service) });
    try {
      await service.start();
    } catch (error) {
      if (this.services.get(id)?.service === service) this.services.delete(id);
      throw error;
    }
    return XP2PErrorCode.Ok;
  }

  updateServiceCallbacks(id: string, callbacks: XP2PServiceCallbacks): number {
    try {
      parameters.checkServiceCallbacks(callbacks);
      this.entry('connect', id).service.callbacks = callbacks;
      return XP2PErrorCode.Ok;
    } catch {
      return XP2PErrorCode.BadParameter;
    }
  }

  getServiceInitInfo(id: string): XP2PServiceInitInfo | undefined {
    const service = this.services.get(id)?.service;
    if (service === undefined || service.isOver) return undefined;
    return { id, streamInfo: service.options.streamInfo };
  }

  stopP2PService(id: string): void {
    const entry = this.services.get(id);
    this.services.delete(id);
    entry?.service.stop();
  }

  async startStream(id: string, params: XP2PStartStreamParams): Promise<number> {
    parameters.checkStartStream(params);
    await this.entry('stream', id).service.startStream(params);
    return XP2PErrorCode.Ok;
  }

  stopStream(id: string, streamType?: string): void {
    this.services.get(id)?.service.stopStream(streamType);
  }

  async sendCommand(
    id: string,
    command: string,
    options: XP2PCommandOptions = {},
  ): Promise<XP2PCommandResult> {
    parameters.checkCommand(command, options);
    const { service } = this.entry('command', id);
    return runCommand(this.api, this.options.clock, service, command, options);
  }

  async startVoice(
    id: string,
    recorderManager: XP2PRecorderManager,
    options: XP2PVoiceOptions,
    callbacks: XP2PVoiceCallbacks,
  ): Promise<number> {
    parameters.checkVoice(recorderManager, options, callbacks);
    await this.entry('voice', id).jobs.startVoice(recorderManager, options, callbacks);
    return XP2PErrorCode.Ok;
  }

  async startVoiceData(
    id: string,
    options: XP2PVoiceDataOptions,
    callbacks: XP2PVoiceDataCallbacks,
  ): Promise<XP2PVoiceDataWriter> {
    parameters.checkTransfer('voice', options, callbacks);
    return this.entry('voice', id).jobs.startVoiceData(options, callbacks);
  }

  stopVoice(id: string): void {
    this.services.get(id)?.jobs.stopVoice();
  }

  startLocalDownload(
    id: string,
    options: XP2PLocalDownloadOptions,
    callbacks: XP2PLocalDownloadCallbacks,
  ): Promise<number> {
    const done = this.download(id, options, callbacks);
    // Apps that only use the callbacks leave the promise alone.
    done.catch(() => undefined);
    return done;
  }

  private async download(
    id: string,
    options: XP2PLocalDownloadOptions,
    callbacks: XP2PLocalDownloadCallbacks,
  ): Promise<number> {
    parameters.checkTransfer('download', options, callbacks);
    await this.entry('download', id).jobs.startDownload(options, callbacks);
    return XP2PErrorCode.Ok;
  }

  stopLocalDownload(id: string): void {
    this.services.get(id)?.jobs.stopDownload();
  }

  startP2PStream(id: string, params: XP2PStartStreamParams): Promise<number> {
    return this.startStream(id, params);
  }

  stopP2PStream(id: string): void {
    this.stopStream(id);
  }

  stopServiceById(id: string): void {
    this.stopP2PService(id);
  }

  startVoiceService(
    id: string,
    recorderManager: XP2PRecorderManager,
    options: XP2PVoiceOptions = {},
    callbacks: XP2PVoiceCallbacks = {},
  ): Promise<number> {
    return this.startVoice(id, recorderManager, options, callbacks);
  }

  stopVoiceService(id: string): void {
    this.stopVoice(id);
  }

  private entry(phase: IotErrorPhase, id: string): Entry {
    parameters.checkId(phase, id);
    if (!this.modules.isInitialised) throw notInitialised(phase);
    const entry = this.services.get(id);
    if (entry === undefined) throw serviceMissing(phase, `no service "${id}" was started`);
    return entry;
  }
}
