import type { DeviceSessions } from '../device';
import type { IotError } from '../errors';
import type { Clock, Random } from '../host';
import type { Log } from '../log';
import type { PathInfo } from '../p2p/module';
import { diagnosticsOf } from './diagnostics';
import type { PlayerDiagnostics } from './diagnostics';
import { traceTransition } from './launch-trace';
import type { PlayerEffect } from './player-effect';
import type { PlayerEvent } from './player-event';
import { PlayerFigures } from './player-figures';
import { PlayerHistory } from './player-history';
import { PlayerLink } from './player-link';
import { playerMachine } from './player-machine';
import { PlayerPresence } from './player-presence';
import type { PausePolicy } from './player-presence';
import { PlayerSound } from './player-sound';
import type { SoundPolicy } from './player-sound';
import { initialPlayerState } from './player-state';
import type { PathView, PlayerMachineOptions, PlayerState } from './player-state';
import { PlayerStore } from './player-store';
import type { PlayerSettings } from './player-store';
import { PlayerTimers } from './player-timers';
import { reportError } from './report-error';
import { PlayerScreen } from './player-screen';
import type { PlayerSink } from './sink';
import { SoundFeed } from './sound-feed';
import { liveStreamParams, paramsOf, surfaceOf } from './stream-params';
import type { PlayerSource } from './stream-params';

export interface PlayerControllerOptions
  extends PlayerMachineOptions, PlayerSettings, SoundPolicy, PausePolicy {
  readonly sessions: DeviceSessions;
  readonly clock: Clock;
  readonly random: Random;
  readonly log?: Log | undefined;
  /** Each failure; `willRetry` when the player goes on by itself. */
  readonly onError?: (error: IotError, willRetry: boolean) => void;
}

/**
 * Performs what the player machine decides: joins a surface and a camera's connection, and hands the
 * bytes from one to the other.
 */
export class PlayerController {
  readonly store: PlayerStore;
  private state: PlayerState;
  private readonly queue: PlayerEvent[] = [];
  private dispatching = false;
  private readonly timers: PlayerTimers;
  private readonly screen: PlayerScreen;
  private readonly link: PlayerLink;
  private readonly figures: PlayerFigures;
  private readonly presence: PlayerPresence;
  private readonly history = new PlayerHistory();
  private source: PlayerSource | null = null;
  private readonly sound: PlayerSound;
  /** For cameras that send sound and pictures apart: the machine's stream is the pictures. */
  private readonly soundFeed: SoundFeed;
  private stopWatchingNetwork: (() => void) | null = null;
  /** The user has asked for this stream, which may therefore take another player's place. */
  private insists = false;

  constructor(private readonly options: PlayerControllerOptions) {
    this.state = initialPlayerState(options);
    this.store = new PlayerStore(options);
    const { clock, sessions } = options;
    const dispatch = (event: PlayerEvent): void => this.dispatch(event);
    this.screen = new PlayerScreen({
      store: this.store,
      dispatch,
      onVisible: (visible) => this.onVisible(visible),
      onProgress: (progress) => this.figures.onProgress(progress),
      onMuted: (muted) => this.sound.set(muted, 'host'),
    });
    this.figures = new PlayerFigures({
      clock,
      store: this.store,
      isPulling: () => this.screen.isPulling,
      onFeed: (feed) => dispatch({ type: 'figures', feed }),
    });
    this.timers = new PlayerTimers(clock, this.store, (timer) =>
      dispatch({ type: 'timer', timer, sinceDataMs: this.figures.sinceDataMs }),
    );
    this.link = new PlayerLink({
      sessions,
      dispatch,
      source: () => this.requireSource(),
      onPath: (attempt, path) => this.onPath(attempt, path),
    });
    this.presence = new PlayerPresence(options);
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
    this.screen.attach(sink);
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
      this.presence.forget();
    }
    const sameStream = previous !== null && paramsOf(previous) === paramsOf(source);
    this.source = source;
    this.insists = sameDevice && !sameStream;
    this.enter();
    if (!sameStream) this.dispatch({ type: 'stream-changed' });
    this.dispatch({ type: 'start' });
    this.dispatch(this.presence.event());
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
      history: this.history.entries,
      takenAtMs: clock.wallMs(),
      takenAfterMs: clock.nowMs(),
    });
  }

  /** @param volume 0 to 1 */
  setVolume(volume: number): void {
    this.store.patch({ volume });
    this.screen.setVolume(volume);
    this.soundFeed.setVolume(volume);
  }

  /** The player was scrolled into sight, or out of it; counts where a policy names that. */
  setOnScreen(onScreen: boolean): void {
    this.sound.onScreenChange(onScreen);
    this.dispatch(this.presence.onScreenChange(onScreen));
  }

  /** Releases everything. `start` begins anew. */
  close(): void {
    this.dispatch({ type: 'close' });
    this.presence.forget();
    this.source = null;
    this.stopWatchingNetwork?.();
    this.stopWatchingNetwork = null;
    this.figures.clear();
    this.sound.leave();
  }

  private tellMuted(muted: boolean): void {
    this.screen.setMuted(muted);
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
    this.dispatch(this.presence.onShown(visible));
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
    this.history.note(event, state, nowMs);
    this.options.log?.({
      level: 'debug',
      scope: 'player',
      message: event.type,
      data: { player: state.player.kind, p2p: state.p2p.kind, stream: state.stream.kind, effects },
    });
    this.store.enter(state, this.traceOf(from, state, nowMs, event.type));
    this.timers.countDown();
    for (const effect of effects) this.perform(effect);
  }

  private traceOf(from: PlayerState, to: PlayerState, nowMs: number, event: PlayerEvent['type']) {
    const trace = traceTransition(this.store.trace, from, to, nowMs, event);
    if (trace?.result !== 'playing' || trace.firstPicture !== null) return trace;
    return { ...trace, firstPicture: this.figures.received };
  }

  private perform(effect: PlayerEffect): void {
    switch (effect.type) {
      case 'openSink':
        this.screen.open(effect.attempt);
        break;
      case 'closeSink':
        this.screen.close();
        break;
      case 'sinkPlay':
        this.screen.play(effect.attempt);
        break;
      case 'sinkStop':
        this.figures.clear();
        this.screen.stop();
        break;
      case 'sinkEnd':
        this.screen.end();
        break;
      case 'initModule':
        this.link.initModule(effect.attempt);
        break;
      case 'startService':
        this.link.startService(effect.attempt);
        break;
      case 'stopService':
        this.link.stopService();
        this.store.patch({ path: null });
        break;
      case 'checkStream':
        this.link.checkStream(effect.attempt);
        break;
      case 'startStream':
        this.startStream(effect.attempt);
        break;
      case 'stopStream':
        this.soundFeed.stop();
        this.link.stopStream();
        break;
      case 'setTimer':
        this.timers.set(effect.timer, effect.delayMs);
        break;
      case 'clearTimer':
        this.timers.clear(effect.timer);
        break;
      case 'reportError':
        reportError(this.options, effect.error, effect.willRetry);
        break;
      default:
        effect satisfies never;
    }
  }

  private startStream(attempt: number): void {
    const source = this.requireSource();
    const takeOver = this.insists;
    this.insists = false;
    this.figures.restart();
    this.link.startStream(attempt, takeOver, {
      onParsed: (_status, headers) => this.screen.setHeaders(attempt, headers),
      onTags: (tags) => this.figures.onTags(tags),
      onData: (chunk) => this.onData(attempt, chunk),
    });
    if (surfaceOf(source) === 'pictures') {
      const { device, stream } = source;
      this.soundFeed.start(device, liveStreamParams(stream, 'live-audio'));
    }
  }

  private onData(attempt: number, chunk: ArrayBuffer): void {
    if (!this.screen.pulls(attempt)) return;
    this.figures.onBytes(chunk.byteLength);
    if (this.state.stream.kind !== 'StreamDataReceived') {
      this.dispatch({ type: 'data', attempt });
      // No picture will follow that could tell that it plays.
      if (this.source?.stream.onlyAudio === true) this.dispatch({ type: 'first-frame', attempt });
    }
    this.screen.write(chunk);
    this.figures.onHanded();
  }

  private onPath(attempt: number, info: PathInfo): void {
    if (attempt !== this.state.attempts.service) return;
    const { path: known } = this.store;
    if (known !== null && known.state === info.state && known.kind === info.kind) {
      // Only its figures have changed.
      this.figures.onPath(info);
      return;
    }
    this.store.patch({ path: info });
    const path: PathView =
      info.state === 'down'
        ? { state: 'down', reason: info.reason ?? 'silent' }
        : { state: info.state };
    this.dispatch({ type: 'path', attempt, path });
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
