import { createRecorderSource } from '@services/talk';
import type { TalkSource } from '@services/talk';
import { BrowserRecorder } from './browser-recorder';
import type { MicrophoneConstraints } from './browser-recorder';

/** The browser's microphone: PCM. */
export function createMicrophoneSource(constraints: MicrophoneConstraints = {}): TalkSource {
  const recorder = new BrowserRecorder(constraints);
  return createRecorderSource({
    recorder,
    authorise: () => recorder.authorise(),
    release: () => recorder.release(),
  });
}

/** Needs nothing here. */
export function warmUpMicrophone(): void {
  // A browser's microphone does not hold the page up.
}

/** Whether the host takes its loudspeaker's sound out of what the microphone hears. */
export const CANCELS_ECHO = true;
