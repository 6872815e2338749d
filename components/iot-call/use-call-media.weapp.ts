import {
  CaptureSource,
  createMicrophoneSource,
  pickCapture,
  useTalkPusher,
} from '@components/iot-talk';
import type { TalkPusher } from '@components/iot-talk';
import type { TalkSource } from '@services/talk';
import { useState } from 'react';
import type { CallMedia, CallMediaOptions } from './call-media';

/** WeChat: the pusher for pictures, and for sound where the camera takes FLV; else the recorder. */
export class PusherCallMedia implements CallMedia {
  readonly source: TalkSource;

  constructor(
    readonly pusher: TalkPusher,
    { isVideo, features }: CallMediaOptions,
  ) {
    const recorder = createMicrophoneSource();
    this.source = new CaptureSource(() => {
      const picked = isVideo()
        ? 'pusher'
        : pickCapture({ capture: 'auto', pusher, features: features() });
      return picked === 'pusher' ? pusher.source : recorder;
    });
  }

  /** Until it turns out that the app has no pusher. */
  get canSendVideo(): boolean {
    return this.pusher.isThere;
  }

  get switchCamera(): () => void {
    return () => this.pusher.switchCamera();
  }
}

export function useCallMedia(options: CallMediaOptions): CallMedia {
  const pusher = useTalkPusher({ isVideo: options.isVideo });
  // There is always one in WeChat.
  const [media] = useState(() => new PusherCallMedia(pusher!, options));
  return media;
}
