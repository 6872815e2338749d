import { toIotError } from '../device';
import type { DeviceLease, DeviceSessions, IotDevice } from '../device';
import { XP2PErrorCode } from '../errors';
import type { IotError } from '../errors';
import type { CancelTimer, Clock, Random } from '../host';
import type { Log } from '../log';
import type { PathInfo } from '../p2p/module';
import { traceTransition } from './launch-trace';
import type { PlayerEffect, TimerName } from './player-effect';
import type { PlayerEvent } from './player-event';
import { playerMachine } from './player-machine';
import { initialPlayerState } from './player-state';
import type { PathView, PlayerMachineOptions, PlayerState } from './player-state';
import { PlayerStore } from './player-store';
import type { PlayerSettings } from './player-store';
import type { PlayerSink, PlayerSinkEvents } from './sink';
import { liveStreamParams } from './stream-params';
import type { LiveStream } from './stream-params';

/** What a player shows. */
export interface PlayerSource {
  readonly device: IotDevice;
  readonly stream: LiveStream;
}

export interface PlayerControllerOptions extends PlayerMachineOptions, PlayerSettings {
  readonly sessions: DeviceSessions;
  readonly clock: Clock;
  readonly random: Random;
  readonly log?: Log | undefined;
  /** Each failure; `willRetry` when the player goes on by itself. */
  readonly onError?: (error: IotError, willRetry: boolean) => void;
}

const NO_ATTEMPT = -1;

/**
 * Performs what the player machine decides: joins a surface and a camera's connection, and hands the
 * bytes from one to the other.
 */
export class PlayerController {
  readonly store: PlayerStore;
  private state: PlayerState;
  private readonly queue: PlayerEvent[] = [];
  private dispatching = false;
  private readonly timers = new Map<TimerName, CancelTimer>();
  private stopCountdown: CancelTimer | null = null;
  private source: PlayerSource | null = null;
  private sink: PlayerSink | null = null;
  /** The attempts that the open sink and its pull belong to. */
  private sinkAttempt = NO_ATTEMPT;
  private pullAttempt = NO_ATTEMPT;
  private lease: DeviceLease | null = null;
  private lastDataMs = 0;

  constructor(private readonly options: PlayerControllerOptions) {
    this.state = initialPlayerState(options);
    this.store = new PlayerStore(options);
  }

  /** Gives the player the surface that is on the page, or takes it away. */
  attachSink(sink: PlayerSink | null): void {
    if (sink === this.sink) return;
    this.sink?.close();
    this.sink = sink;
    if (sink !== null && this.sinkAttempt !== NO_ATTEMPT) this.openSink(sink, this.sinkAttempt);
  }

  /** Shows a camera. Another device than before begins from nothing. */
  start(source: PlayerSource): void {
    const previous = this.source;
    const sameDevice =
      previous !== null &&
      previous.device.id === source.device.id &&
      previous.device.xp2pInfo === source.device.xp2pInfo;
    if (!sameDevice && this.state.phase !== 'closed') this.dispatch({ type: 'close' });
    const sameStream =
      previous !== null && liveStreamParams(previous.stream) === liveStreamParams(source.stream);
    this.source = source;
    if (!sameStream) this.dispatch({ type: 'stream-changed' });
    this.dispatch({ type: 'start' });
  }

  /** Goes on after `stop`, or where the host waits for a tap; call it from the tap itself. */
  play(): void {
    if (this.source !== null) this.dispatch({ type: 'start' });
  }

  /** Gives the connection up and keeps the last picture. */
  stop(): void {
    this.dispatch({ type: 'stop' });
  }

  /** Tries again at once, or begins what plays anew. */
  retry(): void {
    if (this.source !== null) this.dispatch({ type: 'retry' });
  }

  setMuted(muted: boolean): void {
    this.store.patch({ muted });
    this.sink?.setMuted(muted);
  }

  /** @param volume 0 to 1 */
  setVolume(volume: number): void {
    this.store.patch({ volume });
    this.sink?.setVolume(volume);
  }

  /** Releases everything. `start` begins anew. */
  close(): void {
    this.dispatch({ type: 'close' });
    this.source = null;
  }

  private dispatch(event: PlayerEvent): void {
    this.queue.push(event);
    if (this.dispatching) return;
    this.dispatching = true;
    try {
      for (let next = this.queue.shift(); next; next = this.queue.shift()) this.process(next);
    } finally {
      this.dispatching = false;
    }
  }

  private process(event: PlayerEvent): void {
    const nowMs = this.options.clock.nowMs();
    const from = this.state;
    const { state, effects } = playerMachine(from, { ...event, nowMs, jitter: this.jitter() });
    if (state === from) return;
    this.state = state;
    this.options.log?.({
      level: 'debug',
      scope: 'player',
      message: event.type,
      data: { player: state.player.kind, p2p: state.p2p.kind, stream: state.stream.kind, effects },
    });
    this.store.enter(state, traceTransition(this.store.trace, from, state, nowMs));
    this.countDown();
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: PlayerEffect): void {
    switch (effect.type) {
      case 'openSink':
        this.sinkAttempt = effect.attempt;
        if (this.sink !== null) this.openSink(this.sink, effect.attempt);
        break;
      case 'closeSink':
        this.sinkAttempt = NO_ATTEMPT;
        this.sink?.close();
        break;
      case 'sinkPlay':
        this.pullAttempt = effect.attempt;
        this.sink?.play();
        break;
      case 'sinkStop':
        this.pullAttempt = NO_ATTEMPT;
        this.store.patch({ progress: null });
        this.sink?.stop();
        break;
      case 'sinkEnd':
        this.sink?.end();
        break;
      case 'initModule':
        this.initModule(effect.attempt);
        break;
      case 'startService':
        this.startService(effect.attempt);
        break;
      case 'stopService':
        this.lease?.release();
        this.lease = null;
        this.store.patch({ path: null });
        break;
      case 'startStream':
        this.startStream(effect.attempt);
        break;
      case 'stopStream':
        this.lease?.stopStream();
        break;
      case 'setTimer':
        this.setTimer(effect.timer, effect.delayMs);
        break;
      case 'clearTimer':
        this.timers.get(effect.timer)?.();
        this.timers.delete(effect.timer);
        break;
      case 'reportError':
        this.reportError(effect.error, effect.willRetry);
        break;
      default:
        effect satisfies never;
    }
  }

  private openSink(sink: PlayerSink, attempt: number): void {
    sink.setMuted(this.store.muted);
    sink.setVolume(this.store.volume);
    sink.open(this.sinkEvents(sink, attempt));
  }

  private sinkEvents(sink: PlayerSink, attempt: number): PlayerSinkEvents {
    const isCurrent = (): boolean => this.sink === sink && this.sinkAttempt === attempt;
    const tell = (event: PlayerEvent): void => {
      if (isCurrent()) this.dispatch(event);
    };
    return {
      onReady: () => tell({ type: 'surface-ready', attempt }),
      onStartPull: () => tell({ type: 'start-pull', attempt: this.pullAttempt }),
      onFirstFrame: () => tell({ type: 'first-frame', attempt: this.pullAttempt }),
      onStalled: () => tell({ type: 'stalled', attempt: this.pullAttempt }),
      onResumed: () => tell({ type: 'resumed', attempt: this.pullAttempt }),
      onBlocked: () => tell({ type: 'blocked', attempt: this.pullAttempt }),
      onVisible: (visible) => tell({ type: 'visible', visible }),
      onError: (error) => tell({ type: 'surface-error', attempt, error }),
      onVideoSize: (videoSize) => void (isCurrent() && this.store.patch({ videoSize })),
      onProgress: (progress) => void (isCurrent() && this.store.patch({ progress })),
      onMuted: (muted) => void (isCurrent() && this.store.patch({ muted })),
    };
  }

  private initModule(attempt: number): void {
    this.options.sessions.init(this.requireSource().device).then(
      () => this.dispatch({ type: 'module-ready', attempt }),
      (cause: unknown) =>
        this.dispatch({ type: 'module-failed', attempt, error: internalError(cause) }),
    );
  }

  private startService(attempt: number): void {
    const failed = (cause: unknown): void =>
      this.dispatch({ type: 'service-failed', attempt, error: internalError(cause) });
    try {
      const { device, stream } = this.requireSource();
      this.lease = this.options.sessions.acquire(device, {
        onPath: (path) => this.onPath(attempt, path),
        onDisconnect: (error) => this.dispatch({ type: 'disconnected', attempt, error }),
      });
      this.lease
        .connect(liveStreamParams(stream))
        .then(() => this.dispatch({ type: 'service-started', attempt }), failed);
    } catch (cause) {
      failed(cause);
    }
  }

  private startStream(attempt: number): void {
    const { stream } = this.requireSource();
    const lease = this.lease;
    // The lease is gone only where `acquire` failed, and its event is on the way.
    if (lease === null) return;
    lease
      .startStream(liveStreamParams(stream), {
        onRequest: () => this.dispatch({ type: 'request', attempt }),
        onParsed: (status) => this.dispatch({ type: 'parsed', attempt, status }),
        onData: (chunk) => this.onData(attempt, chunk),
        onEnd: () => this.dispatch({ type: 'stream-end', attempt }),
        onFail: (error) => this.dispatch({ type: 'stream-broken', attempt, error }),
      })
      .then(
        () => this.dispatch({ type: 'stream-started', attempt }),
        (cause: unknown) =>
          this.dispatch({ type: 'stream-failed', attempt, error: internalError(cause) }),
      );
  }

  private onData(attempt: number, chunk: ArrayBuffer): void {
    if (attempt !== this.pullAttempt) return;
    this.lastDataMs = this.options.clock.nowMs();
    if (this.state.stream.kind !== 'StreamDataReceived') this.dispatch({ type: 'data', attempt });
    this.sink?.write(chunk);
  }

  private onPath(attempt: number, info: PathInfo): void {
    if (attempt !== this.state.attempts.service) return;
    this.store.patch({ path: info });
    const path: PathView =
      info.state === 'down'
        ? { state: 'down', reason: info.reason ?? 'silent' }
        : { state: info.state };
    this.dispatch({ type: 'path', attempt, path });
  }

  private setTimer(timer: TimerName, delayMs: number): void {
    const { clock } = this.options;
    const cancel = clock.setTimer(delayMs, () => {
      this.timers.delete(timer);
      this.dispatch({ type: 'timer', timer, sinceDataMs: clock.nowMs() - this.lastDataMs });
    });
    this.timers.set(timer, cancel);
  }

  /** Keeps `nextRetryInS` true while a try is due. */
  private countDown(): void {
    this.stopCountdown?.();
    this.stopCountdown = null;
    const dueAtMs = this.store.status.nextTryAtMs;
    if (dueAtMs === null) {
      this.store.patch({ nextRetryInS: null });
      return;
    }
    const leftMs = Math.max(0, dueAtMs - this.options.clock.nowMs());
    const leftS = Math.ceil(leftMs / 1_000);
    this.store.patch({ nextRetryInS: leftS });
    if (leftS > 1) {
      const untilNextMs = leftMs - (leftS - 1) * 1_000;
      this.stopCountdown = this.options.clock.setTimer(untilNextMs, () => this.countDown());
    }
  }

  private reportError(error: IotError, willRetry: boolean): void {
    const { code, phase, reason, message, cause } = error;
    this.options.log?.({
      level: willRetry ? 'warn' : 'error',
      scope: 'player',
      message,
      data: { code, phase, reason, willRetry, cause },
    });
    try {
      this.options.onError?.(error, willRetry);
    } catch (thrown) {
      // The app's handler must not take the player down with it.
      const data = { thrown };
      this.options.log?.({ level: 'error', scope: 'player', message: 'onError threw', data });
    }
  }

  private jitter(): number {
    const [a = 0, b = 0] = this.options.random.bytes(2);
    return (a * 256 + b) / 65_536;
  }

  private requireSource(): PlayerSource {
    if (this.source === null) throw new Error('the player was started without a source');
    return this.source;
  }
}

function internalError(cause: unknown): IotError {
  return toIotError(cause, {
    code: XP2PErrorCode.StreamFailed,
    phase: 'player',
    reason: 'internal',
    message: cause instanceof Error ? cause.message : String(cause),
    retryable: true,
  });
}
