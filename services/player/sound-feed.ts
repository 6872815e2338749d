import { toIotError } from '../device';
import type { DeviceLease, DeviceSessions, IotDevice } from '../device';
import { XP2PErrorCode } from '../errors';
import type { IotError } from '../errors';
import type { CancelTimer, Clock, Random } from '../host';
import type { Log } from '../log';
import { backOffMs } from './back-off';
import type { PlayerSink, PlayerSinkEvents } from './sink';

export interface SoundFeedOptions {
  readonly sessions: DeviceSessions;
  readonly clock: Clock;
  readonly random: Random;
  readonly log?: Log | undefined;
  /** The host changed the sound by itself. */
  readonly onMuted: (muted: boolean) => void;
}

interface SoundSource {
  readonly device: IotDevice;
  readonly params: string;
}

/** What has played for so long has not failed before, in ms. */
const STABLE_MS = 30_000;
/** Sound that came and stays away for so long, in ms, is asked for again. */
const QUIET_MS = 10_000;
/** A camera without a microphone sends a beginning, and then nothing: so many spans make it sound. */
const SPANS_OF_SOUND = 2;

/**
 * The sound of a camera that sends it apart from its pictures: follows them, and never gets in their way.
 * Where the camera has none, the pictures stay silent; where it fails, it comes again by itself.
 */
export class SoundFeed {
  private sink: PlayerSink | null = null;
  private source: SoundSource | null = null;
  private lease: DeviceLease | null = null;
  /** Grows with each try: what an older one reports is ignored. */
  private attempt = 0;
  private failures = 0;
  private begunAtMs = 0;
  private cancelRetry: CancelTimer | null = null;
  private cancelWatch: CancelTimer | null = null;
  /** Whether bytes have come since the latest look, and how many spans had some. */
  private heard = false;
  private spans = 0;
  private blocked = false;
  private muted = true;
  private volume = 1;

  constructor(private readonly options: SoundFeedOptions) {}

  /** Gives it what plays the sound, or takes that away. */
  attachSink(sink: PlayerSink | null): void {
    if (sink === this.sink) return;
    this.halt();
    this.sink = sink;
    this.begin();
  }

  /** The pictures begin. */
  start(device: IotDevice, params: string): void {
    this.halt();
    this.source = { device, params };
    this.failures = 0;
    this.begin();
  }

  /** The pictures end. */
  stop(): void {
    this.source = null;
    this.halt();
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    this.sink?.setMuted(muted);
    if (muted || !this.blocked) return;
    // A tap is what the host has waited for.
    this.halt();
    this.begin();
  }

  setVolume(volume: number): void {
    this.volume = volume;
    this.sink?.setVolume(volume);
  }

  private begin(): void {
    const { sink, source } = this;
    if (sink === null || source === null) return;
    const attempt = ++this.attempt;
    this.begunAtMs = this.options.clock.nowMs();
    sink.setMuted(this.muted);
    sink.setVolume(this.volume);
    sink.open(this.sinkEvents(sink, source, attempt));
  }

  private sinkEvents(sink: PlayerSink, source: SoundSource, attempt: number): PlayerSinkEvents {
    const current = (): boolean => attempt === this.attempt;
    return {
      onReady: () => void (current() && sink.play()),
      onStartPull: () => void (current() && this.request(sink, source, attempt)),
      onBlocked: () => void (current() && this.block()),
      onMuted: (muted) => {
        if (!current()) return;
        this.muted = muted;
        this.options.onMuted(muted);
      },
      onError: (error) => this.fail(attempt, error),
      onFirstFrame: ignore,
      onVideoSize: ignore,
      onProgress: ignore,
      onStalled: ignore,
      onResumed: ignore,
      // The pictures tell of that.
      onVisible: ignore,
    };
  }

  private request(sink: PlayerSink, { device, params }: SoundSource, attempt: number): void {
    if (this.lease !== null) return;
    const fail = (cause: unknown): void => this.fail(attempt, soundError(cause));
    try {
      const lease = this.options.sessions.acquire(device, {
        onPath: ignore,
        // The pictures have lost it, too, and begin anew.
        onDisconnect: () => void (attempt === this.attempt && this.halt()),
        onNetworkChanged: () => void (attempt === this.attempt && this.halt()),
      });
      this.lease = lease;
      lease.connect(params).catch(fail);
      const events = {
        onRequest: ignore,
        onParsed: (status: number) => void (status !== 200 && this.refused(attempt, status)),
        onData: (chunk: ArrayBuffer) => {
          if (attempt !== this.attempt) return;
          this.heard = true;
          sink.write(chunk);
        },
        onEnd: () => fail('the camera ended its sound'),
        onFail: fail,
      };
      lease.startStream(params, events).catch(fail);
      this.watch(attempt);
    } catch (cause) {
      fail(cause);
    }
  }

  private watch(attempt: number): void {
    this.cancelWatch = this.options.clock.setTimer(QUIET_MS, () => {
      if (!this.heard && this.spans >= SPANS_OF_SOUND) {
        this.fail(attempt, soundError(`no sound came for ${QUIET_MS} ms`, { reason: 'no-data' }));
        return;
      }
      if (this.heard) this.spans++;
      this.heard = false;
      this.watch(attempt);
    });
  }

  private refused(attempt: number, status: number): void {
    // 4xx: the camera has no sound, and says the same next time.
    const retryable = status >= 500;
    const message = `the camera refused its sound: ${status}`;
    const reason = 'request-rejected';
    this.fail(attempt, soundError(message, { reason, retryable }));
  }

  private block(): void {
    this.halt();
    this.blocked = true;
  }

  private fail(attempt: number, error: IotError): void {
    if (attempt !== this.attempt) return;
    this.halt();
    const { clock, random, log } = this.options;
    const { code, reason, message, retryable } = error;
    log?.({ level: 'warn', scope: 'player', message, data: { code, reason, retryable } });
    // Whoever has the camera's one sound may leave.
    if (!retryable && reason !== 'stream-exists') return;
    if (clock.nowMs() - this.begunAtMs >= STABLE_MS) this.failures = 0;
    const jitter = (random.bytes(1)[0] ?? 0) / 256;
    this.cancelRetry = clock.setTimer(backOffMs(++this.failures, jitter), () => this.begin());
  }

  /** Gives up what is held; the source stays. */
  private halt(): void {
    this.attempt++;
    this.blocked = false;
    this.heard = false;
    this.spans = 0;
    this.cancelWatch?.();
    this.cancelWatch = null;
    this.cancelRetry?.();
    this.cancelRetry = null;
    const { lease } = this;
    this.lease = null;
    lease?.release();
    this.sink?.close();
  }
}

function soundError(
  cause: unknown,
  { reason = 'internal', retryable = true }: Partial<Pick<IotError, 'reason' | 'retryable'>> = {},
): IotError {
  return toIotError(cause, {
    code: XP2PErrorCode.StreamFailed,
    phase: 'stream',
    reason,
    message: cause instanceof Error ? cause.message : String(cause),
    retryable,
  });
}

const ignore = (): void => undefined;
