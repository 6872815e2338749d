import { CaptureSource, createMicrophoneSource } from '@components/iot-talk';
import type { TalkSource } from '@services/talk';
import { action, computed, makeObservable, observable } from 'mobx';
import { BrowserCamera, canEncodeCalls } from './browser-camera';
import type { CallMedia, CallMediaOptions } from './call-media';

/** A browser: the microphone's PCM for calls by sound; FLV with a picture where it has the encoders. */
export class BrowserCallMedia implements CallMedia {
  canSendVideo: boolean | null = null;
  readonly camera: BrowserCamera;
  readonly source: TalkSource;

  constructor({ isVideo, constraints }: CallMediaOptions) {
    this.camera = new BrowserCamera(constraints);
    const microphone = createMicrophoneSource(constraints);
    this.source = new CaptureSource(() => (isVideo() ? this.camera : microphone));
    makeObservable(this, {
      canSendVideo: observable,
      switchCamera: computed,
      learn: action,
    });
    void canEncodeCalls().then((can) => this.learn(can));
  }

  get switchCamera(): (() => void) | null {
    return this.camera.cameras.length > 1 ? () => void this.camera.switchCamera() : null;
  }

  /** Private to this class: an action. */
  learn(canSendVideo: boolean): void {
    this.canSendVideo = canSendVideo;
  }
}
