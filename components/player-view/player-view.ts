import { IotError } from '@services/errors';
import type { CancelTimer, Clock } from '@services/host';
import type { PlainTextKey } from '@services/i18n';
import type { StreamQuality } from '@services/player';
import { diagnosticsName, recordingName, snapshotName, StreamRecorder } from '@services/recorder';
import { action, makeObservable, observable } from 'mobx';
import type { HostFiles, RecordingFormat, RecordingStore } from './files';
import type {
  HostMode,
  PictureControl,
  PictureFit,
  PictureRotation,
  SoundMode,
} from './picture-control';
import { UPRIGHT } from './picture-control';
import { NO_ZOOM } from './picture-zoom';
import type { PictureZoom } from './picture-zoom';
import { saveFailed, snapshotFailed, unsupported } from './view-errors';

/** What a player tells for a moment. */
export interface PlayerNotice {
  readonly text: PlainTextKey | null;
  /** What went wrong, in place of a text. */
  readonly error: IotError | null;
}

/**
 * `saving` from the end of a recording until its file is where users find it; `unsaved` where that has
 * failed: it can be tried again.
 */
export type RecordingView =
  | { readonly kind: 'idle' }
  | { readonly kind: 'recording'; readonly seconds: number; readonly bytes: number }
  | { readonly kind: 'saving' }
  | { readonly kind: 'unsaved' };

/** `page`: the host has no full screen for it, so it fills the page. */
export type FullscreenView = 'off' | 'host' | 'page';

export interface RecordingOptions {
  /** Default `mp4` where the host and the codecs can, else `flv`. */
  readonly format?: RecordingFormat;
  /** Size of a file in bytes (default 100 MiB). */
  readonly maxFileBytes?: number;
  /** Goes on in another file when one is full (default false: it ends then, and is saved). */
  readonly rolling?: boolean;
}

export interface PlayerViewOptions {
  readonly clock: Clock;
  readonly files: HostFiles;
  readonly quality: StreamQuality;
  /** How the picture is shown at first. */
  readonly fit?: PictureFit;
  readonly rotation?: PictureRotation;
  readonly soundMode?: SoundMode;
  /** What the camera is called in names of files. */
  readonly cameraName: () => string;
  readonly onFailure?: (error: IotError) => void;
}

/** The reference's limit. */
const SNAPSHOT_LIMIT_MS = 5_000;
const NOTICE_MS = 4_000;
/** Whoever watches does not want buttons over the picture, in ms. */
const CONTROLS_MS = 3_500;

/** Between the two steps that repair the sound: phones miss a mode that changes back at once. */
const SOUND_REPAIR_MS = 500;

const IDLE: RecordingView = { kind: 'idle' };

/**
 * How a picture is looked at and what is made of it: size, fit, full screen, snapshot, recording.
 * Headless: surfaces and frames lend it what their host can do, and views observe it.
 */
export class PlayerView {
  picture: PictureControl | null = null;
  quality: StreamQuality;
  fit: PictureFit;
  rotation: PictureRotation;
  soundMode: SoundMode;
  zoom: PictureZoom = NO_ZOOM;
  fullscreen: FullscreenView = 'off';
  inPictureInPicture = false;
  takingSnapshot = false;
  recording: RecordingView = IDLE;
  notice: PlayerNotice | null = null;
  /** Whether the user has done something of late, so that the buttons are of use. */
  active = true;

  readonly files: HostFiles;
  private readonly clock: Clock;
  private frame: HostMode | null = null;
  private stopListening: (() => void)[] = [];
  private cancelNotice: CancelTimer = () => undefined;
  private cancelIdle: CancelTimer = () => undefined;
  private cancelTick: CancelTimer = () => undefined;
  private recorder: StreamRecorder | null = null;
  private store: RecordingStore | null = null;
  private recordedSince = 0;
  private closed = false;
  private cancelRepair: CancelTimer = () => undefined;
  /** What `soundMode` is again after a repair. */
  private wantedSoundMode: SoundMode;

  constructor(private readonly options: PlayerViewOptions) {
    this.clock = options.clock;
    this.files = options.files;
    this.quality = options.quality;
    this.fit = options.fit ?? 'contain';
    this.rotation = options.rotation ?? 0;
    this.soundMode = options.soundMode ?? 'speaker';
    this.wantedSoundMode = this.soundMode;
    makeObservable(this, {
      picture: observable.ref,
      quality: observable,
      fit: observable,
      rotation: observable,
      soundMode: observable,
      zoom: observable.ref,
      fullscreen: observable,
      inPictureInPicture: observable,
      takingSnapshot: observable,
      recording: observable.ref,
      notice: observable.ref,
      active: observable,
      patch: action,
    });
  }

  /** Takes what the surface on the page can do, or null when it leaves. */
  attachPicture(picture: PictureControl | null): void {
    this.stopListening.forEach((stop) => stop());
    this.stopListening = [];
    // A recording is of one camera; what there is of it is saved.
    if (picture === null && this.recording.kind === 'recording')
      void this.stopRecording().catch(ignore);
    this.patch({ picture, zoom: NO_ZOOM, inPictureInPicture: false });
    if (picture === null) return;
    const { pictureInPicture, fullscreen } = picture;
    if (pictureInPicture !== null) {
      this.stopListening.push(
        pictureInPicture.onChange((on) => this.patch({ inPictureInPicture: on })),
      );
    }
    if (fullscreen !== null) {
      this.stopListening.push(
        fullscreen.onChange((on) => this.patch({ fullscreen: on ? 'host' : 'off' })),
      );
    }
  }

  /** Takes the frame's own full screen, with everything that stands over the picture. */
  attachFrame(frame: HostMode): () => void {
    this.frame = frame;
    const stop = frame.onChange((on) => this.patch({ fullscreen: on ? 'host' : 'off' }));
    return () => {
      stop();
      if (this.frame === frame) this.frame = null;
    };
  }

  setFit(fit: PictureFit): void {
    this.patch({ fit });
  }

  setRotation(rotation: PictureRotation): void {
    this.setZoom(NO_ZOOM);
    this.patch({ rotation });
  }

  /** To the next turn that the host can show: a quarter clockwise where it can. */
  rotate(): void {
    const { rotations = UPRIGHT } = this.picture ?? {};
    this.setRotation(rotations[(rotations.indexOf(this.rotation) + 1) % rotations.length] ?? 0);
  }

  setSoundMode(soundMode: SoundMode): void {
    this.cancelRepair();
    this.wantedSoundMode = soundMode;
    this.patch({ soundMode });
  }

  /**
   * Sets the sound mode anew: after a talk some phones play on through the earpiece, or too low, until
   * it has changed.
   */
  repairSound(): void {
    if (this.picture?.hasSoundMode !== true) return;
    this.cancelRepair();
    const wanted = this.wantedSoundMode;
    this.patch({ soundMode: wanted === 'speaker' ? 'ear' : 'speaker' });
    this.cancelRepair = this.clock.setTimer(SOUND_REPAIR_MS, () => this.setSoundMode(wanted));
  }

  setZoom(zoom: PictureZoom): void {
    if (this.picture?.setZoom == null || zoom === this.zoom) return;
    this.picture.setZoom(zoom);
    this.patch({ zoom });
  }

  setQuality(quality: StreamQuality): void {
    this.patch({ quality });
  }

  async enterFullscreen(): Promise<void> {
    if (this.fullscreen !== 'off') return;
    const mode = this.frame ?? this.picture?.fullscreen ?? null;
    if (mode === null) {
      this.patch({ fullscreen: 'page' });
      return;
    }
    try {
      await mode.enter();
    } catch {
      // Some browsers, and iPhones, know it only for bare videos: without a button of ours.
      this.patch({ fullscreen: 'page' });
    }
  }

  async leaveFullscreen(): Promise<void> {
    const was = this.fullscreen;
    if (was === 'off') return;
    if (was === 'page') this.patch({ fullscreen: 'off' });
    else await (this.frame ?? this.picture?.fullscreen)?.leave();
  }

  async togglePictureInPicture(): Promise<void> {
    const mode = this.picture?.pictureInPicture ?? null;
    if (mode === null) throw unsupported('picture in picture');
    try {
      await (this.inPictureInPicture ? mode.leave() : mode.enter());
    } catch (cause) {
      throw this.fail(cause instanceof IotError ? cause : unsupported('picture in picture'));
    }
  }

  /**
   * Takes the picture in its own size, and saves it: as a download, or to the album.
   * @throws IotError `snapshot-failed`, `save-failed`, `album-denied`, `cancelled`,
   *   `unsupported-operation`
   */
  async takeSnapshot(): Promise<void> {
    const take = this.picture?.snapshot ?? null;
    if (take === null) throw this.fail(unsupported('a snapshot'));
    if (this.takingSnapshot) throw snapshotFailed('another snapshot is under way');
    this.patch({ takingSnapshot: true });
    try {
      const takenAtMs = this.clock.wallMs();
      const snapshot = await this.within(SNAPSHOT_LIMIT_MS, take(this.rotation));
      const isJpeg = snapshot.kind === 'blob' && snapshot.blob.type === 'image/jpeg';
      const extension = isJpeg ? 'jpg' : this.files.pictureExtension;
      const name = snapshotName(this.options.cameraName(), takenAtMs, extension);
      await this.files.saveSnapshot(snapshot, name);
      this.tell('snapshot.saved');
    } catch (cause) {
      throw this.fail(asIotError(cause, snapshotFailed));
    } finally {
      this.patch({ takingSnapshot: false });
    }
  }

  /**
   * Records what is shown, from the latest keyframe on, without another stream.
   * @throws IotError `unsupported-operation`
   */
  startRecording({ format = 'mp4', ...limits }: RecordingOptions = {}): void {
    const tap = this.picture?.tap ?? null;
    const { createRecording } = this.files;
    if (tap === null || createRecording === null) throw this.fail(unsupported('recording'));
    if (this.recording.kind === 'recording' || this.recording.kind === 'saving') return;
    this.store?.discard();
    const store = createRecording(format);
    const maxFileBytes = lower(limits.maxFileBytes, store.maxFileBytes);
    this.store = store;
    this.recordedSince = this.clock.wallMs();
    this.patch({ recording: { kind: 'recording', seconds: 0, bytes: 0 } });
    this.recorder = new StreamRecorder(tap, {
      ...limits,
      ...(maxFileBytes !== undefined && { maxFileBytes }),
      openFile: (index) => store.openFile(index),
      onFull: () => void this.stopRecording().catch(ignore),
    });
    this.tick();
  }

  /**
   * Ends the recording and saves it; where that has failed, saves it again.
   * @throws IotError `recording-empty`, `save-failed`, `album-denied`, `cancelled`
   */
  async stopRecording(): Promise<void> {
    const { recorder, store } = this;
    const { kind } = this.recording;
    if (recorder === null || store === null || kind === 'idle' || kind === 'saving') return;
    this.cancelTick();
    this.patch({ recording: { kind: 'saving' } });
    let whole = false;
    try {
      const why = await recorder.stop();
      whole = true;
      const camera = this.options.cameraName();
      const since = this.recordedSince;
      await store.save((index, extension) => recordingName(camera, since, index, extension));
      this.forgetRecording();
      this.tell(why === 'full' ? 'recording.full' : 'recording.saved');
    } catch (cause) {
      // What is on the disk is not thrown away because the album was refused.
      if (whole && !this.closed) this.patch({ recording: { kind: 'unsaved' } });
      else this.forgetRecording();
      throw this.fail(asIotError(cause, saveFailed));
    }
  }

  /**
   * Hands the diagnostics to the user as a file. Call it from a tap.
   * @throws IotError `save-failed`, `unsupported-operation`
   */
  async exportDiagnostics(json: string): Promise<void> {
    const { exportText } = this.files;
    if (exportText === null) throw this.fail(unsupported('an export'));
    try {
      await exportText(json, diagnosticsName(this.options.cameraName(), this.clock.wallMs()));
      this.tell('diagnostics.exported');
    } catch (cause) {
      throw this.fail(asIotError(cause, saveFailed));
    }
  }

  /** The user does something: the buttons appear, and go again when nothing follows. */
  touch(): void {
    this.cancelIdle();
    if (!this.active) this.patch({ active: true });
    this.cancelIdle = this.clock.setTimer(CONTROLS_MS, () => this.patch({ active: false }));
  }

  /** Takes the buttons away at once. */
  rest(): void {
    this.cancelIdle();
    this.patch({ active: false });
  }

  /** Says something for a moment. */
  tell(text: PlainTextKey): void {
    this.show({ text, error: null });
  }

  dismissNotice(): void {
    this.cancelNotice();
    this.patch({ notice: null });
  }

  close(): void {
    this.closed = true;
    this.attachPicture(null);
    if (this.recording.kind === 'unsaved') this.forgetRecording();
    this.cancelRepair();
    this.cancelNotice();
    this.cancelIdle();
    this.cancelTick();
  }

  /** The view is used again after `close`, as where React mounts everything twice. */
  open(): void {
    this.closed = false;
  }

  patch(
    values: Partial<
      Pick<
        PlayerView,
        | 'picture'
        | 'quality'
        | 'fit'
        | 'rotation'
        | 'soundMode'
        | 'zoom'
        | 'fullscreen'
        | 'inPictureInPicture'
        | 'takingSnapshot'
        | 'recording'
        | 'notice'
        | 'active'
      >
    >,
  ): void {
    Object.assign(this, values);
  }

  private forgetRecording(): void {
    this.store?.discard();
    this.recorder = null;
    this.store = null;
    this.patch({ recording: IDLE });
  }

  private tick(): void {
    const { recorder } = this;
    if (recorder === null || this.recording.kind !== 'recording') return;
    const { bytes, durationMs } = recorder.progress;
    const seconds = Math.floor(durationMs / 1_000);
    this.patch({ recording: { kind: 'recording', seconds, bytes } });
    this.cancelTick = this.clock.setTimer(1_000, () => this.tick());
  }

  private fail(error: IotError): IotError {
    // Whoever closes the album's question knows it.
    if (error.reason !== 'cancelled') this.show({ text: null, error });
    this.options.onFailure?.(error);
    return error;
  }

  private show(notice: PlayerNotice): void {
    this.cancelNotice();
    if (this.closed) return;
    this.patch({ notice });
    this.cancelNotice = this.clock.setTimer(NOTICE_MS, () => this.patch({ notice: null }));
  }

  private within<T>(limitMs: number, work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const cancel = this.clock.setTimer(limitMs, () =>
        reject(snapshotFailed(`nothing came within ${limitMs} ms`)),
      );
      work.then(resolve, reject).finally(cancel);
    });
  }
}

function lower(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

const ignore = (): void => undefined;

function asIotError(
  cause: unknown,
  wrap: (message: string, cause?: unknown) => IotError,
): IotError {
  if (cause instanceof IotError) return cause;
  return wrap(cause instanceof Error ? cause.message : String(cause), cause);
}
