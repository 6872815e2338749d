import type { DeviceSessions, IotDevice } from '../device';
import type { IotError } from '../errors';
import type { CancelTimer, Clock, Random } from '../host';
import type { Log } from '../log';
import { CameraTime } from './camera-time';
import type { CalendarDate, TimeSpan } from './camera-time';
import type { Month } from './month';
import { PlaybackClock } from './playback-clock';
import { PlaybackCommands } from './playback-commands';
import { asError } from './playback-errors';
import { NEAR_END_MS, PlaybackLists } from './playback-lists';
import { IDLE, playbackMachine, streamOf } from './playback-machine';
import type { PlaybackEffect, PlaybackEvent, PlaybackState } from './playback-machine';
import { PlaybackPace } from './playback-pace';
import { PlaybackPulse } from './playback-pulse';
import type { PlaybackSink } from './playback-sink';
import { PlaybackStore } from './playback-store';
import { PlaybackStream } from './playback-stream';
import { eventFrom, nearestRecorded, walk } from './recordings';
import { Thumbnails } from './thumbnails';

export interface PlaybackControllerOptions {
  readonly sessions: DeviceSessions;
  readonly clock: Clock;
  readonly random: Random;
  readonly log?: Log | undefined;
  readonly device: IotDevice;
  /** 0-based (default 0). */
  readonly channel?: number;
  /** IANA name, or minutes east of UTC (default: what the camera tells, else the phone's zone). */
  readonly timeZone?: string | number | undefined;
  /**
   * How moments are sought: `stream` opens a new stream there, which is exact and takes a round trip with
   * our cameras; `command` sends `playback_seek`, and shows the first keyframe that comes after its
   * answer, for cameras that are slow to open streams (default `stream`).
   */
  readonly seekBy?: 'stream' | 'command';
  readonly onError?: (error: IotError, willRetry: boolean) => void;
}

/** Plays what a camera has recorded: calendar, day, and the stream with its pauses, seeks and losses. */
export class PlaybackController {
  readonly store = new PlaybackStore();
  private state: PlaybackState = IDLE;
  private readonly commands: PlaybackCommands;
  private readonly lists: PlaybackLists;
  private readonly stream: PlaybackStream;
  private readonly pulse: PlaybackPulse;
  private readonly pace: PlaybackPace;
  private readonly thumbnails: Thumbnails;
  private readonly position = new PlaybackClock();
  private sink: PlaybackSink | null = null;
  private sinkReady = false;
  private cancelTimer: CancelTimer = () => undefined;
  /** Unix ms from which the camera counts the open stream's progress. */
  private baseMs = 0;
  private closed = false;

  constructor(private readonly options: PlaybackControllerOptions) {
    const { sessions, clock, device, channel = 0 } = options;
    this.commands = new PlaybackCommands({ sessions, clock, device, channel });
    this.lists = new PlaybackLists({
      ...{ store: this.store, commands: this.commands, clock },
      report: (cause) => this.report(cause, false),
    });
    this.stream = new PlaybackStream({
      ...{ sessions, device, channel },
      onData: (attempt, chunk) => this.onData(attempt, chunk),
      onEnd: (attempt) => this.onEnd(attempt),
      onBroken: (attempt, error) => this.onBroken(attempt, error),
      onDisconnect: (error) => this.onBroken(streamOf(this.state.phase), error),
    });
    this.pulse = new PlaybackPulse({
      ...{ clock, commands: this.commands, lists: this.lists },
      ...{ position: this.position, store: this.store },
      state: () => this.state,
      dispatch: (event) => this.dispatch(event),
    });
    this.pace = new PlaybackPace(this.commands);
    this.thumbnails = new Thumbnails(
      (unixS) => this.commands.thumbnail(unixS),
      (thumbnails) => this.store.patch({ thumbnails }),
    );
    this.store.patch({ time: CameraTime.of(options.timeZone) });
  }

  /**
   * Asks the camera what it has, and plays its latest recording of a day.
   * @param date default: the latest day with recordings of this month, or today
   */
  async start(date?: CalendarDate): Promise<void> {
    const features = await this.commands.features();
    if (this.closed) return;
    const zone = this.options.timeZone ?? features.timeZone ?? undefined;
    const speeds = this.pace.learn(features.speeds);
    const { thumbnails } = features;
    this.store.patch({ time: CameraTime.of(zone), speeds, hasThumbnails: thumbnails });
    const today = this.store.time.dateAt(this.options.clock.wallMs());
    await this.showMonth(date ?? today);
    if (this.closed) return;
    const latest = Math.max(...this.store.recordedDays, 0);
    await this.chooseDate(date ?? (latest > 0 ? { ...today, day: latest } : today));
  }

  /** Loads the days of a month into the calendar. Never rejects: the store tells. */
  showMonth(month: Month): Promise<void> {
    return this.lists.showMonth(month);
  }

  /** Loads a day, and plays its latest recording where there is one. Never rejects. */
  async chooseDate(date: CalendarDate): Promise<void> {
    this.dispatch({ type: 'close' });
    this.thumbnails.forgetMissing();
    const recordings = await this.lists.loadDay(date);
    const last = recordings?.[recordings.length - 1];
    if (last !== undefined) this.dispatch({ type: 'open', atMs: last.startMs });
  }

  /** Loads the month and the day again. */
  async reload(): Promise<void> {
    const { month, date } = this.store;
    if (month !== null) await this.showMonth(month);
    if (date !== null && !this.closed) await this.chooseDate(date);
  }

  /** Shows a moment of the day, or the recorded one after it. The latest wish wins. */
  seek(unixMs: number): void {
    const atMs = nearestRecorded(this.store.recordings, unixMs);
    if (atMs !== null) this.dispatch({ type: 'seek', atMs: Math.round(atMs) });
  }

  /** Goes `byMs` of recorded time on, or back; gaps do not count. */
  skip(byMs: number): void {
    const { recordings } = this.store;
    this.seek(walk(recordings, this.state.positionMs, byMs));
  }

  pause(): void {
    this.dispatch({ type: 'pause' });
  }

  /** Goes on after a pause or a failure; also the tap that a host waits for. */
  resume(): void {
    const { phase } = this.state;
    this.store.patch({ blocked: false });
    if (phase.kind === 'ended' || phase.kind === 'idle') {
      void this.playOn();
      return;
    }
    if (phase.kind === 'playing') this.sink?.unfreeze();
    this.dispatch({ type: 'resume' });
  }

  /** After the end: what was recorded since, or the day from its begin. */
  private async playOn(): Promise<void> {
    const { phase } = this.state;
    await this.pulse.refresh(true);
    if (this.state.phase !== phase) return;
    const { recordings } = this.store;
    const { positionMs } = this.state;
    const last = recordings[recordings.length - 1];
    const hasMore = last !== undefined && last.endMs > positionMs + NEAR_END_MS / 2;
    const atMs = hasMore && phase.kind === 'ended' ? positionMs + 1 : recordings[0]?.startMs;
    if (atMs !== undefined) this.seek(atMs);
  }

  /** @param speed one of `store.speeds` */
  async setSpeed(speed: number): Promise<void> {
    if (!this.store.speeds.includes(speed) || speed === this.store.speed) return;
    const attempt = streamOf(this.state.phase);
    if (attempt !== null && !(await this.pace.set(speed, this.stream.frameIntervalMs))) {
      // It said that it could; it cannot.
      this.store.patch({ speeds: this.store.speeds.filter((one) => one === 1 || one !== speed) });
      return;
    }
    if (attempt !== streamOf(this.state.phase)) return;
    this.position.setSpeed(speed, this.store.recordings);
    this.store.patch({ speed, stalled: false });
    this.pulse.askSoon();
  }

  /** Goes to the event after the moment that is shown, or to the one before it, where there is one. */
  seekEvent(direction: 'next' | 'previous'): void {
    const event = eventFrom(this.store.events, this.state.positionMs, direction);
    if (event !== null) this.seek(event.startMs);
  }

  /** What is chosen to be saved; null for nothing. */
  selectClip(clip: TimeSpan | null): void {
    this.store.patch({ clip });
  }

  /**
   * Fetches pictures of moments into `store.thumbnails`, where the camera has them. The latest wish wins.
   * @param momentsS unix seconds; the first ones come first
   */
  wantThumbnails(momentsS: readonly number[]): void {
    if (this.store.hasThumbnails) this.thumbnails.want(momentsS);
  }

  setMuted(muted: boolean): void {
    this.store.patch({ muted });
    this.sink?.setMuted(muted);
  }

  /** Gives playback the surface that is on the page, or takes it away. */
  attachSink(sink: PlaybackSink | null): void {
    if (sink === this.sink) return;
    this.sink?.close();
    this.sink = sink;
    this.sinkReady = false;
    const canHold = sink?.canHold ?? false;
    const seeksInStream = canHold && this.options.seekBy === 'command';
    this.dispatch({ type: 'surface', canHold, seeksInStream });
    if (sink === null) {
      this.dispatch({ type: 'pause' });
      return;
    }
    sink.setMuted(this.store.muted);
    sink.open({
      onReady: () => {
        this.sinkReady = true;
        if (streamOf(this.state.phase) !== null) this.sink?.play();
      },
      onStartPull: () => this.pull(),
      onFirstFrame: () => this.store.patch({ hasPicture: true, stalled: false, blocked: false }),
      onTime: (shownMs, newestMs) => this.onTime(shownMs, newestMs),
      // Faster than normal there is a picture now and then only.
      onStalled: (stalled) => this.store.patch({ stalled: stalled && this.store.speed === 1 }),
      onBlocked: () => this.store.patch({ blocked: true }),
      onMuted: (muted) => this.store.patch({ muted }),
      onError: (error) => this.onBroken(streamOf(this.state.phase), error),
    });
  }

  /** Releases everything; nothing follows. */
  close(): void {
    if (this.closed) return;
    this.dispatch({ type: 'close' });
    this.closed = true;
    this.pulse.stop();
    this.sink?.close();
    this.sink = null;
    this.lists.close();
    this.thumbnails.close();
    this.stream.close();
    this.commands.close();
  }

  private dispatch(event: PlaybackEvent): void {
    if (this.closed) return;
    const stamp = { nowMs: this.options.clock.nowMs(), jitter: this.jitter() };
    const before = this.state;
    const { state, effects } = playbackMachine(before, event, stamp);
    if (state === before) return;
    this.state = state;
    const { phase } = state;
    this.store.patch({ phase, ...(phase.kind !== 'idle' && { positionMs: state.positionMs }) });
    if (phase !== before.phase && (phase.kind === 'waiting' || phase.kind === 'failed')) {
      this.report(phase.error, phase.kind === 'waiting');
    }
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: PlaybackEffect): void {
    switch (effect.type) {
      case 'closeStream':
        this.stream.stop();
        this.sink?.stop();
        this.pulse.stop();
        break;
      case 'openStream':
        this.baseMs = Math.floor(effect.fromMs / 1_000) * 1_000;
        this.position.begin(effect.fromMs, 1);
        this.pace.begin();
        this.store.patch({ stalled: false });
        this.pulse.begin(this.baseMs);
        if (this.sinkReady) this.sink?.play();
        break;
      case 'hold':
        this.sink?.hold();
        break;
      case 'release':
        this.position.jump(this.state.positionMs);
        this.pulse.askSoon();
        this.sink?.release();
        break;
      case 'freeze':
        this.sink?.freeze();
        break;
      case 'unfreeze':
        this.sink?.unfreeze();
        break;
      case 'sendSeek':
        void this.sendSeek(effect.seek, effect.toMs);
        break;
      case 'sendPause':
        void this.sendPause(effect.attempt);
        break;
      case 'sendResume':
        void this.sendResume(effect.attempt);
        break;
      case 'setTimer':
        this.cancelTimer = this.options.clock.setTimer(effect.delayMs, () =>
          this.dispatch({ type: 'due' }),
        );
        break;
      case 'clearTimer':
        this.cancelTimer();
        break;
      default:
        effect satisfies never;
    }
  }

  /** Asks for the stream once the surface takes its bytes. */
  private pull(): void {
    const attempt = streamOf(this.state.phase);
    const { day } = this.store;
    if (attempt !== null && day !== null) void this.stream.pull(attempt, this.baseMs, day.endMs);
  }

  private onData(attempt: number, chunk: ArrayBuffer): void {
    if (streamOf(this.state.phase) !== attempt) return;
    this.pulse.heard();
    if (this.state.phase.kind === 'opening') {
      this.pulse.askSoon();
      this.dispatch({ type: 'data', attempt });
      // A stream begins at normal speed, whatever the one before it had.
      if (this.store.speed !== 1) void this.restoreSpeed();
    }
    this.sink?.write(chunk);
  }

  private async restoreSpeed(): Promise<void> {
    const { speed } = this.store;
    this.store.patch({ speed: 1 });
    await this.setSpeed(speed);
  }

  private onEnd(attempt: number): void {
    if (streamOf(this.state.phase) !== attempt) return;
    this.sink?.end();
    this.pulse.ended(attempt);
  }

  private onBroken(attempt: number | null, error: IotError): void {
    if (attempt !== null) this.dispatch({ type: 'broken', attempt, error });
  }

  private onTime(shownMs: number, newestMs: number): void {
    const attempt = streamOf(this.state.phase);
    if (attempt === null) return;
    this.position.onTime(shownMs, newestMs);
    const atMs = this.position.shown(this.store.recordings);
    if (atMs !== null) this.dispatch({ type: 'position', attempt, atMs: Math.round(atMs) });
    this.pulse.finishIfShown();
  }

  private async sendSeek(seek: number, toMs: number): Promise<void> {
    const { baseMs } = this;
    if (toMs < baseMs) {
      this.dispatch({ type: 'seek-failed', seek });
      return;
    }
    const { ok, progressMs } = await this.commands.seek(toMs - baseMs);
    const told = ok ? (progressMs ?? (await this.commands.progress())) : null;
    if (ok) {
      // What makes no sense was not told.
      const reachedMs = told !== null && this.pulse.isInDay(baseMs + told) ? baseMs + told : null;
      this.dispatch({ type: 'seek-done', seek, reachedMs });
    } else {
      this.dispatch({ type: 'seek-failed', seek });
    }
  }

  private async sendPause(attempt: number): Promise<void> {
    const ok = await this.commands.pause();
    this.dispatch({ type: 'pause-done', attempt, ok });
  }

  private async sendResume(attempt: number): Promise<void> {
    this.pulse.heard();
    const ok = await this.commands.resume();
    this.pulse.heard();
    this.dispatch({ type: 'resume-done', attempt, ok });
  }

  private report(cause: unknown, willRetry: boolean): IotError {
    const error = asError(cause);
    const { code, reason, message } = error;
    const level = willRetry ? 'warn' : 'error';
    this.options.log?.({ level, scope: 'playback', message, data: { code, reason, willRetry } });
    try {
      this.options.onError?.(error, willRetry);
    } catch (thrown) {
      // The app's handler must not take playback down with it.
      const data = { thrown };
      this.options.log?.({ level: 'error', scope: 'playback', message: 'onError threw', data });
    }
    return error;
  }

  private jitter(): number {
    const [a = 0, b = 0] = this.options.random.bytes(2);
    return (a * 256 + b) / 65_536;
  }
}
