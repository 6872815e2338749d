import { loadCaptureWorklet, microphoneError } from '@components/iot-talk';
import type { MicrophoneConstraints } from '@components/iot-talk';
import type { IotError } from '@services/errors';
import {
  aacConfigTag,
  aacTag,
  avcConfigTag,
  avcTag,
  encodeFlvHeader,
  encodeFlvTag,
} from '@services/media/flv';
import type { FlvTag } from '@services/media/flv';
import type { XP2PVoiceDataWriter } from '@services/p2p/module';
import { talkError } from '@services/talk';
import type { TalkLine, TalkProfile, TalkSource } from '@services/talk';
import { action, makeObservable, observable } from 'mobx';
import { pictureConfig, PictureEncoder } from './picture-encoder';
import { soundConfig, SoundEncoder } from './sound-encoder';

/** The seed's high water mark: above it pictures are left out. */
const FULL_BYTES = 500_000;
/** What most browsers record at; only asked about. */
const USUAL_HZ = 48_000;

/** Whether this browser encodes what cameras take: H.264 and AAC, by WebCodecs. */
export async function canEncodeCalls(): Promise<boolean> {
  if (typeof VideoEncoder === 'undefined' || typeof AudioEncoder === 'undefined') return false;
  try {
    const answers = await Promise.all([
      VideoEncoder.isConfigSupported(pictureConfig(true)),
      AudioEncoder.isConfigSupported(soundConfig(USUAL_HZ)),
    ]);
    return answers.every(({ supported }) => supported === true);
  } catch {
    return false;
  }
}

/** The browser's camera and microphone as FLV, for calls with a picture. */
export class BrowserCamera implements TalkSource {
  /** What the camera sees, for the preview; null while it is closed. */
  stream: MediaStream | null = null;
  /** The cameras that there are. */
  cameras: readonly string[] = [];
  private context: AudioContext | null = null;
  private line: TalkLine | null = null;
  private sound: SoundEncoder | null = null;
  private picture: PictureEncoder | null = null;
  private muted = false;
  /** Grows with each `stop`, so that a permission that comes late is given back. */
  private generation = 0;

  constructor(private readonly constraints: MicrophoneConstraints = {}) {
    makeObservable<this, 'see'>(this, {
      stream: observable.ref,
      cameras: observable.ref,
      see: action,
    });
  }

  async authorise(): Promise<void> {
    const { generation } = this;
    // Within the tap: a context that is made later stays silent.
    const context = new AudioContext();
    this.context = context;
    const { echoCancellation = true, noiseSuppression = true } = this.constraints;
    const { autoGainControl = true } = this.constraints;
    const stream = await this.open({
      audio: { echoCancellation, noiseSuppression, autoGainControl, channelCount: 1 },
      video: { ...SIZE, facingMode: 'user' },
    });
    try {
      await context.resume();
      await loadCaptureWorklet(context);
      if (generation !== this.generation) throw talkError('cancelled', 'the call was given up');
    } catch (cause) {
      stopAll(stream);
      throw isKnown(cause)
        ? cause
        : talkError('recorder-failed', 'the browser cannot process sound', cause);
    }
    this.watch(stream);
    this.see(stream, this.cameras);
    const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    const cameras = devices.filter(({ kind }) => kind === 'videoinput');
    if (generation !== this.generation) return;
    this.see(
      stream,
      cameras.map(({ deviceId }) => deviceId),
    );
  }

  async start(line: TalkLine): Promise<void> {
    const { stream, context } = this;
    if (stream === null || context === null) {
      throw talkError('recorder-failed', 'the camera was not asked for');
    }
    this.line = line;
    const writer = await line.write();
    // Stopped meanwhile: nobody would stop what starts now.
    if (this.line !== line) return;
    const originMs = performance.now();
    const nowMs = (): number => performance.now() - originMs;
    const write = (tag: FlvTag): void => {
      if (this.line === line) writer.addChunk(bufferOf(encodeFlvTag(tag)));
    };
    const onFail = (cause: unknown): void =>
      line.onFail(talkError('recorder-failed', 'the browser cannot encode the call', cause));
    writer.addChunk(bufferOf(encodeFlvHeader({ hasAudio: true, hasVideo: true })));
    this.sound = new SoundEncoder({
      context,
      stream,
      nowMs,
      onFail,
      onConfig: (config) => write(aacConfigTag(config)),
      onFrame: (frame, timeMs) => write(aacTag(frame, Math.round(timeMs))),
      onLevel: (level) => line.onLevel(level),
    });
    this.sound.muted = this.muted;
    this.picture = new PictureEncoder({
      stream,
      nowMs,
      onFail,
      isFull: () => isFull(writer),
      onConfig: (config) => write(avcConfigTag(config, Math.round(nowMs()))),
      onFrame: (units, keyframe, timeMs) => write(avcTag(units, keyframe, Math.round(timeMs))),
    });
  }

  stop(): void {
    this.generation++;
    this.line = null;
    this.muted = false;
    this.sound?.close();
    this.sound = null;
    this.picture?.close();
    this.picture = null;
    if (this.stream !== null) stopAll(this.stream);
    this.see(null, []);
    const { context } = this;
    this.context = null;
    if (context !== null && context.state !== 'closed') void context.close();
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    if (this.sound !== null) this.sound.muted = muted;
  }

  setProfile(profile: TalkProfile): void {
    this.picture?.setProfile(profile);
  }

  /** The next one; if it cannot be opened, the one before. */
  async switchCamera(): Promise<void> {
    const { stream, cameras, generation } = this;
    const current = stream?.getVideoTracks()[0];
    if (stream === null || current === undefined || cameras.length < 2) return;
    const at = cameras.indexOf(current.getSettings().deviceId ?? '');
    const order = [cameras[(at + 1) % cameras.length]!, cameras[Math.max(0, at)]!];
    // Phones open one camera at a time.
    current.onended = null;
    current.stop();
    for (const deviceId of order) {
      const video = await this.open({ video: { ...SIZE, deviceId: { exact: deviceId } } }).catch(
        () => null,
      );
      if (video === null) continue;
      if (generation !== this.generation) return stopAll(video);
      const next = new MediaStream([...stream.getAudioTracks(), ...video.getVideoTracks()]);
      this.watch(next);
      this.see(next, cameras);
      this.picture?.show(next);
      return;
    }
    this.line?.onFail(talkError('talk-interrupted', 'no camera can be opened any more'));
  }

  private see(stream: MediaStream | null, cameras: readonly string[]): void {
    this.stream = stream;
    this.cameras = cameras;
  }

  private async open(wanted: MediaStreamConstraints): Promise<MediaStream> {
    // Pages without encryption have none.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (devices === undefined) {
      throw talkError('recorder-failed', 'the browser gives the camera to https pages only');
    }
    try {
      return await devices.getUserMedia(wanted);
    } catch (cause) {
      throw microphoneError(cause);
    }
  }

  private watch(stream: MediaStream): void {
    for (const track of stream.getTracks()) {
      track.onended = () =>
        this.line?.onFail(talkError('talk-interrupted', `something else took the ${track.kind}`));
    }
  }
}

const SIZE = { width: { ideal: 480 }, height: { ideal: 640 }, frameRate: { ideal: 15 } } as const;

function isKnown(cause: unknown): cause is IotError {
  return cause instanceof Error && cause.name === 'IotError';
}

function isFull(writer: XP2PVoiceDataWriter): boolean {
  return writer.bufferedBytes > FULL_BYTES;
}

function stopAll(stream: MediaStream): void {
  for (const track of stream.getTracks()) {
    track.onended = null;
    track.stop();
  }
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer;
}
