import { runInAction } from 'mobx';
import { toIotError } from '../device';
import type { DeviceLease, DeviceSessions, DeviceStreamEvents, IotDevice } from '../device';
import { XP2PErrorCode } from '../errors';
import type { IotError } from '../errors';
import type { CancelTimer, Clock, Random } from '../host';
import type { Log } from '../log';
import type { PathInfo } from '../p2p/module';
import { deviceStateCommand, readDeviceState } from './device-state';
import { diagnosticsOf } from './diagnostics';
import type { PlayerDiagnostics } from './diagnostics';
import { traceTransition } from './launch-trace';
import type { PlayerEffect, TimerName } from './player-effect';
import type { PlayerEvent } from './player-event';
import { playerMachine } from './player-machine';
import { PlayerSound } from './player-sound';
import type { SoundPolicy } from './player-sound';
import { initialPlayerState } from './player-state';
import type { FeedFigures, PathView, PlayerMachineOptions, PlayerState } from './player-state';
import { PlayerStore } from './player-store';
import type { PlayerSettings, PlayerValues } from './player-store';
import type { PlayerSink, PlayerSinkEvents, SinkProgress } from './sink';
import { SlowPatch } from './slow-patch';
import { StreamMeter } from './stream-meter';
import { changedMarkedly } from './feed-figures';
import { SoundFeed } from './sound-feed';
import { liveAction, liveStreamParams, surfaceKindOf } from './stream-params';
import type { LiveStream } from './stream-params';

/** What a player shows. */
export interface PlayerSource {
  readonly device: IotDevice;
  readonly stream: LiveStream;
}

export interface PlayerControllerOptions extends PlayerMachineOptions, PlayerSettings, SoundPolicy {
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
  private meter = new StreamMeter();
  private readonly slowly: SlowPatch<PlayerValues>;
  private readonly sound: PlayerSound;
  /** For cameras that send sound and pictures apart: the machine's stream is the pictures. */
  private readonly soundFeed: SoundFeed;
  private stopWatchingNetwork: (() => void) | null = null;
  /** The user has asked for this stream, which may therefore take another player's place. */
  private insists = false;

  constructor(private readonly options: PlayerControllerOptions) {
    this.state = initialPlayerState(options);
    this.store = new PlayerStore(options);
    this.slowly = new SlowPatch(options.clock, (values) => this.tick(values));
    this.sound = new PlayerSound(this.store, options, (muted) => this.tellMuted(muted));
    this.soundFeed = new SoundFeed({
      ...options,
      onMuted: (muted) => this.sound.set(muted, 'host'),
    });
    this.soundFeed.setMuted(this.store.muted);
    this.soundFeed.setVolume(this.store.volume);
  }

  /** Gives the player the surface that is on the page, or takes it away. */
  attachSink(sink: PlayerSink | null): void {
    if (sink === this.sink) return;
    this.sink?.close();
    this.sink = sink;
    if (sink === null || this.sinkAttempt === NO_ATTEMPT) return;
    if (this.pullAttempt === NO_ATTEMPT) this.openSink(sink, this.sinkAttempt);
    else this.dispatch({ type: 'surface-replaced' });
  }

  /** Gives it what plays the sound of cameras that send it apart from their pictures, or takes that away. */
  attachSoundSink(sink: PlayerSink | null): void {
    this.soundFeed.attachSink(sink);
  }

  /** Shows a camera. Another device than before begins from nothing. */
  start(source: PlayerSource): void {
    const previous = this.source;
    const sameDevice =
      previous !== null &&
      previous.device.id === source.device.id &&
      previous.device.xp2pInfo === source.device.xp2pInfo;
    const sameSurface = previous !== null && surfaceOf(previous) === surfaceOf(source);
    if (!(sameDevice && sameSurface) && this.state.phase !== 'closed') {
      this.dispatch({ type: 'close' });
    }
    const sameStream = previous !== null && paramsOf(previous) === paramsOf(source);
    this.source = source;
    this.insists = sameDevice && !sameStream;
    this.enter();
    if (!sameStream) this.dispatch({ type: 'stream-changed' });
    this.dispatch({ type: 'start' });
  }

  /** Goes on after `stop`, or where the host waits for a tap; call it from the tap itself. */
  play(): void {
    if (this.source === null) return;
    this.insists = true;
    this.dispatch({ type: 'start' });
  }

  /**
   * Gives the stream up and keeps the last picture and, for five minutes, the connection: `play` goes
   * on at once.
   */
  pause(): void {
    this.dispatch({ type: 'pause' });
  }

  /** Gives the connection up and keeps the last picture. */
  stop(): void {
    this.dispatch({ type: 'stop' });
  }

  /** Tries again at once, or begins what plays anew. */
  retry(): void {
    if (this.source === null) return;
    this.insists = true;
    this.dispatch({ type: 'retry' });
  }

  /** Of the players that share connections one sounds: the one whose sound was turned on last. */
  setMuted(muted: boolean): void {
    this.sound.set(muted, 'user');
    this.tellMuted(muted);
  }

  /** All that is known of the player, as plain JSON; made only when somebody asks. */
  diagnostics(): PlayerDiagnostics {
    const { source } = this;
    const { sessions, clock } = this.options;
    const module = source === null ? null : sessions.moduleInfo(source.device);
    return diagnosticsOf(this.store, {
      device: source?.device ?? null,
      stream: source?.stream ?? null,
      module,
      takenAtMs: clock.wallMs(),
    });
  }

  /** @param volume 0 to 1 */
  setVolume(volume: number): void {
    this.store.patch({ volume });
    this.sink?.setVolume(volume);
    this.soundFeed.setVolume(volume);
  }

  /** Releases everything. `start` begins anew. */
  close(): void {
    this.dispatch({ type: 'close' });
    this.source = null;
    this.stopWatchingNetwork?.();
    this.stopWatchingNetwork = null;
    this.slowly.clear();
    this.sound.leave();
  }

  private tellMuted(muted: boolean): void {
    this.sink?.setMuted(muted);
    this.soundFeed.setMuted(muted);
  }

  private enter(): void {
    const { sessions } = this.options;
    this.sound.join();
    this.stopWatchingNetwork ??=
      sessions.network?.subscribe((event) => {
        const offline = event.kind === 'changed' && event.type === 'none';
        if (event.kind !== 'hidden' && !offline) this.dispatch({ type: 'network-changed' });
      }) ?? null;
  }

  private onVisible(visible: boolean): void {
    this.sound.onVisible(visible);
    this.dispatch({ type: 'visible', visible });
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
    this.store.enter(state, this.traceOf(from, state, nowMs, event.type));
    this.countDown();
    for (const effect of effects) this.perform(effect);
  }

  private traceOf(from: PlayerState, to: PlayerState, nowMs: number, event: PlayerEvent['type']) {
    const trace = traceTransition(this.store.trace, from, to, nowMs, event);
    if (trace?.result !== 'playing' || trace.firstPicture !== null) return trace;
    return { ...trace, firstPicture: this.meter.received };
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
        this.slowly.clear();
        this.store.patch({ progress: null, stats: null });
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
      case 'checkStream':
        this.checkStream(effect.attempt);
        break;
      case 'startStream':
        this.startStream(effect.attempt);
        break;
      case 'stopStream':
        this.soundFeed.stop();
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
      onVisible: (visible) => void (isCurrent() && this.onVisible(visible)),
      onError: (error) => tell({ type: 'surface-error', attempt, error }),
      onVideoSize: (videoSize) => void (isCurrent() && this.store.patch({ videoSize })),
      onProgress: (progress) => void (isCurrent() && this.onProgress(progress)),
      onMuted: (muted) => void (isCurrent() && this.sound.set(muted, 'host')),
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
      const source = this.requireSource();
      this.lease = this.options.sessions.acquire(source.device, {
        onPath: (path) => this.onPath(attempt, path),
        onDisconnect: (error) => this.dispatch({ type: 'disconnected', attempt, error }),
        onNetworkChanged: () => this.dispatch({ type: 'link-lost', attempt }),
        onStreamFree: () => this.dispatch({ type: 'stream-free', attempt }),
      });
      this.lease
        .connect(paramsOf(source))
        .then(() => this.dispatch({ type: 'service-started', attempt }), failed);
    } catch (cause) {
      failed(cause);
    }
  }

  private checkStream(attempt: number): void {
    const failed = (error: IotError): void =>
      this.dispatch({ type: 'check-failed', attempt, error });
    const { lease } = this;
    if (lease === null) return;
    const { device, stream } = this.requireSource();
    lease.sendCommand(deviceStateCommand(stream, liveAction(device, stream))).then(
      (result) => {
        const error = readDeviceState(result);
        if (error === null) this.dispatch({ type: 'checked', attempt });
        else failed(error);
      },
      (cause: unknown) => failed(internalError(cause)),
    );
  }

  private startStream(attempt: number): void {
    const source = this.requireSource();
    const lease = this.lease;
    // The lease is gone only where `acquire` failed, and its event is on the way.
    if (lease === null) return;
    const takeOver = this.insists;
    this.insists = false;
    this.meter = new StreamMeter();
    const events: DeviceStreamEvents = {
      onRequest: () => this.dispatch({ type: 'request', attempt }),
      onParsed: (status, headers) => {
        if (attempt === this.pullAttempt) this.sink?.setHeaders?.(headers);
        this.dispatch({ type: 'parsed', attempt, status });
      },
      onTags: (tags) => this.meter.onTags(tags, this.options.clock.nowMs()),
      onData: (chunk) => this.onData(attempt, chunk),
      onEnd: () => this.dispatch({ type: 'stream-end', attempt }),
      onFail: (error) => this.dispatch({ type: 'stream-broken', attempt, error }),
    };
    lease.startStream(paramsOf(source), events, { takeOver }).then(
      () => this.dispatch({ type: 'stream-started', attempt }),
      (cause: unknown) =>
        this.dispatch({ type: 'stream-failed', attempt, error: internalError(cause) }),
    );
    if (surfaceOf(source) === 'pictures') {
      const { device, stream } = source;
      this.soundFeed.start(device, liveStreamParams(stream, 'live-audio'));
    }
  }

  private onData(attempt: number, chunk: ArrayBuffer): void {
    if (attempt !== this.pullAttempt) return;
    this.meter.onBytes(chunk.byteLength, this.options.clock.nowMs());
    if (this.state.stream.kind !== 'StreamDataReceived') {
      this.dispatch({ type: 'data', attempt });
      // No picture will follow that could tell that it plays.
      if (this.source?.stream.onlyAudio === true) this.dispatch({ type: 'first-frame', attempt });
    }
    this.sink?.write(chunk);
    this.slowly.set({});
  }

  private onProgress(progress: SinkProgress): void {
    this.slowly.set({ progress });
    const { latencyMs } = progress;
    this.dispatch({ type: 'latency', attempt: this.pullAttempt, latencyMs });
  }

  /** About once a second while anything comes: all figures in one write. */
  private tick(values: Partial<PlayerValues>): void {
    const nowMs = this.options.clock.nowMs();
    const stats = this.pullAttempt === NO_ATTEMPT ? null : this.meter.stats(nowMs);
    runInAction(() => {
      this.store.patch({ ...values, stats });
      const rttMs = this.store.path?.rttMs ?? null;
      const feed = { rttMs, keyframeIntervalMs: stats?.keyframeIntervalMs ?? null };
      this.tellFigures(feed);
    });
  }

  private tellFigures(feed: FeedFigures): void {
    const known = this.state.feed;
    // What was measured before a new start still holds until there is something newer.
    const keyframeIntervalMs = feed.keyframeIntervalMs ?? known.keyframeIntervalMs;
    const next = { ...feed, keyframeIntervalMs };
    if (changedMarkedly(known, next)) this.dispatch({ type: 'figures', feed: next });
  }

  private onPath(attempt: number, info: PathInfo): void {
    if (attempt !== this.state.attempts.service) return;
    const { path: known } = this.store;
    if (known !== null && known.state === info.state && known.kind === info.kind) {
      // Only its figures have changed.
      this.slowly.set({ path: info });
      return;
    }
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
      this.dispatch({ type: 'timer', timer, sinceDataMs: clock.nowMs() - this.meter.latestMs });
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

function surfaceOf({ device, stream }: PlayerSource) {
  return surfaceKindOf(device, stream);
}

function paramsOf({ device, stream }: PlayerSource): string {
  return liveStreamParams(stream, liveAction(device, stream));
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
