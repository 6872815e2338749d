import { action, computed, makeObservable, observable } from 'mobx';
import type { CallFeatures } from '../commands';
import type { IotError } from '../errors';
import type { TalkStore } from '../talk';
import { INITIAL_CALL_STATE } from './call-state';
import type { CallEnd, CallPhase, CallState } from './call-state';

/** What views observe of a call. Written by the controller only. */
export class CallStore {
  /** The machine's state, for diagnosis. */
  state: CallState = INITIAL_CALL_STATE;
  /** What the camera can do; null while that is not known, and where it cannot be called. */
  features: CallFeatures | null = null;
  /** `asking` until the camera has told; `none`: it cannot be called. */
  availability: 'asking' | 'available' | 'none' = 'asking';
  /** On the host's clock, in ms, since both hear each other; null before. */
  sinceMs: number | null = null;

  /** @param voice of the call's own sound: level, profile, mute */
  constructor(readonly voice: TalkStore) {
    makeObservable(this, {
      state: observable.ref,
      features: observable.ref,
      availability: observable,
      sinceMs: observable,
      phase: computed,
      end: computed,
      error: computed,
      video: computed,
      enter: action,
      patch: action,
    });
  }

  get phase(): CallPhase {
    return this.state.phase;
  }

  /** How the latest call ended. */
  get end(): CallEnd | null {
    return this.state.end;
  }

  /** Why it failed, where it did. */
  get error(): IotError | null {
    return this.state.error;
  }

  /** Whether a picture goes with the sound. */
  get video(): boolean {
    return this.state.video;
  }

  /** Takes over a state of the machine. */
  enter(state: CallState, nowMs: number): void {
    this.state = state;
    if (state.phase !== 'talking') this.sinceMs = null;
    else this.sinceMs ??= nowMs;
  }

  /** Takes over values that are not the machine's. */
  patch(values: Partial<Pick<CallStore, 'features' | 'availability'>>): void {
    Object.assign(this, values);
  }
}
