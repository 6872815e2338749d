import { IotError, XP2PErrorCode } from '../../errors';
import type { Host } from '../../host';
import { Endpoint } from '../endpoint';
import {
  badParameter,
  checkFlv,
  checkId,
  checkInitParams,
  checkServiceCallbacks,
  checkStreamInfo,
  flvOfUrl,
  requireFunction,
  requireObject,
  requireText,
} from './parameters';
import { Service, serviceMissing } from './service';
import { XP2PEventEnum, XP2PLocalEventEnum, XP2PNotify_SubType } from './types';
import type {
  P2PModule,
  XP2PCommandOptions,
  XP2PCommandResult,
  XP2PInitParams,
  XP2PServiceCallbacks,
  XP2PStartStreamParams,
  XP2PStreamInfo,
} from './types';
import { persistentUuid } from './uuid';
import { decodeXp2pInfo } from './xp2p-info';

/**
 * The seed's `p2pModule` on our engine, for cameras that run the open camera agent.
 * @param host what the engine needs of the place it runs in.
 */
export function createP2PModule(host: Host): P2PModule {
  return new EngineModule(host);
}

class EngineModule implements P2PModule {
  readonly XP2PEventEnum = XP2PEventEnum;
  readonly XP2PNotify_SubType = XP2PNotify_SubType;
  readonly XP2PLocalEventEnum = XP2PLocalEventEnum;
  private readonly host: Host;
  private readonly services = new Map<string, Service>();
  private endpoint: Endpoint | null = null;

  constructor(host: Host) {
    this.host = host;
  }

  init(params: XP2PInitParams): Promise<number> {
    return settled(() => this.initNow(params));
  }

  private initNow(params: XP2PInitParams): number {
    checkInitParams(params);
    if (this.endpoint !== null) {
      throw new IotError({
        code: XP2PErrorCode.AlreadyInitialised,
        phase: 'init',
        reason: 'already-initialised',
        message: 'the module was initialised before; it is a singleton',
        retryable: false,
      });
    }
    const { eventHandler } = params;
    this.endpoint = new Endpoint(this.host, {
      natEvents: {
        onNatChanged: (change) => eventHandler?.(XP2PLocalEventEnum.NATChanged, { ...change }),
        onNatError: (error) => eventHandler?.(XP2PLocalEventEnum.NATError, { ...error }),
      },
    });
    return XP2PErrorCode.Ok;
  }

  destroy(): void {
    for (const id of [...this.services.keys()]) this.stopP2PService(id);
    this.endpoint?.close();
    this.endpoint = null;
  }

  getUUID(): string {
    return persistentUuid(this.host);
  }

  startP2PService(
    id: string,
    streamInfo: XP2PStreamInfo,
    callbacks: XP2PServiceCallbacks,
  ): Promise<number> {
    return settled(() => this.startServiceNow(id, streamInfo, callbacks));
  }

  private startServiceNow(
    id: string,
    streamInfo: XP2PStreamInfo,
    callbacks: XP2PServiceCallbacks,
  ): Promise<number> {
    checkId('connect', id);
    checkStreamInfo(streamInfo);
    checkServiceCallbacks(callbacks);
    const endpoint = this.requireEndpoint('connect');
    if (this.services.has(id)) {
      throw new IotError({
        code: XP2PErrorCode.ServiceExists,
        phase: 'connect',
        reason: 'service-exists',
        message: `a service "${id}" is running; stop it first`,
        retryable: false,
      });
    }
    if (streamInfo.xp2pInfo === undefined || streamInfo.xp2pInfo === '') {
      throw badParameter('connect', 'streamInfo.xp2pInfo', 'the camera’s current xp2pInfo');
    }
    const info = decodeXp2pInfo(streamInfo.xp2pInfo);
    if (callbacks.dataCallback !== undefined) flvOfUrl(streamInfo.url);
    const service: Service = new Service({
      endpoint,
      clock: this.host.clock,
      info,
      streamInfo,
      callbacks,
      onStartFailed: () => {
        if (this.services.get(id) === service) this.services.delete(id);
      },
    });
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

  stopP2PService(id: string): void {
    const service = this.services.get(id);
    this.services.delete(id);
    service?.stop();
  }

  startStream(id: string, params: XP2PStartStreamParams): Promise<number> {
    return settled(() => this.startStreamNow(id, params));
  }

  private startStreamNow(id: string, params: XP2PStartStreamParams): number {
    checkId('stream', id);
    requireObject('stream', 'params', params);
    requireFunction('stream', 'dataCallback', params.dataCallback);
    if (params.msgCallback !== undefined) {
      requireFunction('stream', 'msgCallback', params.msgCallback);
    }
    if (params.flv !== undefined) checkFlv(params.flv);
    this.requireService('stream', id).startStream(params);
    return XP2PErrorCode.Ok;
  }

  stopStream(id: string): void {
    this.services.get(id)?.stopStream();
  }

  sendCommand(
    id: string,
    command: string,
    options: XP2PCommandOptions = {},
  ): Promise<XP2PCommandResult> {
    return settled(() => this.sendCommandNow(id, command, options));
  }

  private sendCommandNow(
    id: string,
    command: string,
    options: XP2PCommandOptions,
  ): Promise<XP2PCommandResult> {
    checkId('command', id);
    requireText('command', 'command', command);
    requireObject('command', 'options', options);
    const { responseType, timeoutMs } = options;
    if (responseType !== undefined && responseType !== 'text' && responseType !== 'arraybuffer') {
      throw badParameter('command', 'options.responseType', "'text' or 'arraybuffer'");
    }
    if (timeoutMs !== undefined && !(timeoutMs > 0 && timeoutMs <= 600_000)) {
      throw badParameter('command', 'options.timeoutMs', 'between 1 and 600000');
    }
    return this.requireService('command', id).sendCommand(command, options);
  }

  private requireEndpoint(phase: 'connect' | 'stream' | 'command'): Endpoint {
    if (this.endpoint !== null) return this.endpoint;
    throw new IotError({
      code: XP2PErrorCode.NotInitialised,
      phase,
      reason: 'not-initialised',
      message: 'the module was not initialised; call init first',
      retryable: false,
    });
  }

  private requireService(phase: 'stream' | 'command', id: string): Service {
    this.requireEndpoint(phase);
    const service = this.services.get(id);
    if (service === undefined) throw serviceMissing(phase, `no service "${id}" was started`);
    return service;
  }
}

/** The result of `work` as a promise; what it throws is a rejection, as the seed has it. */
function settled<T>(work: () => T | Promise<T>): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}
