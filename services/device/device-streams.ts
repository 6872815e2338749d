import { IotError, XP2PErrorCode } from '../errors';
import type { IotErrorPhase } from '../errors';
import type { P2PModule, XP2PParsedDetail } from '../p2p/module';
import type { DeviceLease } from './device-lease';
import { SharedStream } from './shared-stream';
import { toIotError } from './to-iot-error';
import type { DeviceStreamEvents, DeviceStreamOptions } from './types';

export const STREAM_FILE = 'ipc.flv';

type Stream = SharedStream<DeviceLease>;

/** The streams of one connection, each shared by the leases that want it. Private to this folder. */
export class DeviceStreams {
  /** By their kind (`action`): a picture device carries two, any other camera one. */
  private readonly running = new Map<string, Stream>();

  constructor(
    private readonly module: P2PModule,
    private readonly deviceId: string,
    /** Whether sound and pictures go side by side. */
    private readonly carriesTwo: boolean,
    /** What stood in somebody's way has ended; those in `except` know. */
    private readonly tellFree: (except: readonly DeviceLease[]) => void,
  ) {}

  /** Starts a stream, or joins the one of the same parameters. */
  async start(
    lease: DeviceLease,
    params: string,
    events: DeviceStreamEvents,
    { takeOver = false }: DeviceStreamOptions,
  ): Promise<void> {
    this.leave(lease);
    const kind = kindOf(params);
    const running = this.running.get(kind);
    if (running?.params === params) {
      running.join(lease, events);
      return running.started;
    }
    if (running !== undefined && !takeOver) throw streamExists(this.deviceId);
    const losers = takeOver ? this.endOthers(kind) : [];
    const stream: Stream = new SharedStream(params);
    this.running.set(kind, stream);
    stream.join(lease, events);
    stream.started = this.startNow(stream, kind);
    // Others may have waited for just this one.
    if (takeOver) this.tellFree([...losers, lease]);
    return stream.started;
  }

  stop(lease: DeviceLease): void {
    if (this.leave(lease)) this.tellFree([lease]);
  }

  /** The connection is over, and its streams with it. */
  clear(): void {
    this.running.clear();
  }

  private async startNow(stream: Stream, kind: string): Promise<void> {
    const isCurrent = (): boolean => this.running.get(kind) === stream;
    try {
      await this.module.startStream(this.deviceId, {
        flv: { filename: STREAM_FILE, params: stream.params },
        dataCallback: (chunk) => {
          if (isCurrent()) stream.onData(chunk);
        },
        msgCallback: (event, subtype, detail) => {
          const isNotify = event === this.module.XP2PEventEnum.Notify;
          if (isNotify && isCurrent()) this.onMessage(subtype, detail, stream, kind);
        },
      });
    } catch (cause) {
      if (isCurrent()) this.running.delete(kind);
      const reason = cause instanceof IotError ? cause.reason : null;
      // The service has just ended, and its own message is on the way.
      if (reason === 'service-missing') throw serviceMissing(this.deviceId);
      // A stream of another kind is in the way.
      if (reason === 'stream-exists') throw streamExists(this.deviceId);
      throw toIotError(cause, {
        code: XP2PErrorCode.StreamFailed,
        phase: 'stream',
        reason: 'internal',
        message: 'the stream could not be started',
        retryable: true,
      });
    }
  }

  /** @returns whether a stream has ended by it. */
  private leave(lease: DeviceLease): boolean {
    let ended = false;
    for (const [kind, stream] of [...this.running]) {
      if (!stream.has(lease)) continue;
      stream.leave(lease);
      if (!stream.isUnused) continue;
      this.running.delete(kind);
      this.module.stopStream(this.deviceId, kind);
      ended = true;
    }
    return ended;
  }

  /** Ends what stands in the way of a stream. @returns those who had it */
  private endOthers(wanted: string): readonly DeviceLease[] {
    const losers: DeviceLease[] = [];
    for (const [kind, stream] of [...this.running]) {
      if (this.carriesTwo && kind !== wanted) continue;
      this.running.delete(kind);
      this.module.stopStream(this.deviceId, kind);
      losers.push(...stream.holders);
      stream.onFail(streamExists(this.deviceId));
    }
    return losers;
  }

  private onMessage(subtype: string, detail: unknown, stream: Stream, kind: string): void {
    const { XP2PNotify_SubType } = this.module;
    switch (subtype) {
      case XP2PNotify_SubType.Request:
        stream.onRequest();
        break;
      case XP2PNotify_SubType.Parsed:
        stream.onParsed(detail as XP2PParsedDetail);
        break;
      case XP2PNotify_SubType.Success:
      case XP2PNotify_SubType.Eof:
        this.running.delete(kind);
        stream.onEnd();
        this.tellFree([]);
        break;
      case XP2PNotify_SubType.Fail:
      case XP2PNotify_SubType.Close:
        this.running.delete(kind);
        stream.onFail(
          toIotError(causeOf(detail), {
            code: XP2PErrorCode.StreamFailed,
            phase: 'stream',
            reason: 'connection-lost',
            message: `the stream of device "${this.deviceId}" broke off`,
            retryable: true,
          }),
        );
        this.tellFree([]);
        break;
    }
  }
}

/** The kind of a stream, as the module tells them apart. */
function kindOf(params: string): string {
  return /(?:^|&)action=([^&]*)/.exec(params)?.[1] ?? '';
}

/** The module's messages carry their error beside the seed's fields. */
export function causeOf(detail: unknown): unknown {
  return typeof detail === 'object' && detail !== null && 'error' in detail ? detail.error : detail;
}

export function serviceMissing(id: string, phase: IotErrorPhase = 'stream'): IotError {
  return new IotError({
    code: XP2PErrorCode.ServiceMissing,
    phase,
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
    message: `device "${id}" streams to another player, by other parameters`,
    // Another try would find the same; `onStreamFree` tells when it is of use.
    retryable: false,
  });
}
