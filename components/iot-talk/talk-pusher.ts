import type { IotError } from '@services/errors';
import type { TalkSource } from '@services/talk';
import type { PusherSettings } from './pusher-events';

/** A host's pusher, which captures AAC in FLV and takes out echo. */
export interface TalkPusher {
  /** What a `TalkController` is given. */
  readonly source: TalkSource;
  /** False where it turned out that the app has none. */
  readonly isThere: boolean;
  /** The other one of the phone's cameras, while one is on. */
  switchCamera(): void;
  /** Called when the system denies the microphone after the talk has ended: its dialogue hid the page. */
  onDenied: ((error: IotError) => void) | null;
}

export interface TalkPusherOptions {
  /** Whether the talk that begins has a picture (default: none has). */
  readonly isVideo?: () => boolean;
}

export interface TalkPusherSurfaceProps {
  /** Of `useTalkPusher`; keep it stable. */
  readonly pusher: TalkPusher;
  /** Other attributes than those for a talk. */
  readonly settings?: PusherSettings;
  /** Of the tag while the phone's camera is on: what that sees is shown there. */
  readonly className?: string;
}
