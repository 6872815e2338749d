import { action, makeObservable, observable } from 'mobx';
import type { PtzFeatures } from '../commands';
import { INITIAL_PTZ_STATE } from './ptz-state';
import type { PtzDirection, PtzDrive, PtzPreset, PtzProblem, PtzState } from './ptz-state';

/** What views observe of the steering. Written by the controller only. */
export class PtzStore {
  /** The machine's state, for diagnosis. */
  state: PtzState = INITIAL_PTZ_STATE;
  /** What is held at present. */
  hand: PtzDrive | null = null;
  /** The direction in which the camera can go no further. */
  apex: PtzDirection | null = null;
  problem: PtzProblem | null = null;
  presets: readonly PtzPreset[] = [];
  /** Whether the camera goes round its presets. */
  cruising = false;
  /** What the camera can do; null while that is not known, and where it cannot be steered. */
  features: PtzFeatures | null = null;
  /** `asking` until it is known whether the camera can be steered. */
  availability: 'asking' | 'available' | 'none' = 'asking';

  constructor() {
    makeObservable(this, {
      state: observable.ref,
      hand: observable.ref,
      apex: observable,
      problem: observable,
      presets: observable.ref,
      cruising: observable,
      features: observable.ref,
      availability: observable,
      enter: action,
      offer: action,
    });
  }

  /** Takes over a state of the machine. */
  enter(state: PtzState): void {
    this.state = state;
    this.hand = state.hand;
    this.apex = state.apex;
    this.problem = state.problem;
    this.presets = state.presets;
    this.cruising = state.cruise !== null;
  }

  /** Takes over what the camera can do; null: it cannot be steered. */
  offer(features: PtzFeatures | null): void {
    this.features = features;
    this.availability = features === null ? 'none' : 'available';
  }
}
