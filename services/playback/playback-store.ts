import { action, computed, makeObservable, observable } from 'mobx';
import type { IotError } from '../errors';
import { CameraTime } from './camera-time';
import type { CalendarDate, TimeSpan } from './camera-time';
import type { Month } from './month';
import type { PlaybackPhase } from './playback-machine';
import type { PlaybackThumbnail } from './thumbnails';

/** How a list is doing. */
export type ListState = 'none' | 'loading' | 'loaded' | 'failed';

/** What views observe of a playback. Written by the controller only. */
export class PlaybackStore {
  phase: PlaybackPhase = { kind: 'idle' };
  /** The recorded moment that is shown or wanted, in unix ms; null before there is one. */
  positionMs: number | null = null;
  /** The clock of the camera. */
  time: CameraTime = CameraTime.of();
  /** The month of the calendar, and its days with recordings. */
  month: Month | null = null;
  recordedDays: ReadonlySet<number> = new Set();
  monthState: ListState = 'none';
  date: CalendarDate | null = null;
  /** The chosen day. */
  day: TimeSpan | null = null;
  recordings: readonly TimeSpan[] = [];
  /** What the camera marks of it: something moved, or the like. */
  events: readonly TimeSpan[] = [];
  /** Pictures that were wanted (`wantThumbnails`) and are there, by unix second. */
  thumbnails: ReadonlyMap<number, PlaybackThumbnail> = new Map();
  /** Whether the camera has such pictures. */
  hasThumbnails = false;
  /** What is chosen to be saved; null while nothing is. */
  clip: TimeSpan | null = null;
  dayState: ListState = 'none';
  /** Why month or day could not be loaded. */
  listError: IotError | null = null;
  /** How many times as fast it plays. */
  speed = 1;
  /** Those that the camera has; only 1 where it has none. */
  speeds: readonly number[] = [1];
  muted = true;
  stalled = false;
  /** The host plays only on a tap. */
  blocked = false;
  /** Whether a picture was shown since playback began. */
  hasPicture = false;

  constructor() {
    makeObservable(this, {
      phase: observable.ref,
      positionMs: observable,
      time: observable.ref,
      month: observable.ref,
      recordedDays: observable.ref,
      monthState: observable,
      date: observable.ref,
      day: observable.ref,
      recordings: observable.ref,
      events: observable.ref,
      thumbnails: observable.ref,
      hasThumbnails: observable,
      clip: observable.ref,
      dayState: observable,
      listError: observable.ref,
      speed: observable,
      speeds: observable.ref,
      muted: observable,
      stalled: observable,
      blocked: observable,
      hasPicture: observable,
      playing: computed,
      busy: computed,
      patch: action,
    });
  }

  /** Whether the picture is to move, as opposed to paused or over. */
  get playing(): boolean {
    return ['opening', 'playing', 'seeking', 'resuming', 'waiting'].includes(this.phase.kind);
  }

  /** Whether something is waited for. */
  get busy(): boolean {
    const { kind } = this.phase;
    const waits = kind === 'opening' || kind === 'seeking' || kind === 'waiting';
    return waits || (kind === 'playing' && (this.stalled || !this.hasPicture));
  }

  patch(values: Partial<Omit<PlaybackStore, 'patch' | 'playing' | 'busy'>>): void {
    Object.assign(this, values);
  }
}
