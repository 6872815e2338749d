import { createMicrophoneSource } from '@components/iot-talk';
import { useState } from 'react';
import type { CallMedia, CallMediaOptions } from './call-media';

/** The host's recorder: sound only. */
export function useCallMedia({ constraints }: CallMediaOptions): CallMedia {
  const [media] = useState<CallMedia>(() => ({
    source: createMicrophoneSource(constraints),
    canSendVideo: false,
    switchCamera: null,
  }));
  return media;
}
