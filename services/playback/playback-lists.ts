import type { IotError } from '../errors';
import type { Clock } from '../host';
import type { CalendarDate, TimeSpan } from './camera-time';
import type { Month } from './month';
import type { PlaybackCommands } from './playback-commands';
import type { PlaybackStore } from './playback-store';

export interface PlaybackListsOptions {
  readonly store: PlaybackStore;
  readonly commands: PlaybackCommands;
  readonly clock: Clock;
  /** Tells the app; returns the error that it is. */
  readonly report: (cause: unknown) => IotError;
}

/** A day that is not over is looked at again, when playback comes near the end of what is known, in ms. */
const REFRESH_EVERY_MS = 5_000;
export const NEAR_END_MS = 8_000;

/** What the camera says it has: the month of the calendar, and the day. The latest wish wins. */
export class PlaybackLists {
  private wishes = 0;
  private refreshedAtMs = -REFRESH_EVERY_MS;
  private closed = false;

  constructor(private readonly options: PlaybackListsOptions) {}

  /** Loads the days of a month. Never rejects: the store tells. */
  async showMonth({ year, month }: Month): Promise<void> {
    const { store, commands } = this.options;
    const wanted = { year, month };
    store.patch({ month: wanted, monthState: 'loading', recordedDays: new Set() });
    const isWanted = (): boolean => store.month === wanted && !this.closed;
    try {
      const recordedDays = await commands.month(wanted);
      if (isWanted()) store.patch({ recordedDays, monthState: 'loaded' });
    } catch (cause) {
      if (!isWanted()) return;
      store.patch({ monthState: 'failed', listError: this.options.report(cause) });
    }
  }

  /**
   * Loads what was recorded on a day. Never rejects: the store tells.
   * @returns null when it could not be had, or another day was wanted meanwhile.
   */
  async loadDay(date: CalendarDate): Promise<readonly TimeSpan[] | null> {
    const { store, commands } = this.options;
    const wish = ++this.wishes;
    const day = store.time.dayOf(date);
    const none = { recordings: [], events: [], clip: null, positionMs: null };
    store.patch({ date, day, dayState: 'loading', hasPicture: false, listError: null, ...none });
    const isWanted = (): boolean => wish === this.wishes && !this.closed;
    try {
      const loaded = await commands.recordings(day);
      if (!isWanted()) return null;
      store.patch({ ...loaded, dayState: 'loaded' });
      return loaded.recordings;
    } catch (cause) {
      if (!isWanted()) return null;
      store.patch({ dayState: 'failed', listError: this.options.report(cause) });
      return null;
    }
  }

  /**
   * What is recorded meanwhile becomes part of today.
   * @param newestMs how far playback is, in unix ms
   * @param atOnce however lately it was looked
   */
  async refresh(newestMs: number, atOnce: boolean): Promise<void> {
    const { store, commands, clock } = this.options;
    const { day, recordings } = store;
    const last = recordings[recordings.length - 1];
    const nowMs = clock.nowMs();
    if (day === null || last === undefined || clock.wallMs() >= day.endMs) return;
    const isNear = newestMs >= last.endMs - NEAR_END_MS;
    if (!isNear || (!atOnce && nowMs - this.refreshedAtMs < REFRESH_EVERY_MS)) return;
    this.refreshedAtMs = nowMs;
    const wish = this.wishes;
    try {
      const fresh = await commands.recordings(day);
      if (wish === this.wishes && !this.closed && fresh.recordings.length > 0) store.patch(fresh);
    } catch {
      // What is known stays; the next look may succeed.
    }
  }

  close(): void {
    this.closed = true;
  }
}
