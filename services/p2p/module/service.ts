import { IotError, XP2PErrorCode } from '../../errors';
import type { Clock } from '../../host';
import type { Connection, Endpoint, PathInfo } from '../endpoint';
import { runCommand } from './command';
import { LiveStream } from './live-stream';
import { flvOfUrl } from './parameters';
import { XP2PEventEnum, XP2PNotify_SubType } from './types';
import type {
  XP2PCommandOptions,
  XP2PCommandResult,
  XP2PServiceCallbacks,
  XP2PStartStreamParams,
  XP2PStreamInfo,
} from './types';
import type { Xp2pInfo } from './xp2p-info';

export interface ServiceOptions {
  readonly endpoint: Endpoint;
  readonly clock: Clock;
  readonly info: Xp2pInfo;
  readonly streamInfo: XP2PStreamInfo;
  readonly callbacks: XP2PServiceCallbacks;
  /** The connection could not be made. */
  readonly onStartFailed: () => void;
}

/** One `startP2PService`: a connection to a camera and the stream on it. */
export class Service {
  private readonly options: ServiceOptions;
  private readonly connection: Connection;
  private callbacks: XP2PServiceCallbacks;
  private stream: LiveStream | null = null;
  private state: 'starting' | 'started' | 'over' = 'starting';
  private settleStart: {
    resolve: (code: number) => void;
    reject: (error: IotError) => void;
  } | null = null;
  /** Settles when the connection stands or cannot be made. */
  readonly started: Promise<number>;

  constructor(options: ServiceOptions) {
    this.options = options;
    this.callbacks = options.callbacks;
    this.started = new Promise((resolve, reject) => {
      this.settleStart = { resolve, reject };
    });
    this.connection = options.endpoint.connect(options.info, {
      onConnected: () => this.onConnected(),
      onPath: (path) => this.onPath(path),
      onClosed: (error) => this.onClosed(error),
    });
    const { dataCallback } = options.callbacks;
    if (dataCallback !== undefined) {
      this.startStream({ dataCallback: (data) => this.callbacks.dataCallback?.(data) });
    }
  }

  updateCallbacks(callbacks: XP2PServiceCallbacks): void {
    this.callbacks = callbacks;
  }

  /** @throws IotError -2401 when a stream runs, -2402 when the request cannot be made, -2403 when the connection is over. */
  startStream(params: XP2PStartStreamParams): void {
    if (this.state === 'over') throw serviceMissing('stream', 'the service has ended');
    if (this.stream !== null) {
      throw new IotError({
        code: XP2PErrorCode.ServiceExists,
        phase: 'stream',
        reason: 'stream-exists',
        message: 'a stream of this service is running; stop it first',
        retryable: false,
      });
    }
    const { msgCallback } = params;
    const stream: LiveStream = new LiveStream({
      connection: this.connection,
      flv: params.flv ?? flvOfUrl(this.options.streamInfo.url),
      onMessage: (event, subtype, detail) =>
        (msgCallback ?? this.callbacks.msgCallback)(event, subtype, detail),
      onData: params.dataCallback,
      onOver: () => {
        if (this.stream === stream) this.stream = null;
      },
    });
    this.stream = stream;
    // While the connection is being made, `connected` comes first.
    if (this.state === 'started') stream.announce();
  }

  stopStream(): void {
    this.stream?.stop();
  }

  /** @throws IotError -2403 when the connection is over. */
  sendCommand(command: string, options: XP2PCommandOptions): Promise<XP2PCommandResult> {
    if (this.state === 'over') throw serviceMissing('command', 'the service has ended');
    return runCommand(this.connection, this.options.clock, command, options);
  }

  /** Ends stream and connection; a start still under way is rejected. */
  stop(): void {
    this.stopStream();
    const wasStarting = this.state === 'starting';
    this.state = 'over';
    this.connection.close();
    if (wasStarting)
      this.reject(serviceMissing('connect', 'the service was stopped before it started'));
  }

  private onConnected(): void {
    this.state = 'started';
    this.message(XP2PEventEnum.Notify, XP2PNotify_SubType.Connected, undefined);
    this.stream?.announce();
    this.settleStart?.resolve(XP2PErrorCode.Ok);
    this.settleStart = null;
  }

  private onPath(path: PathInfo): void {
    this.message(XP2PEventEnum.Path, path.state, path);
  }

  private onClosed(error: IotError | null): void {
    if (this.state === 'over') return;
    const wasStarting = this.state === 'starting';
    this.state = 'over';
    this.stream = null;
    const cause = error ?? serviceMissing('connect', 'the connection was closed');
    if (wasStarting) {
      this.options.onStartFailed();
      this.reject(cause);
      return;
    }
    const detail = { type: cause.reason, error: cause };
    this.message(XP2PEventEnum.Notify, XP2PNotify_SubType.Disconnect, detail);
  }

  private message(event: string, subtype: string, detail: unknown): void {
    this.callbacks.msgCallback(event, subtype, detail);
  }

  private reject(error: IotError): void {
    this.settleStart?.reject(error);
    this.settleStart = null;
  }
}

/** -2403: there is no such service, or it has ended. */
export function serviceMissing(phase: 'connect' | 'stream' | 'command', message: string): IotError {
  return new IotError({
    code: XP2PErrorCode.ServiceMissing,
    phase,
    reason: 'service-missing',
    message,
    retryable: false,
  });
}
