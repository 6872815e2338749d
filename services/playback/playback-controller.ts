import { toIotError } from '../device';
import type { DeviceLease, DeviceSessions, IotDevice } from '../device';
import { IotError, XP2PErrorCode } from '../errors';
import type { CancelTimer, Clock, Random } from '../host';
import type { Log } from '../log';
import { CameraTime } from './camera-time';
import type { CalendarDate } from './camera-time';
import type { Month } from './month';
import { PlaybackClock } from './playback-clock';
import { PlaybackCommands } from './playback-commands';
import { IDLE, playbackMachine, streamOf } from './playback-machine';
import type { PlaybackEffect, PlaybackEvent, PlaybackState } from './playback-machine';
import type { PlaybackSink } from './playback-sink';
import { PlaybackStore } from './playback-store';
import { nearestRecorded, walk } from './recordings';

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

const WATCH_EVERY_MS = 1_000;
const OPEN_TIMEOUT_MS = 15_000;
const SILENCE_MS = 10_000;
/** How often the camera is asked where it is, in ms. */
const ASK_EVERY_MS = 10_000;
const ASK_SOON_MS = 1_500;
/** A stream that ends within this of a recording's end has sent it all. */
const END_SLACK_MS = 3_000;
const DRAINED_MS = 200;
/** A day that is not over is looked at again, when playback comes near the end of what is known, in ms. */
const REFRESH_EVERY_MS = 5_000;
const NEAR_END_MS = 8_000;

/** Plays what a camera has recorded: calendar, day, and the stream with its pauses, seeks and losses. */
export class PlaybackController {
  readonly store = new PlaybackStore();
  private state: PlaybackState = IDLE;
  private readonly commands: PlaybackCommands;
  private readonly position = new PlaybackClock();
  private sink: PlaybackSink | null = null;
  private sinkReady = false;
  private lease: DeviceLease | null = null;
  private cancelTimer: CancelTimer = () => undefined;
  private cancelWatch: CancelTimer | null = null;
  /** Unix ms from which the camera counts the open stream's progress. */
  private baseMs = 0;
  private pulledAttempt = 0;
  private heardAtMs = 0;
  private openedAtMs = 0;
  private askAtMs = 0;
  private asking = false;
  /** The stream that the camera has ended while the rest of it still plays. */
  private endedAttempt = 0;
  private endedAtMs = 0;
  private lists = 0;
  private refreshedAtMs = -REFRESH_EVERY_MS;
  private closed = false;

  constructor(private readonly options: PlaybackControllerOptions) {
    const { sessions, clock, device, channel = 0 } = options;
    this.commands = new PlaybackCommands({ sessions, clock, device, channel });
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
    this.store.patch({ time: CameraTime.of(zone), speeds: features.speeds });
    const today = this.store.time.dateAt(this.options.clock.wallMs());
    await this.showMonth(date ?? today);
    if (this.closed) return;
    const latest = Math.max(...this.store.recordedDays, 0);
    await this.chooseDate(date ?? (latest > 0 ? { ...today, day: latest } : today));
  }

  /** Loads the days of a month into the calendar. Never rejects: the store tells. */
  async showMonth({ year, month }: Month): Promise<void> {
    const wanted = { year, month };
    this.store.patch({ month: wanted, monthState: 'loading', recordedDays: new Set() });
    try {
      const recordedDays = await this.commands.month(wanted);
      if (this.store.month === wanted) this.store.patch({ recordedDays, monthState: 'loaded' });
    } catch (cause) {
      if (this.store.month !== wanted) return;
      this.store.patch({ monthState: 'failed', listError: this.report(cause, false) });
    }
  }

  /** Loads a day, and plays its latest recording where there is one. Never rejects. */
  async chooseDate(date: CalendarDate): Promise<void> {
    const list = ++this.lists;
    const day = this.store.time.dayOf(date);
    this.dispatch({ type: 'close' });
    const none = { recordings: [], positionMs: null, hasPicture: false, listError: null };
    this.store.patch({ date, day, dayState: 'loading', ...none });
    try {
      const recordings = await this.commands.recordings(day);
      if (list !== this.lists || this.closed) return;
      this.store.patch({ recordings, dayState: 'loaded' });
      const last = recordings[recordings.length - 1];
      if (last !== undefined) this.dispatch({ type: 'open', atMs: last.startMs });
    } catch (cause) {
      if (list !== this.lists || this.closed) return;
      this.store.patch({ dayState: 'failed', listError: this.report(cause, false) });
    }
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
    await this.refresh(true);
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
    if (streamOf(this.state.phase) !== null && !(await this.commands.setSpeed(speed))) {
      // It said that it could; it cannot.
      this.store.patch({ speeds: [1], speed: 1 });
      return;
    }
    this.position.setSpeed(speed, this.store.recordings);
    this.store.patch({ speed, stalled: false });
    this.askAtMs = this.options.clock.nowMs() + ASK_SOON_MS;
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
      onStartPull: () => void this.startStream(streamOf(this.state.phase)),
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
    this.cancelWatch?.();
    this.sink?.close();
    this.sink = null;
    this.releaseLease();
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
        this.lease?.stopStream();
        this.sink?.stop();
        this.cancelWatch?.();
        this.cancelWatch = null;
        break;
      case 'openStream':
        this.openedAtMs = this.options.clock.nowMs();
        this.baseMs = Math.floor(effect.fromMs / 1_000) * 1_000;
        this.position.begin(effect.fromMs, 1);
        this.store.patch({ stalled: false });
        this.watch();
        if (this.sinkReady) this.sink?.play();
        break;
      case 'hold':
        this.sink?.hold();
        break;
      case 'release':
        this.position.jump(this.state.positionMs);
        this.askAtMs = this.options.clock.nowMs() + ASK_SOON_MS;
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
  private async startStream(attempt: number | null): Promise<void> {
    const { sessions, device, channel = 0 } = this.options;
    const { day } = this.store;
    if (attempt === null || attempt === this.pulledAttempt || day === null) return;
    this.pulledAttempt = attempt;
    const isCurrent = (): boolean => streamOf(this.state.phase) === attempt && !this.closed;
    const start = this.baseMs / 1_000;
    const end = Math.max(start + 5, Math.ceil(day.endMs / 1_000));
    const params = `action=playback&channel=${channel}&start_time=${start}&end_time=${end}`;
    try {
      await sessions.init(device);
      if (!isCurrent()) return;
      this.lease ??= sessions.acquire(device, {
        onPath: () => undefined,
        onDisconnect: (error) => {
          this.releaseLease();
          this.onBroken(streamOf(this.state.phase), error);
        },
      });
      await this.lease.connect(params);
      if (!isCurrent()) return;
      await this.lease.startStream(params, {
        onRequest: () => undefined,
        onParsed: (status) => {
          if (status >= 400) this.onBroken(attempt, streamRejected(status));
        },
        onData: (chunk) => this.onData(attempt, chunk),
        onEnd: () => this.onEnd(attempt),
        onFail: (error) => this.onBroken(attempt, error),
      });
    } catch (cause) {
      const error = asError(cause);
      // A connection that failed is no good for the next try either.
      if (error.phase !== 'stream') this.releaseLease();
      this.onBroken(attempt, error);
    }
  }

  private onData(attempt: number, chunk: ArrayBuffer): void {
    if (streamOf(this.state.phase) !== attempt) return;
    const nowMs = this.options.clock.nowMs();
    this.heardAtMs = nowMs;
    if (this.state.phase.kind === 'opening') {
      this.askAtMs = nowMs + ASK_SOON_MS;
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
    this.endedAttempt = attempt;
    this.endedAtMs = this.options.clock.nowMs();
    this.finishIfShown();
  }

  /** The stream is over when the picture has come to its end, not when the bytes have. */
  private finishIfShown(): void {
    const attempt = this.endedAttempt;
    if (attempt === 0 || streamOf(this.state.phase) !== attempt) return;
    const waitedMs = this.options.clock.nowMs() - this.endedAtMs;
    const isDrained = this.position.aheadMs <= DRAINED_MS;
    const frozen = this.state.phase.kind === 'paused' || this.state.phase.kind === 'pausing';
    if (!isDrained && !frozen && waitedMs < this.position.aheadMs + END_SLACK_MS) return;
    if (frozen) return;
    this.endedAttempt = 0;
    void this.finish(attempt);
  }

  /** What was recorded since the day was loaded comes next. */
  private async finish(attempt: number): Promise<void> {
    await this.refresh(true);
    const { recordings } = this.store;
    const sentMs = this.position.newest(recordings);
    const cutShort = recordings.some(
      ({ startMs, endMs }) => startMs <= sentMs && sentMs < endMs - END_SLACK_MS,
    );
    if (cutShort) {
      this.onBroken(attempt, streamEnded());
      return;
    }
    const next = recordings.find(({ startMs }) => startMs > sentMs);
    this.dispatch({ type: 'ended', attempt, nextMs: next?.startMs ?? null });
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
    this.finishIfShown();
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
      const reachedMs = told !== null && this.isInDay(baseMs + told) ? baseMs + told : null;
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
    this.heardAtMs = this.options.clock.nowMs();
    const ok = await this.commands.resume();
    this.heardAtMs = this.options.clock.nowMs();
    this.dispatch({ type: 'resume-done', attempt, ok });
  }

  /** Looks once a second whether the stream is alive, and asks the camera now and then where it is. */
  private watch(): void {
    this.cancelWatch?.();
    this.cancelWatch = this.options.clock.setTimer(WATCH_EVERY_MS, () => {
      this.cancelWatch = null;
      const { phase } = this.state;
      const attempt = streamOf(phase);
      if (attempt === null) return;
      const nowMs = this.options.clock.nowMs();
      if (phase.kind === 'opening' && nowMs - this.openedAtMs > OPEN_TIMEOUT_MS) {
        this.onBroken(attempt, silent('the camera sends no recording'));
      } else if (phase.kind === 'playing' && this.endedAttempt !== attempt) {
        if (nowMs - this.heardAtMs > SILENCE_MS && this.position.aheadMs < WATCH_EVERY_MS) {
          this.onBroken(attempt, silent('the recording stopped to arrive'));
        } else if (nowMs >= this.askAtMs) void this.ask(attempt);
      }
      this.finishIfShown();
      void this.refresh();
      if (streamOf(this.state.phase) === attempt) this.watch();
    });
  }

  private async ask(attempt: number): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    this.askAtMs = this.options.clock.nowMs() + ASK_EVERY_MS;
    const { baseMs } = this;
    const { seeks } = this.state;
    const progressMs = await this.commands.progress();
    this.asking = false;
    const { phase } = this.state;
    const isCurrent =
      phase.kind === 'playing' && phase.attempt === attempt && this.state.seeks === seeks;
    if (progressMs !== null && isCurrent && this.isInDay(baseMs + progressMs)) {
      this.position.tie(baseMs + progressMs);
    }
  }

  /** What is recorded meanwhile becomes part of today. */
  private async refresh(atEnd = false): Promise<void> {
    const { day, recordings } = this.store;
    const { clock } = this.options;
    const last = recordings[recordings.length - 1];
    const nowMs = clock.nowMs();
    if (day === null || last === undefined || clock.wallMs() >= day.endMs) return;
    const isNear = this.position.newest(recordings) >= last.endMs - NEAR_END_MS;
    if (!isNear || (!atEnd && nowMs - this.refreshedAtMs < REFRESH_EVERY_MS)) return;
    this.refreshedAtMs = nowMs;
    const list = this.lists;
    try {
      const fresh = await this.commands.recordings(day);
      if (list === this.lists && !this.closed && fresh.length > 0) {
        this.store.patch({ recordings: fresh });
      }
    } catch {
      // What is known stays; the next look may succeed.
    }
  }

  private isInDay(unixMs: number): boolean {
    const { day } = this.store;
    return day !== null && unixMs >= day.startMs - 1_000 && unixMs <= day.endMs + 1_000;
  }

  private releaseLease(): void {
    this.lease?.release();
    this.lease = null;
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

function asError(cause: unknown): IotError {
  return toIotError(cause, {
    code: XP2PErrorCode.StreamFailed,
    phase: 'stream',
    reason: 'internal',
    message: cause instanceof Error ? cause.message : String(cause),
    retryable: true,
  });
}

function streamError(
  reason: 'request-rejected' | 'no-data' | 'stream-ended' | 'device-busy',
  message: string,
  retryable: boolean,
): IotError {
  const code = XP2PErrorCode.StreamFailed;
  return new IotError({ code, phase: 'stream', reason, message, retryable });
}

function streamRejected(status: number): IotError {
  const isBusy = status === 503;
  return streamError(
    isBusy ? 'device-busy' : 'request-rejected',
    `the camera answered ${status}`,
    status >= 500,
  );
}

function silent(message: string): IotError {
  return streamError('no-data', message, true);
}

function streamEnded(): IotError {
  return streamError('stream-ended', 'the camera ended the stream before the recording did', true);
}
