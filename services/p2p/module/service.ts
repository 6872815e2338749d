import type { IotError } from '../../errors';
import { XP2PErrorCode } from '../../errors';
import type { Clock } from '../../host';
import type { Connection, Endpoint, PathInfo } from '../endpoint';
import type { RequestEvents, RequestHandle, RequestOptions } from '../http';
import type { EventLog } from '../session';
import { runCommand } from './command';
import { Download } from './download';
import type { XP2PLocalDownloadCallbacks, XP2PLocalDownloadOptions } from './download-types';
import { XP2PEventEnum, XP2PNotify_SubType } from '../../p2p-names';
import { Feedback } from './feedback';
import { logRequest } from './log-request';
import { alreadyRunning, serviceMissing } from './module-errors';
import type { ModuleLog } from './module-log';
import { flvOfUrl } from './parameters';
import { PathWatch } from './path-watch';
import { recorderOptions } from './recorder-options';
import { RecorderVoice } from './recorder-voice';
import type { RequestChannel } from './request-channel';
import type {
  XP2PCommandOptions,
  XP2PCommandResult,
  XP2PMsgCallback,
  XP2PServiceCallbacks,
  XP2PStartStreamParams,
  XP2PStreamInfo,
} from './service-types';
import { StreamSet } from './stream-set';
import { VoiceData } from './voice-data';
import type { Voice } from './voice-data';
import type {
  XP2PRecorderManager,
  XP2PVoiceCallbacks,
  XP2PVoiceDataCallbacks,
  XP2PVoiceDataOptions,
  XP2PVoiceDataWriter,
  XP2PVoiceOptions,
} from './voice-types';
import type { Xp2pInfo } from './xp2p-info';

export interface ServiceOptions {
  readonly endpoint: Endpoint;
  readonly clock: Clock;
  readonly log: ModuleLog;
  readonly eventLog: EventLog | undefined;
  readonly info: Xp2pInfo;
  readonly streamInfo: XP2PStreamInfo;
  readonly callbacks: XP2PServiceCallbacks;
  /** The connection could not be made. */
  readonly onStartFailed: () => void;
}

/** One `startP2PService`: a connection to a camera, and what runs on it. */
export class Service implements RequestChannel {
  readonly streamInfo: XP2PStreamInfo;
  private readonly options: ServiceOptions;
  private readonly connection: Connection;
  private readonly streams: StreamSet;
  private readonly pathWatch: PathWatch;
  private callbacks: XP2PServiceCallbacks;
  private voice: Voice | null = null;
  /** The latest one of the recorder's, which may still wait for its last frame. */
  private recorderVoice: RecorderVoice | null = null;
  private download: Download | null = null;
  private feedback: Feedback | null = null;
  private state: 'starting' | 'started' | 'over' = 'starting';
  private settleStart: {
    resolve: (code: number) => void;
    reject: (error: IotError) => void;
  } | null = null;
  /** Settles when the connection stands or cannot be made. */
  readonly started: Promise<number>;

  /** @throws IotError -2402 when the stream of `dataCallback` cannot be asked for. */
  constructor(options: ServiceOptions) {
    const { endpoint, clock, info, eventLog, callbacks, streamInfo } = options;
    this.options = options;
    this.streamInfo = streamInfo;
    this.callbacks = callbacks;
    this.started = new Promise((resolve, reject) => {
      this.settleStart = { resolve, reject };
    });
    this.pathWatch = new PathWatch(
      clock,
      () => this.connection.path,
      (path) => this.onPath(path),
    );
    this.connection = endpoint.connect(
      info,
      {
        onConnected: () => this.onConnected(),
        onPath: (path) => this.onPath(path),
        onClosed: (error) => this.onClosed(error),
      },
      eventLog,
    );
    this.streams = new StreamSet(this, info.flags.includes('m'));
    if (callbacks.dataCallback !== undefined) this.autoStart();
  }

  updateCallbacks(callbacks: XP2PServiceCallbacks): void {
    this.callbacks = callbacks;
  }

  /** The service's own messages; for the log. */
  readonly tell: XP2PMsgCallback = (event, subtype, detail) =>
    this.callbacks.msgCallback(event, subtype, detail);

  request(options: RequestOptions, events: RequestEvents): RequestHandle | null {
    const line = this.options.log.on('http', this.tell);
    const { clock } = this.options;
    return this.connection.request(
      options,
      line === undefined ? events : logRequest(line, clock, options, events),
    );
  }

  batch(work: () => void): void {
    this.connection.batch(work);
  }

  /** @throws IotError -2401 when such a stream runs, -2402 when the request cannot be made, -2403. */
  startStream(params: XP2PStartStreamParams): void {
    this.requireAlive('stream');
    const { msgCallback } = params;
    const stream = this.streams.start({
      flv: params.flv ?? flvOfUrl(this.streamInfo.url),
      offCrypto: params.offCrypto ?? false,
      onMessage: msgCallback ?? this.tell,
      onData: params.dataCallback,
    });
    // While the connection is being made, `connected` comes first.
    if (this.state === 'started') stream.announce();
  }

  stopStream(streamType?: string): void {
    this.streams.stop(streamType);
  }

  /** @throws IotError -2403 when the connection is over. */
  sendCommand(command: string, options: XP2PCommandOptions): Promise<XP2PCommandResult> {
    this.requireAlive('command');
    return runCommand(this, this.options.clock, command, options);
  }

  /** @throws IotError -2000, -2401, -2403, -2601. */
  startVoice(
    recorder: XP2PRecorderManager,
    options: XP2PVoiceOptions,
    callbacks: XP2PVoiceCallbacks,
  ): Promise<number> {
    const start = recorderOptions(options);
    this.requireNoVoice();
    const { clock } = this.options;
    const onOver = () => this.forgetVoice(voice);
    const all = { channel: this, clock, recorder, start, options, callbacks, onOver };
    const voice: RecorderVoice = new RecorderVoice(all);
    const previous = this.recorderVoice;
    this.voice = voice;
    this.recorderVoice = voice;
    voice.begin(previous);
    return voice.started;
  }

  /** @throws IotError -2401, -2403, -2601. */
  startVoiceData(
    options: XP2PVoiceDataOptions,
    callbacks: XP2PVoiceDataCallbacks,
  ): XP2PVoiceDataWriter {
    this.requireNoVoice();
    const { clock } = this.options;
    const onOver = () => this.forgetVoice(voice);
    const voice: VoiceData = new VoiceData({ channel: this, clock, options, callbacks, onOver });
    this.voice = voice;
    return voice.writer;
  }

  stopVoice(): void {
    this.voice?.stop();
  }

  /** @throws IotError -2401, -2403, -2701. */
  startDownload(
    options: XP2PLocalDownloadOptions,
    callbacks: XP2PLocalDownloadCallbacks,
  ): Promise<number> {
    this.requireAlive('download');
    if (this.download !== null) {
      const message = 'a download of this service is running; stop it first';
      throw alreadyRunning('download', 'download-exists', message);
    }
    const onOver = () => {
      if (this.download === download) this.download = null;
    };
    const { clock } = this.options;
    const download: Download = new Download({ channel: this, clock, options, callbacks, onOver });
    this.download = download;
    return download.done;
  }

  stopDownload(): void {
    this.download?.stop();
  }

  /** Once; does nothing when the service is over. */
  watchFeedback(): void {
    if (this.state === 'over') return;
    this.feedback ??= new Feedback({
      channel: this,
      clock: this.options.clock,
      onMessage: (text) => this.tell(XP2PEventEnum.Feedback, '', text),
    });
  }

  /** Ends all that runs and the connection; a start still under way is rejected. */
  stop(): void {
    const wasStarting = this.state === 'starting';
    this.streams.stop();
    this.voice?.abandon();
    this.download?.stop();
    this.feedback?.stop();
    this.state = 'over';
    this.pathWatch.stop();
    this.connection.close();
    if (wasStarting) {
      this.reject(serviceMissing('connect', 'the service was stopped before it started'));
    }
  }

  private autoStart(): void {
    try {
      this.startStream({ dataCallback: (data) => this.callbacks.dataCallback?.(data) });
    } catch (error) {
      this.state = 'over';
      this.connection.close();
      throw error;
    }
  }

  private requireAlive(phase: 'stream' | 'command' | 'voice' | 'download'): void {
    if (this.state === 'over') throw serviceMissing(phase, 'the service has ended');
  }

  private requireNoVoice(): void {
    this.requireAlive('voice');
    if (this.voice === null) return;
    const message = 'a voice of this service is running; stop it first';
    throw alreadyRunning('voice', 'voice-exists', message);
  }

  private forgetVoice(voice: Voice): void {
    if (this.voice === voice) this.voice = null;
  }

  private onConnected(): void {
    this.state = 'started';
    this.pathWatch.start();
    this.options.log.on('xntp', this.tell)?.('info', 'session established');
    this.tell(XP2PEventEnum.Notify, XP2PNotify_SubType.Connected, undefined);
    this.streams.announce();
    this.settleStart?.resolve(XP2PErrorCode.Ok);
    this.settleStart = null;
  }

  private onPath(path: PathInfo): void {
    this.pathWatch.onTold(path);
    const { kind, state, reason, rttMs, loss } = path;
    this.options.log.on('net', this.tell)?.('log', 'path', { kind, state, reason, rttMs, loss });
    this.tell(XP2PEventEnum.Path, state, path);
  }

  private onClosed(error: IotError | null): void {
    if (this.state === 'over') return;
    const wasStarting = this.state === 'starting';
    this.state = 'over';
    this.pathWatch.stop();
    this.feedback?.stop();
    this.streams.clear();
    const cause = error ?? serviceMissing('connect', 'the connection was closed');
    const figures = { reason: cause.reason, ...this.connection.stats };
    this.options.log.on('xntp', this.tell)?.('warn', 'session ended', figures);
    if (wasStarting) {
      this.options.onStartFailed();
      this.reject(cause);
      return;
    }
    const detail = { type: cause.reason, error: cause };
    this.tell(XP2PEventEnum.Notify, XP2PNotify_SubType.Disconnect, detail);
  }

  private reject(error: IotError): void {
    this.settleStart?.reject(error);
    this.settleStart = null;
  }
}
