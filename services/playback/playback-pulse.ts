import type { IotError } from '../errors';
import type { CancelTimer, Clock } from '../host';
import type { PlaybackClock } from './playback-clock';
import type { PlaybackCommands } from './playback-commands';
import { silent, streamEnded } from './playback-errors';
import type { PlaybackLists } from './playback-lists';
import { streamOf } from './playback-machine';
import type { PlaybackEvent, PlaybackState } from './playback-machine';
import type { PlaybackStore } from './playback-store';

export interface PlaybackPulseOptions {
  readonly clock: Clock;
  readonly commands: PlaybackCommands;
  readonly lists: PlaybackLists;
  readonly position: PlaybackClock;
  readonly store: PlaybackStore;
  readonly state: () => PlaybackState;
  readonly dispatch: (event: PlaybackEvent) => void;
}

const WATCH_EVERY_MS = 1_000;
const OPEN_TIMEOUT_MS = 15_000;
const SILENCE_MS = 10_000;
/** How often the camera is asked where it is, in ms. */
const ASK_EVERY_MS = 10_000;
const ASK_SOON_MS = 1_500;
/** What it says is believed while something comes: keyframes alone are seconds apart. */
const BELIEVE_MS = 4_000;
/** A stream that ends within this of a recording's end has sent it all. */
const END_SLACK_MS = 3_000;
const DRAINED_MS = 200;

/** Feels whether the open stream is alive, where it is, and when it is over. */
export class PlaybackPulse {
  private cancelWatch: CancelTimer | null = null;
  /** Unix ms from which the camera counts the open stream's progress. */
  private baseMs = 0;
  private heardAtMs = 0;
  private openedAtMs = 0;
  private askAtMs = 0;
  private asking = false;
  /** The stream that the camera has ended while the rest of it still plays. */
  private endedAttempt = 0;
  private endedAtMs = 0;

  constructor(private readonly options: PlaybackPulseOptions) {}

  /** A stream was asked for. @param baseMs unix ms from which the camera counts its progress */
  begin(baseMs: number): void {
    this.baseMs = baseMs;
    this.openedAtMs = this.options.clock.nowMs();
    this.watch();
  }

  stop(): void {
    this.cancelWatch?.();
    this.cancelWatch = null;
  }

  /** Something came from the camera. */
  heard(): void {
    this.heardAtMs = this.options.clock.nowMs();
  }

  /** Where the camera is has changed. */
  askSoon(): void {
    this.askAtMs = this.options.clock.nowMs() + ASK_SOON_MS;
  }

  /** The camera has sent all of a stream. */
  ended(attempt: number): void {
    this.endedAttempt = attempt;
    this.endedAtMs = this.options.clock.nowMs();
    this.finishIfShown();
  }

  /** The stream is over when the picture has come to its end, not when the bytes have. */
  finishIfShown(): void {
    const { position, clock, state } = this.options;
    const { phase } = state();
    const attempt = this.endedAttempt;
    if (attempt === 0 || streamOf(phase) !== attempt) return;
    if (phase.kind === 'paused' || phase.kind === 'pausing') return;
    const waitedMs = clock.nowMs() - this.endedAtMs;
    const isDrained = position.aheadMs <= DRAINED_MS;
    if (!isDrained && waitedMs < position.aheadMs + END_SLACK_MS) return;
    this.endedAttempt = 0;
    void this.finish(attempt);
  }

  /** Whether a moment can be one of the chosen day: what makes no sense was not told. */
  isInDay(unixMs: number): boolean {
    const { day } = this.options.store;
    return day !== null && unixMs >= day.startMs - 1_000 && unixMs <= day.endMs + 1_000;
  }

  /** What was recorded meanwhile becomes part of today. */
  refresh(atOnce: boolean): Promise<void> {
    const { lists, position, store } = this.options;
    return lists.refresh(position.newest(store.recordings), atOnce);
  }

  /** What was recorded since the day was loaded comes next. */
  private async finish(attempt: number): Promise<void> {
    await this.refresh(true);
    const { position, store, dispatch } = this.options;
    const { recordings } = store;
    const sentMs = position.newest(recordings);
    const cutShort = recordings.some(
      ({ startMs, endMs }) => startMs <= sentMs && sentMs < endMs - END_SLACK_MS,
    );
    if (cutShort) {
      this.broken(attempt, streamEnded());
      return;
    }
    const next = recordings.find(({ startMs }) => startMs > sentMs);
    dispatch({ type: 'ended', attempt, nextMs: next?.startMs ?? null });
  }

  /** Looks once a second whether the stream is alive, and asks the camera now and then where it is. */
  private watch(): void {
    const { clock, state, position } = this.options;
    this.stop();
    this.cancelWatch = clock.setTimer(WATCH_EVERY_MS, () => {
      this.cancelWatch = null;
      const { phase } = state();
      const attempt = streamOf(phase);
      if (attempt === null) return;
      const nowMs = clock.nowMs();
      if (phase.kind === 'opening' && nowMs - this.openedAtMs > OPEN_TIMEOUT_MS) {
        this.broken(attempt, silent('the camera sends no recording'));
      } else if (phase.kind === 'playing' && this.endedAttempt !== attempt) {
        if (nowMs - this.heardAtMs > SILENCE_MS && position.aheadMs < WATCH_EVERY_MS) {
          this.broken(attempt, silent('the recording stopped to arrive'));
        } else if (nowMs >= this.askAtMs) void this.ask(attempt);
      }
      this.finishIfShown();
      void this.refresh(false);
      if (streamOf(state().phase) === attempt) this.watch();
    });
  }

  private async ask(attempt: number): Promise<void> {
    if (this.asking) return;
    const { clock, commands, position, state } = this.options;
    this.asking = true;
    this.askAtMs = clock.nowMs() + ASK_EVERY_MS;
    const { baseMs } = this;
    const { seeks } = state();
    const progressMs = await commands.progress();
    this.asking = false;
    const { phase, seeks: seeksNow } = state();
    const isHeard = clock.nowMs() - this.heardAtMs < BELIEVE_MS;
    const isCurrent =
      phase.kind === 'playing' && phase.attempt === attempt && seeksNow === seeks && isHeard;
    if (progressMs !== null && isCurrent && this.isInDay(baseMs + progressMs)) {
      position.tie(baseMs + progressMs);
    }
  }

  private broken(attempt: number, error: IotError): void {
    this.options.dispatch({ type: 'broken', attempt, error });
  }
}
