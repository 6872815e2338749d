import { action, computed, makeObservable, observable } from 'mobx';
import type { IotError } from '../errors';
import type { PathInfo } from '../p2p/module';
import type { LaunchTrace } from './launch-trace';
import { initialPlayerState } from './player-state';
import type { PlayerState } from './player-state';
import { playerStatus, sameStatus } from './player-status';
import type { PlayerStatus } from './player-status';
import type { SinkProgress, VideoSize } from './sink';
import type { MuteCause } from './sound-group';
import type { StreamStats } from './stream-meter';

export interface PlayerSettings {
  /** Browsers let a page start with sound only after a tap (default true). */
  readonly muted?: boolean;
  /** 0 to 1 (default 1). */
  readonly volume?: number;
}

/** The fields of a store that are not the machine's. */
export type PlayerValues = Pick<
  PlayerStore,
  | 'muted'
  | 'muteCause'
  | 'volume'
  | 'videoSize'
  | 'path'
  | 'nextRetryInS'
  | 'progress'
  | 'stats'
  | 'trace'
>;

/**
 * What views observe of a player. It changes when the state does and at most once a second beside
 * that: the bytes of the stream never reach it. Written by the controller only.
 */
export class PlayerStore {
  /** The machine's state, for diagnosis; `status` is what users are told of it. */
  state: PlayerState = initialPlayerState();
  status: PlayerStatus = playerStatus(this.state);
  muted: boolean;
  /** Who turned the sound off; null while it is on. */
  muteCause: MuteCause | null;
  /** 0 to 1. */
  volume: number;
  /** Size of the picture; null before the first one. */
  videoSize: VideoSize | null = null;
  /** How the connection reaches the camera; null while there is none. */
  path: PathInfo | null = null;
  /** Whole seconds until the next try; null when none is due. */
  nextRetryInS: number | null = null;
  progress: SinkProgress | null = null;
  /** How the stream of the latest pull comes; null before the first second of it. */
  stats: StreamStats | null = null;
  /** How the latest launch went. */
  trace: LaunchTrace | null = null;

  constructor({ muted = true, volume = 1 }: PlayerSettings = {}) {
    this.muted = muted;
    this.muteCause = muted ? 'user' : null;
    this.volume = volume;
    makeObservable(this, {
      state: observable.ref,
      status: observable.ref,
      muted: observable,
      muteCause: observable,
      volume: observable,
      videoSize: observable.ref,
      path: observable.ref,
      nextRetryInS: observable,
      progress: observable.ref,
      stats: observable.ref,
      trace: observable.ref,
      error: computed,
      playing: computed,
      failures: computed,
      enter: action,
      patch: action,
    });
  }

  /** What is wrong, while something is. */
  get error(): IotError | null {
    return this.status.error;
  }

  /** Whether the picture moves. */
  get playing(): boolean {
    return this.status.kind === 'playing';
  }

  /** Failures in a row. */
  get failures(): number {
    return this.status.failures;
  }

  /** Takes over a state of the machine. */
  enter(state: PlayerState, trace: LaunchTrace | null): void {
    this.state = state;
    this.trace = trace;
    const status = playerStatus(state);
    if (!sameStatus(status, this.status)) this.status = status;
  }

  /** Takes over values that are not the machine's. */
  patch(values: Partial<PlayerValues>): void {
    Object.assign(this, values);
  }
}
