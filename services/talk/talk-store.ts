import { action, computed, makeObservable, observable } from 'mobx';
import type { TalkFeatures } from '../commands';
import type { IotError } from '../errors';
import { INITIAL_TALK_STATE } from './talk-state';
import type { TalkPhase, TalkState } from './talk-state';
import type { TalkProfile } from './water-marks';

/** What views observe of a talk. Written by the controller only. */
export class TalkStore {
  /** The machine's state, for diagnosis. */
  state: TalkState = INITIAL_TALK_STATE;
  /** Loudness, 0 to 1; ten times a second at most. */
  level = 0;
  /** Silence is sent. */
  muted = false;
  /** `low` while the network carries no more. */
  profile: TalkProfile = 'high';
  /** What the camera's loudspeaker can do; null while that is not known, and where it has none. */
  features: TalkFeatures | null = null;
  /** `asking` until the camera has told; `none`: it cannot be talked to. */
  availability: 'asking' | 'available' | 'none' = 'asking';

  constructor() {
    makeObservable(this, {
      state: observable.ref,
      level: observable,
      muted: observable,
      profile: observable,
      features: observable.ref,
      availability: observable,
      phase: computed,
      error: computed,
      enter: action,
      patch: action,
    });
  }

  get phase(): TalkPhase {
    return this.state.phase;
  }

  /** Why the latest talk did not start, or ended. */
  get error(): IotError | null {
    return this.state.error;
  }

  /** Takes over a state of the machine. */
  enter(state: TalkState): void {
    this.state = state;
    if (state.phase === 'idle') this.level = 0;
  }

  /** Takes over values that are not the machine's. */
  patch(
    values: Partial<Pick<TalkStore, 'level' | 'muted' | 'profile' | 'features' | 'availability'>>,
  ): void {
    Object.assign(this, values);
  }
}
