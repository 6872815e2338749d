import type { IotError } from '../errors';

/** The life of a call, in the order of its course. */
export type CallPhase =
  | 'idle'
  /** The user is asked for the microphone, before the camera rings or is told that it was answered. */
  | 'preparing'
  /** The camera is asked to ring; it does once `isTaken`. */
  | 'calling'
  /** The camera calls: it is here that it rings. */
  | 'ringing'
  /** Both sides have agreed, the sound is on its way. */
  | 'connecting'
  | 'talking';

/** How a call ended. */
export type CallEnd =
  /** Here: hung up, given up or rejected. */
  | 'hung-up'
  /** At the camera. */
  | 'ended'
  | 'rejected'
  | 'busy'
  /** Nobody answered at the camera. */
  | 'unanswered'
  /** Nobody answered here. */
  | 'missed'
  /** Somebody else has taken the camera's call. */
  | 'answered-elsewhere'
  /** The camera cannot be called. */
  | 'unsupported'
  /** `error` tells why. */
  | 'failed';

export interface CallState {
  readonly phase: CallPhase;
  /** Grows with each call; what belongs to an old one is ignored. */
  readonly attempt: number;
  /** Who calls: `out` the user, `in` the camera. */
  readonly direction: 'out' | 'in';
  /** The call's name, which our cameras repeat; `''` where the camera gave none. */
  readonly callId: string;
  /** Whether a picture goes with the sound. */
  readonly video: boolean;
  /** The camera has said that it does what it was asked. */
  readonly isTaken: boolean;
  /** How the latest call ended; null before the first one and while one goes on. */
  readonly end: CallEnd | null;
  readonly error: IotError | null;
}

export const INITIAL_CALL_STATE: CallState = {
  phase: 'idle',
  attempt: 0,
  direction: 'out',
  callId: '',
  video: false,
  isTaken: false,
  end: null,
  error: null,
};

/** How long each phase may last, in ms; a camera rings for the seed's 60 s. */
export const CALL_LIMITS_MS: Readonly<Partial<Record<CallPhase, number>>> = {
  preparing: 60_000,
  calling: 60_000,
  ringing: 60_000,
  connecting: 20_000,
};
