import type { IotError } from '../errors';

/** The life of a talk, in the order of its start (guide §"语音对讲"). */
export type TalkPhase =
  | 'idle'
  /** The user is asked for the microphone. */
  | 'authorising'
  /** The camera is asked whether somebody else talks. */
  | 'checking'
  /** The player gives way, the camera opens its loudspeaker, the microphone starts. */
  | 'starting'
  | 'sending'
  /** What was said is on its way out. */
  | 'stopping';

export interface TalkState {
  readonly phase: TalkPhase;
  /** Grows with each start; what belongs to an old one is ignored. */
  readonly attempt: number;
  /** Why the latest talk did not start, or ended; null while all is well. */
  readonly error: IotError | null;
  /** Somebody wants to talk again as soon as the last talk has ended. */
  readonly again: boolean;
}

export const INITIAL_TALK_STATE: TalkState = {
  phase: 'idle',
  attempt: 0,
  error: null,
  again: false,
};

/** How long each phase may last, in ms; users may take their time to allow the microphone. */
export const TALK_LIMITS_MS: Readonly<Partial<Record<TalkPhase, number>>> = {
  authorising: 60_000,
  checking: 10_000,
  starting: 20_000,
  stopping: 1_500,
};
