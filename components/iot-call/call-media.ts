import type { MicrophoneConstraints } from '@components/iot-talk';
import type { TalkFeatures } from '@services/commands';
import type { TalkSource } from '@services/talk';

/** What a host is heard by in a call, and seen. */
export interface CallMedia {
  readonly source: TalkSource;
  /** Whether it can send a picture; null until that is known. Observable. */
  readonly canSendVideo: boolean | null;
  /** Another camera of the phone's; null where there is none to choose. Observable. */
  readonly switchCamera: (() => void) | null;
}

export interface CallMediaOptions {
  /** Whether the call at hand has a picture. */
  readonly isVideo: () => boolean;
  /** What the camera's loudspeaker takes; null where it does not tell. */
  readonly features: () => TalkFeatures | null;
  readonly constraints: MicrophoneConstraints | undefined;
}

export interface CallPreviewProps {
  readonly media: CallMedia;
  /** Whether a call with a picture goes on. */
  readonly isOpen: boolean;
}
