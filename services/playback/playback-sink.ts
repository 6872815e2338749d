import type { IotError } from '../errors';

/** What a surface tells of recorded pictures. */
export interface PlaybackSinkEvents {
  onReady(): void;
  /** It takes bytes from now on. */
  onStartPull(): void;
  onFirstFrame(): void;
  /** Several times a second: what is shown, and the newest that it has, in ms of the stream. */
  onTime(shownMs: number, newestMs: number): void;
  onStalled(stalled: boolean): void;
  /** The host plays only on a tap. */
  onBlocked(): void;
  onMuted(muted: boolean): void;
  onError(error: IotError): void;
}

/** Where recorded pictures appear. Unlike a live one it plays everything it gets, at its own pace. */
export interface PlaybackSink {
  /** Whether `hold`, `release`, `freeze` and `unfreeze` do anything. */
  readonly canHold: boolean;
  open(events: PlaybackSinkEvents): void;
  /** Begins with a stream; answers by `onStartPull`. */
  play(): void;
  write(chunk: ArrayBuffer): void;
  /** The stream is complete: what is buffered still plays. */
  end(): void;
  /** Ends the stream; the last picture stays. */
  stop(): void;
  /** Leaves out what is written. */
  hold(): void;
  /** Goes on with the next keyframe, and shows that at once. */
  release(): void;
  /** The picture stands; what is buffered stays. */
  freeze(): void;
  unfreeze(): void;
  setMuted(muted: boolean): void;
  close(): void;
}
