import type { IotError, IotErrorPhase } from '../errors';
import type { Clock } from '../host';
import type {
  XP2PMsgCallback,
  XP2PServiceCallbacks,
  XP2PStartStreamParams,
  XP2PStreamInfo,
} from '../p2p/module';
import type { TargetDevice } from './device-version';
import { P2P_NAMES } from '../p2p-names';
import { translator } from './translator';
import { flvOfUrl, streamTypeOf, withoutCrypto } from './flv';
import { unsupported } from './plugin-api';
import type { PluginApi } from './plugin-api';
import { callPlugin } from './plugin-call';
import { alreadyRuns, connectionLost, pluginError, serviceMissing } from './plugin-errors';
import { PluginStream } from './plugin-stream';
import { recordOf } from './record';

/** The plugin makes ready for a device within this, or not at all. */
const SERVICE_TIMEOUT_MS = 15_000;
const STREAM_TIMEOUT_MS = 10_000;

const { XP2PEventEnum, XP2PNotify_SubType: SubType } = P2P_NAMES;

export interface PluginServiceOptions {
  readonly api: PluginApi;
  readonly clock: Clock;
  readonly id: string;
  readonly streamInfo: XP2PStreamInfo;
  /** `null` for a 1vN url. */
  readonly target: TargetDevice | null;
  readonly callbacks: XP2PServiceCallbacks;
  /** Settles when the plugin's local peer for this device is ready. */
  readonly ready: () => Promise<void>;
  /** Whether requests and answers are told as event `log`; the plugin's own log goes to the console. */
  readonly logsRequests: () => boolean;
  /** Whether this is still the service of its id. */
  readonly isCurrent: () => boolean;
}

/** What runs on a service besides streams, and ends with it. */
export interface ServicePart {
  /** @param error why the service is over; `null` when the app stopped it. */
  end(error: IotError | null): void;
}

/** One `startP2PService` on the plugin, with the streams on it. */
export class PluginService {
  callbacks: XP2PServiceCallbacks;
  readonly parts = new Set<ServicePart>();
  private readonly streams = new Map<string, PluginStream>();
  private readonly waiting: (() => void)[] = [];
  private state: 'waiting' | 'starting' | 'started' | 'over' = 'waiting';
  private isConnected = false;
  /** `close` messages of streams that we stopped, on plugins that do not tell which stream they mean. */
  private owedCloses = 0;
  private rejectStart: (error: IotError) => void = () => undefined;
  private readonly eventOf: (value: unknown) => string;
  private readonly subtypeOf: (value: unknown) => string;
  private readonly serviceNotify: unknown;

  constructor(readonly options: PluginServiceOptions) {
    const { api } = options;
    this.callbacks = options.callbacks;
    this.eventOf = translator(api.enumOf('XP2PEventEnum'), XP2PEventEnum);
    this.subtypeOf = translator(api.enumOf('XP2PNotify_SubType'), SubType);
    this.serviceNotify = api.enumOf('XP2PServiceEventEnum')?.['ServiceNotify'];
  }

  get isOver(): boolean {
    return this.state === 'over';
  }

  /** Starts it on the plugin, then the streams that were asked for meanwhile. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.rejectStart = reject;
      this.startNow().then(resolve, (error: IotError) => {
        this.end(null, () => this.failStreams(error));
        reject(error);
      });
      if (this.callbacks.dataCallback !== undefined) {
        void this.startStream({ dataCallback: (data) => this.callbacks.dataCallback?.(data) });
      }
    });
  }

  /** @throws IotError -2000, -2004, -2401, -2402, -2403. */
  async startStream(params: XP2PStartStreamParams): Promise<void> {
    if (this.isOver) throw serviceMissing('stream', 'the service has ended');
    const { flv = flvOfUrl(this.options.streamInfo.url), offCrypto, msgCallback } = params;
    const type = streamTypeOf(flv.params);
    this.requireFree(type);
    const stream: PluginStream = new PluginStream({
      type,
      flv: offCrypto === true ? { ...flv, params: withoutCrypto(flv.params) } : flv,
      onMessage: (...message) => (msgCallback ?? this.callbacks.msgCallback)(...message),
      onData: params.dataCallback,
      onDisconnect: () => this.onDisconnect(),
      onOver: () => this.forgetStream(stream),
    });
    this.streams.set(type, stream);
    // While the service starts the request waits, as the engine's does; a failure is told by `fail`.
    if (this.state === 'started') await this.askFor(stream);
  }

  /** Ends one stream, or all. */
  stopStream(type?: string): void {
    for (const stream of [...this.streams.values()]) {
      if (type === undefined || type === stream.type) stream.stop();
    }
  }

  /** The app ends it. */
  stop(): void {
    const error = serviceMissing('connect', 'the service was stopped before it started');
    this.end(null, () => this.stopStream());
    this.rejectStart(error);
  }

  /** A reset of the plugin ends every connection; a service that still waits for it goes on. */
  onReset(): void {
    if (this.state === 'waiting' || this.state === 'over') return;
    const wasStarting = this.state === 'starting';
    this.onDisconnect();
    if (wasStarting) this.rejectStart(connectionLost('connect'));
  }

  /** Resolves when the service stands. @throws IotError -2403 when it ends before. */
  whenStarted(phase: IotErrorPhase): Promise<void> {
    if (this.state === 'started') return Promise.resolve();
    if (this.isOver) return Promise.reject(serviceMissing(phase, 'the service has ended'));
    return new Promise((resolve, reject) => {
      this.waiting.push(() =>
        this.isOver ? reject(serviceMissing(phase, 'the service has ended')) : resolve(),
      );
    });
  }

  private async startNow(): Promise<void> {
    const { api, clock, id, streamInfo, target, ready, isCurrent } = this.options;
    await ready();
    if (this.isOver) return;
    this.state = 'starting';
    const info = { ...streamInfo, ...(target && { xp2pInfo: target.xp2pInfo }) };
    const options = {
      phase: 'connect',
      name: 'startP2PService',
      timeoutMs: SERVICE_TIMEOUT_MS,
    } as const;
    const callbacks = {
      msgCallback: (event: unknown, subtype: unknown, detail: unknown) =>
        this.onPluginMessage(event, subtype, detail),
    };
    await callPlugin(api, clock, options, id, info, callbacks);
    if (this.isOver) {
      // It was stopped meanwhile, which an early stop may not have told the plugin.
      if (isCurrent()) api.tell('stopP2PService', id);
      return;
    }
    this.state = 'started';
    this.connected();
    for (const settle of this.waiting.splice(0)) settle();
    for (const stream of [...this.streams.values()]) {
      // What it rejects with has been told as `fail`.
      this.askFor(stream).catch(() => undefined);
    }
  }

  private async askFor(stream: PluginStream): Promise<void> {
    const { api, clock, id } = this.options;
    const options = { phase: 'stream', name: 'startStream', timeoutMs: STREAM_TIMEOUT_MS } as const;
    const params = {
      flv: stream.flv,
      dataCallback: (data: unknown) => {
        if (!stream.isOver) this.owedCloses = 0;
        stream.onPluginData(data);
      },
      msgCallback: (event: unknown, subtype: unknown, detail: unknown) =>
        this.onStreamMessage(stream, event, subtype, detail),
    };
    stream.isAsked = true;
    this.log(`GET /${stream.flv.filename}?${stream.flv.params}`);
    try {
      await callPlugin(api, clock, options, id, params);
    } catch (cause) {
      const error = pluginError('stream', 'startStream', cause);
      stream.fail(error);
      throw error;
    }
    stream.announce();
  }

  private requireFree(type: string): void {
    const { api, target } = this.options;
    const { size } = this.streams;
    if (size === 0) return;
    const mayBeTwo = target?.hasPictureStream === true && size === 1 && !this.streams.has(type);
    if (!mayBeTwo)
      throw alreadyRuns('stream', 'a stream of this service is running; stop it first');
    if (api.isBefore('3.1.0')) {
      throw unsupported(
        'stream',
        `two streams of a device need the xp2p plugin 3.1.0, not ${api.version}`,
      );
    }
  }

  /** A message for the service, or from plugins before 3.1 for its one stream. */
  private onPluginMessage(event: unknown, subtype: unknown, detail: unknown): void {
    if (this.isOver) return;
    const kind = event === this.serviceNotify ? XP2PEventEnum.Notify : this.eventOf(event);
    if (kind === XP2PEventEnum.Log) return this.tell(kind, String(subtype), String(detail));
    if (isPrivateCommand(detail)) return this.tell(XP2PEventEnum.Feedback, '', detail);
    if (kind !== XP2PEventEnum.Notify) return this.tell(kind, String(subtype), detail);
    const name = this.subtypeOf(subtype);
    if (name === SubType.Connected) return this.connected();
    if (name === SubType.Disconnect) return this.onDisconnect();
    const stream = this.streams.size === 1 ? [...this.streams.values()][0]! : null;
    if (name === SubType.Close && this.owedCloses > 0) {
      this.owedCloses--;
      return;
    }
    if (stream?.isAsked !== true) return;
    if (name === SubType.Parsed) this.owedCloses = 0;
    this.log(`${stream.type}: ${name}`);
    stream.onPluginMessage(name, detail);
  }

  private onStreamMessage(
    stream: PluginStream,
    event: unknown,
    subtype: unknown,
    detail: unknown,
  ): void {
    if (this.isOver) return;
    const kind = event === this.serviceNotify ? XP2PEventEnum.Notify : this.eventOf(event);
    if (kind !== XP2PEventEnum.Notify) return this.onPluginMessage(event, subtype, detail);
    const name = this.subtypeOf(subtype);
    if (name === SubType.Connected) return this.connected();
    // A version that tells its streams apart owes nothing to the service.
    this.owedCloses = 0;
    this.log(`${stream.type}: ${name}`);
    stream.onPluginMessage(name, detail);
  }

  /** A line of the log, where the app wants it. */
  log(line: string): void {
    if (this.options.logsRequests()) this.tell(XP2PEventEnum.Log, 'log', line);
  }

  private forgetStream(stream: PluginStream): void {
    if (this.streams.get(stream.type) === stream) this.streams.delete(stream.type);
    if (!stream.isAsked || this.isOver) return;
    this.owedCloses++;
    this.options.api.tell('stopStream', this.options.id, stream.type);
  }

  /** Once: the plugin repeats it with its keep-alive, or sends none. */
  private connected(): void {
    if (this.isConnected || this.isOver) return;
    this.isConnected = true;
    this.tell(XP2PEventEnum.Notify, SubType.Connected, undefined);
  }

  private onDisconnect(): void {
    if (this.isOver) return;
    const error = connectionLost('session');
    const wasStarted = this.state === 'started';
    this.end(error, () => this.failStreams());
    if (!wasStarted) return this.rejectStart(error);
    this.tell(XP2PEventEnum.Notify, SubType.Disconnect, { type: error.reason, error });
  }

  private failStreams(error?: IotError): void {
    for (const stream of [...this.streams.values()]) stream.fail(error);
  }

  private end(error: IotError | null, endStreams: () => void): void {
    if (this.isOver) return;
    const wasAsked = this.state !== 'waiting';
    this.state = 'over';
    for (const part of [...this.parts]) part.end(error);
    endStreams();
    for (const settle of this.waiting.splice(0)) settle();
    if (wasAsked) this.options.api.tell('stopP2PService', this.options.id);
  }

  private readonly tell: XP2PMsgCallback = (event, subtype, detail) =>
    this.callbacks.msgCallback(event, subtype, detail);
}

/**
 * What a device says by itself. By which event the plugin's `p2p` passes it on is not documented, the
 * field in it is.
 */
function isPrivateCommand(detail: unknown): boolean {
  if (typeof detail === 'string') return detail.includes('"iv_private_cmd"');
  return recordOf(detail)?.['iv_private_cmd'] !== undefined;
}
