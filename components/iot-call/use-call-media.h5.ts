import { useState } from 'react';
import { BrowserCallMedia } from './browser-call-media';
import type { CallMedia, CallMediaOptions } from './call-media';

/** The browser's microphone, and its camera where it can encode what that sees. */
export function useCallMedia(options: CallMediaOptions): CallMedia {
  const [media] = useState(() => new BrowserCallMedia(options));
  return media;
}
