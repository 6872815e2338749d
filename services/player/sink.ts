import type { IotError } from '../errors';

/** What a surface tells about the picture, at most once a second. */
export interface SinkProgress {
  /** Position in the stream, in ms. */
  readonly currentTimeMs: number;
  /** How far the picture is behind the newest data, in ms. */
  readonly latencyMs: number;
  /** Pictures shown and left out since the stream began, where the host can tell. */
  readonly shownFrames: number | null;
  readonly droppedFrames: number | null;
}

export type SinkPacing = 'live' | 'recorded';

export interface VideoSize {
  /** In pixels of the stream. */
  readonly width: number;
  readonly height: number;
}

/** What a surface reports to the player; nothing follows `close`. */
export interface PlayerSinkEvents {
  /** `play` may be called. */
  onReady(): void;
  /** The surface takes bytes from now on; those written earlier are lost (seed §playerStartPull). */
  onStartPull(): void;
  /** The first picture of this pull is on the screen. */
  onFirstFrame(): void;
  onVideoSize(size: VideoSize): void;
  onProgress(progress: SinkProgress): void;
  /** The picture stands still although it should move. */
  onStalled(): void;
  /** It moves again. */
  onResumed(): void;
  /** The host plays only on a tap: call `play` from one. */
  onBlocked(): void;
  /** The host changed the sound by itself, or refused a change. */
  onMuted(muted: boolean): void;
  /** The page was hidden or shown. */
  onVisible(visible: boolean): void;
  onError(error: IotError): void;
}

/**
 * The place where the picture appears, one implementation per host. A pull is what lies between
 * `play` and `stop`; a sink may be opened again after `close`.
 */
export interface PlayerSink {
  /** Makes everything ready for the first pull; answers by `onReady` or `onError`. */
  open(events: PlayerSinkEvents): void;
  /** Begins a pull; answers by `onStartPull`. */
  play(): void;
  /** Takes the headers of the camera's answer, before its bytes; picture streams need them. */
  setHeaders?(headers: Readonly<Record<string, string>>): void;
  /** Takes the next bytes of the stream. The chunk belongs to the sink. */
  write(chunk: ArrayBuffer): void;
  /** The stream is complete: what is buffered still plays. */
  end(): void;
  /** Ends the pull. The last picture stays visible. */
  stop(): void;
  /**
   * Whether to stay close to the newest data, or to play all of it at its own pace; counts from the next
   * `play` on (default `live`). Without it the surface is `live` only.
   */
  setPacing?(pacing: SinkPacing): void;
  /** The picture stands and what is buffered stays, until `unfreeze`; also bytes are still taken. */
  freeze?(): void;
  unfreeze?(): void;
  /** Leaves out what is written until `release`, which goes on at the next keyframe, at once. */
  hold?(): void;
  release?(): void;
  setMuted(muted: boolean): void;
  /** @param volume 0 to 1 */
  setVolume(volume: number): void;
  /** Releases everything; the last picture stays as long as the surface's element does. */
  close(): void;
}
