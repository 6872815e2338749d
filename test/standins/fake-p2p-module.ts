import { IotError } from '../../services/errors';
import type { IotErrorReason } from '../../services/errors';
import type { PathInfo } from '../../services/p2p/endpoint';
import {
  XP2PEventEnum,
  XP2PLocalEventEnum,
  XP2PNotify_SubType,
} from '../../services/p2p/module/types';
import type {
  P2PModule,
  XP2PCommandResult,
  XP2PInitParams,
  XP2PServiceCallbacks,
  XP2PStartStreamParams,
  XP2PStreamInfo,
} from '../../services/p2p/module/types';

export function iotError(reason: IotErrorReason, retryable = true): IotError {
  return new IotError({ code: -2403, phase: 'connect', reason, message: reason, retryable });
}

export function pathInfo(
  state: PathInfo['state'],
  reason: PathInfo['reason'] = null,
  rttMs: number | null = 20,
): PathInfo {
  return { kind: 'relay', state, reason, rttMs, loss: 0, sinceMs: 0 };
}

interface FakeService {
  readonly streamInfo: XP2PStreamInfo;
  readonly callbacks: XP2PServiceCallbacks;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  stream: XP2PStartStreamParams | null;
}

/** A `P2PModule` whose camera does what the test says. Records every call. */
export class FakeP2PModule implements P2PModule {
  readonly XP2PEventEnum = XP2PEventEnum;
  readonly XP2PNotify_SubType = XP2PNotify_SubType;
  readonly XP2PLocalEventEnum = XP2PLocalEventEnum;
  readonly calls: string[] = [];
  readonly inits: XP2PInitParams[] = [];
  readonly services = new Map<string, FakeService>();
  initResult: () => Promise<number> = () => Promise.resolve(0);
  startStreamResult: () => Promise<number> = () => Promise.resolve(0);

  init(params: XP2PInitParams): Promise<number> {
    this.calls.push('init');
    this.inits.push(params);
    return this.initResult();
  }

  destroy(): void {
    this.calls.push('destroy');
    this.services.clear();
  }

  getUUID(): string {
    return 'uuid';
  }

  startP2PService(
    id: string,
    streamInfo: XP2PStreamInfo,
    callbacks: XP2PServiceCallbacks,
  ): Promise<number> {
    this.calls.push(`startP2PService ${id}`);
    return new Promise((resolve, reject) => {
      const service = { streamInfo, callbacks, resolve: () => resolve(0), reject, stream: null };
      this.services.set(id, service);
    });
  }

  updateServiceCallbacks(): number {
    return 0;
  }

  stopP2PService(id: string): void {
    this.calls.push(`stopP2PService ${id}`);
    this.services.delete(id);
  }

  startStream(id: string, params: XP2PStartStreamParams): Promise<number> {
    this.calls.push(`startStream ${id} ${params.flv?.params ?? ''}`);
    this.service(id).stream = params;
    return this.startStreamResult();
  }

  stopStream(id: string): void {
    this.calls.push(`stopStream ${id}`);
    const service = this.services.get(id);
    // As the seed: `close` follows the stop that the app asked for.
    service?.stream?.msgCallback?.('notify', 'close', undefined);
    if (service !== undefined) service.stream = null;
  }

  sendCommand(): Promise<XP2PCommandResult> {
    return Promise.reject(iotError('internal'));
  }

  service(id: string): FakeService {
    const service = this.services.get(id);
    if (service === undefined) throw new Error(`no service "${id}" runs`);
    return service;
  }

  path(id: string, info: PathInfo): void {
    this.service(id).callbacks.msgCallback('path', info.state, info);
  }

  disconnect(id: string, error: IotError): void {
    const detail = { type: error.reason, error };
    this.service(id).callbacks.msgCallback('notify', 'disconnect', detail);
  }

  /** A message of the running stream. */
  notify(id: string, subtype: string, detail?: unknown): void {
    this.service(id).stream?.msgCallback?.('notify', subtype, detail);
  }

  data(id: string, bytes: number | ArrayBuffer = 100): void {
    const chunk = typeof bytes === 'number' ? new ArrayBuffer(bytes) : bytes;
    this.service(id).stream?.dataCallback(chunk);
  }
}
