import { IotError } from '../../services/errors';
import type { IotErrorReason } from '../../services/errors';
import type { PathInfo } from '../../services/p2p/endpoint';
import type {
  P2PModule,
  XP2PCommandResult,
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
} from '../../services/p2p/module';
import { SwitchedModule } from '../../services/p2p/module/switched-module';

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
  /** The latest. */
  stream: XP2PStartStreamParams | null;
  /** Those that run, by their parameters. */
  readonly streams: Map<string, XP2PStartStreamParams>;
  voice: XP2PVoiceCallbacks | null;
  voiceData: XP2PVoiceDataCallbacks | null;
  download: FakeDownload | null;
}

interface FakeDownload {
  readonly callbacks: XP2PLocalDownloadCallbacks;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A `P2PModule` whose camera does what the test says. Records every call. */
export class FakeP2PModule extends SwitchedModule implements P2PModule {
  readonly calls: string[] = [];
  readonly inits: XP2PInitParams[] = [];
  readonly services = new Map<string, FakeService>();
  initResult: () => Promise<number> = () => Promise.resolve(0);
  startStreamResult: () => Promise<number> = () => Promise.resolve(0);
  startVoiceResult: () => Promise<number> = () => Promise.resolve(0);
  /** Chunks that `addChunk` took. */
  readonly voiceChunks: ArrayBuffer[] = [];
  readonly voiceWriter: XP2PVoiceDataWriter = {
    addChunk: (chunk) => this.voiceChunks.push(chunk) > 0,
    bufferedBytes: 0,
    onDrain: null,
  };

  constructor() {
    super(undefined);
  }

  init(params: XP2PInitParams): Promise<number>;
  init(params: XP2PVersionedInitParams): Promise<XP2PVersionModule>;
  init(params: XP2PInitParams | XP2PVersionedInitParams): Promise<number | XP2PVersionModule> {
    this.calls.push('init');
    this.inits.push(params as XP2PInitParams);
    return this.initResult();
  }

  getModule(): undefined {
    return undefined;
  }

  resetP2P(): Promise<number> {
    this.calls.push('resetP2P');
    return Promise.resolve(0);
  }

  getLocalXp2pInfo(): string {
    return 'XP2Plocal';
  }

  getPluginInfo(): XP2PPluginInfo {
    return { name: 'fake', version: this.XP2PVersion };
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
      const nothing = { stream: null, voice: null, voiceData: null, download: null };
      const streams = new Map<string, XP2PStartStreamParams>();
      const settle = { resolve: () => resolve(0), reject };
      this.services.set(id, { streamInfo, callbacks, streams, ...settle, ...nothing });
    });
  }

  updateServiceCallbacks(): number {
    return 0;
  }

  getServiceInitInfo(id: string): XP2PServiceInitInfo | undefined {
    const service = this.services.get(id);
    return service === undefined ? undefined : { id, streamInfo: service.streamInfo };
  }

  stopP2PService(id: string): void {
    this.calls.push(`stopP2PService ${id}`);
    this.services.delete(id);
  }

  startStream(id: string, params: XP2PStartStreamParams): Promise<number> {
    this.calls.push(`startStream ${id} ${params.flv?.params ?? ''}`);
    this.service(id).stream = params;
    this.service(id).streams.set(params.flv?.params ?? '', params);
    return this.startStreamResult();
  }

  /** @param action of the stream to stop; all of them without it */
  stopStream(id: string, action?: string): void {
    this.calls.push(`stopStream ${id}`);
    const service = this.services.get(id);
    if (service === undefined) return;
    const isMeant = (params: string): boolean =>
      action === undefined || params.includes(`action=${action}&`) || service.streams.size < 2;
    for (const [params, stream] of [...service.streams].filter(([params]) => isMeant(params))) {
      service.streams.delete(params);
      if (service.stream === stream) service.stream = null;
      // As the seed: `close` follows the stop that the app asked for.
      stream.msgCallback?.('notify', 'close', undefined);
    }
  }

  sendCommand(): Promise<XP2PCommandResult> {
    return Promise.reject(iotError('internal'));
  }

  startVoice(
    id: string,
    _recorder: XP2PRecorderManager,
    _options: XP2PVoiceOptions,
    callbacks: XP2PVoiceCallbacks,
  ): Promise<number> {
    this.calls.push(`startVoice ${id}`);
    this.service(id).voice = callbacks;
    return this.startVoiceResult();
  }

  startVoiceData(
    id: string,
    options: XP2PVoiceDataOptions,
    callbacks: XP2PVoiceDataCallbacks,
  ): Promise<XP2PVoiceDataWriter> {
    this.calls.push(`startVoiceData ${id} ${options.urlParams ?? ''}`);
    this.service(id).voiceData = callbacks;
    return this.startVoiceResult().then(() => this.voiceWriter);
  }

  stopVoice(id: string): void {
    this.calls.push(`stopVoice ${id}`);
    const service = this.services.get(id);
    if (service === undefined) return;
    const { voice, voiceData } = service;
    service.voice = null;
    service.voiceData = null;
    voice?.onStop?.({ willRestart: false });
    voiceData?.onStop?.();
  }

  startLocalDownload(
    id: string,
    options: XP2PLocalDownloadOptions,
    callbacks: XP2PLocalDownloadCallbacks,
  ): Promise<number> {
    this.calls.push(`startLocalDownload ${id} ${options.urlParams}`);
    return new Promise((resolve, reject) => {
      this.service(id).download = { callbacks, resolve: () => resolve(0), reject };
    });
  }

  watchFeedback(id: string): void {
    this.calls.push(`watchFeedback ${id}`);
  }

  /** The camera says something by itself. */
  say(id: string, message: unknown): void {
    const { callbacks } = this.service(id);
    callbacks.msgCallback(this.XP2PEventEnum.Feedback, '', message);
  }

  stopLocalDownload(id: string): void {
    this.calls.push(`stopLocalDownload ${id}`);
    const service = this.services.get(id);
    const download = service?.download ?? null;
    if (service !== undefined) service.download = null;
    download?.callbacks.onComplete?.();
    download?.reject(iotError('cancelled'));
  }

  setEventLog(): void {
    this.calls.push('setEventLog');
  }

  getEventLog(): undefined {
    return undefined;
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
