import type { DeviceLease, DeviceSessions, IotDevice } from '../device';
import type { IotError } from '../errors';
import { FlvReader, readMetadata } from '../media/flv';
import { asError, streamRejected } from './playback-errors';

export interface PlaybackStreamOptions {
  readonly sessions: DeviceSessions;
  readonly device: IotDevice;
  /** 0-based. */
  readonly channel: number;
  readonly onData: (attempt: number, chunk: ArrayBuffer) => void;
  readonly onEnd: (attempt: number) => void;
  readonly onBroken: (attempt: number, error: IotError) => void;
  /** The connection is lost, and every stream with it. */
  readonly onDisconnect: (error: IotError) => void;
}

/** `end_time` is at least so much after `start_time`, in s. */
const MIN_RANGE_S = 5;
/** The frame rate stands at the begin of a stream, in bytes, or nowhere. */
const MAX_HEAD_BYTES = 64 * 1024;

/** The recorded streams of a camera, one at a time: a later one replaces the one before. */
export class PlaybackStream {
  private lease: DeviceLease | null = null;
  private pulled = 0;
  private wanted: number | null = null;
  private closed = false;
  private head: { readonly reader: FlvReader; bytes: number } | null = null;
  private intervalMs: number | null = null;

  constructor(private readonly options: PlaybackStreamOptions) {}

  /** How long each picture of the stream is shown, in ms; null where the stream does not say. */
  get frameIntervalMs(): number | null {
    return this.intervalMs;
  }

  /**
   * Asks for a stream; what becomes of it, the events tell. Does nothing for one that was asked for.
   * @param attempt names the stream; larger than those before
   * @param startMs and `endMs` unix ms, of which whole seconds are sent
   */
  async pull(attempt: number, startMs: number, endMs: number): Promise<void> {
    const { sessions, device, channel, onBroken } = this.options;
    this.wanted = attempt;
    if (attempt === this.pulled) return;
    this.pulled = attempt;
    const start = Math.floor(startMs / 1_000);
    const end = Math.max(start + MIN_RANGE_S, Math.ceil(endMs / 1_000));
    const params = `action=playback&channel=${channel}&start_time=${start}&end_time=${end}`;
    try {
      await sessions.init(device);
      if (!this.isWanted(attempt)) return;
      this.lease ??= sessions.acquire(device, {
        onPath: () => undefined,
        onDisconnect: (error) => {
          this.release();
          this.options.onDisconnect(error);
        },
      });
      await this.lease.connect(params);
      if (!this.isWanted(attempt)) return;
      this.head = { reader: new FlvReader(), bytes: 0 };
      this.intervalMs = null;
      await this.lease.startStream(params, {
        onRequest: () => undefined,
        onParsed: (status) => {
          if (status >= 400) onBroken(attempt, streamRejected(status));
        },
        onData: (chunk) => {
          this.readHead(chunk);
          this.options.onData(attempt, chunk);
        },
        onEnd: () => this.options.onEnd(attempt),
        onFail: (error) => onBroken(attempt, error),
      });
    } catch (cause) {
      const error = asError(cause);
      // A connection that failed is no good for the next try either.
      if (error.phase !== 'stream') this.release();
      onBroken(attempt, error);
    }
  }

  /** Ends the stream; the connection stays. */
  stop(): void {
    this.wanted = null;
    this.lease?.stopStream();
  }

  close(): void {
    this.closed = true;
    this.release();
  }

  private isWanted(attempt: number): boolean {
    return this.wanted === attempt && !this.closed;
  }

  private release(): void {
    this.lease?.release();
    this.lease = null;
  }

  private readHead(chunk: ArrayBuffer): void {
    const { head } = this;
    if (head === null) return;
    head.bytes += chunk.byteLength;
    const { tags, error } = head.reader.push(new Uint8Array(chunk));
    for (const tag of tags) {
      const rate = readMetadata(tag)?.frameRate;
      if (rate !== undefined && rate >= 1 && rate <= 240) this.intervalMs = 1_000 / rate;
    }
    const isOver = this.intervalMs !== null || head.bytes > MAX_HEAD_BYTES || error !== null;
    if (isOver) this.head = null;
  }
}
