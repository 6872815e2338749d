import type { PtzFeatures } from '../commands';

/** Where a camera can be sent; the seed knows the first four only. */
export const PTZ_DIRECTIONS = [
  'up',
  'down',
  'left',
  'right',
  'up_left',
  'up_right',
  'down_left',
  'down_right',
  'zoom_in',
  'zoom_out',
] as const;

export type PtzDirection = (typeof PTZ_DIRECTIONS)[number];

/** What a finger holds. */
export interface PtzDrive {
  readonly direction: PtzDirection;
  /** 1 to 10; null: as fast as the camera likes. */
  readonly speed: number | null;
}

/** Moves the camera; of several that wait, the last one wins. */
export type PtzMotion =
  | ({ readonly kind: 'press' } & PtzDrive)
  /** A short way, that ends by itself. */
  | ({ readonly kind: 'step' } & PtzDrive)
  | { readonly kind: 'release' }
  | { readonly kind: 'home' }
  | { readonly kind: 'preset-go'; readonly preset: number };

/** Does not move the camera, and waits until nothing moves it. */
export type PtzErrand =
  | { readonly kind: 'preset-list' }
  | { readonly kind: 'preset-set'; readonly preset: number; readonly name: string }
  | { readonly kind: 'preset-delete'; readonly preset: number };

export type PtzCommand = PtzMotion | PtzErrand;

export interface PtzPreset {
  /** From 1. */
  readonly id: number;
  readonly name: string;
}

/** What went wrong last; null again with the next success. */
export type PtzProblem = 'unanswered' | 'refused' | 'unsupported' | 'lost';

/** What came of a command. */
export type PtzReply =
  | {
      readonly kind: 'answered';
      /** Null when the camera did what it was told. */
      readonly problem: 'refused' | 'unsupported' | null;
      /** The camera is at the end of its way. */
      readonly apex: boolean;
      /** Of `preset-list`. */
      readonly presets?: readonly PtzPreset[];
    }
  | { readonly kind: 'unanswered' };

export interface PtzMachineOptions {
  /** How the camera is driven: from press to release, or in steps that are repeated while held. */
  readonly drive: 'hold' | 'step';
  /** From the lift of the finger to the release, in ms; the seed waits 500, 0 is at once. */
  readonly releaseDelayMs: number;
  /** A press that is held is repeated so often, in ms. */
  readonly refreshMs: number;
}

export interface PtzState {
  readonly hand: PtzDrive | null;
  readonly wanted: PtzMotion | null;
  readonly errands: readonly PtzErrand[];
  readonly inFlight: { readonly number: number; readonly command: PtzCommand } | null;
  /** Commands sent so far. */
  readonly sent: number;
  /** A press may have reached the camera; only an answered release ends that. */
  readonly driving: boolean;
  /** A press without an answer may yet arrive, after the release even. */
  readonly unsure: boolean;
  /** Releases without an answer, in a row. */
  readonly failures: number;
  readonly releaseAtMs: number | null;
  readonly retryAtMs: number | null;
  readonly refreshAtMs: number | null;
  readonly cruise: PtzCruise | null;
  readonly lastDirection: PtzDirection | null;
  /** The direction in which the camera can go no further. */
  readonly apex: PtzDirection | null;
  readonly problem: PtzProblem | null;
  readonly presets: readonly PtzPreset[];
}

/** A round of presets. */
export interface PtzCruise {
  readonly presets: readonly number[];
  /** From one to the next, in ms. */
  readonly dwellMs: number;
  readonly index: number;
  readonly nextAtMs: number;
}

export const INITIAL_PTZ_STATE: PtzState = {
  hand: null,
  wanted: null,
  errands: [],
  inFlight: null,
  sent: 0,
  driving: false,
  unsure: false,
  failures: 0,
  releaseAtMs: null,
  retryAtMs: null,
  refreshAtMs: null,
  cruise: null,
  lastDirection: null,
  apex: null,
  problem: null,
  presets: [],
};

/** What the seed's demo can do with a camera of which nothing is known. */
export const REFERENCE_PTZ: PtzFeatures = {
  directions: ['up', 'down', 'left', 'right'],
  maxPresets: 0,
  home: false,
  speed: false,
  safetyMs: null,
};
