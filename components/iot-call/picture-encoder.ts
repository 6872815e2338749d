import type { TalkProfile } from '@services/talk';
import { bytesOf } from './sound-encoder';

export interface PictureEncoderOptions {
  readonly stream: MediaStream;
  /** @param config AVCDecoderConfigurationRecord: before the first frame, and when it changes */
  readonly onConfig: (config: Uint8Array) => void;
  readonly onFrame: (units: Uint8Array, keyframe: boolean, timeMs: number) => void;
  /** Whether the network takes no more at present. */
  readonly isFull: () => boolean;
  readonly onFail: (cause: unknown) => void;
  /** Ms since the call's start. */
  readonly nowMs: () => number;
}

/** Of the seed: long side 640, 15 or 10 pictures a second, 200 to 600 kbit/s. */
const LONG_SIDE = 640;
const SHORT_SIDE = 480;
const PROFILES: Readonly<Record<TalkProfile, { readonly fps: number; readonly bitrate: number }>> =
  {
    high: { fps: 15, bitrate: 500_000 },
    low: { fps: 10, bitrate: 250_000 },
  };
const KEYFRAME_EVERY_MS = 2_000;
/** An encoder that is slower than the camera leaves pictures out. */
const MAX_QUEUE = 2;
const US_PER_MS = 1_000;

/** H.264 baseline: no picture waits for a later one. */
export function pictureConfig(
  isUpright: boolean,
  profile: TalkProfile = 'high',
): VideoEncoderConfig {
  const { fps, bitrate } = PROFILES[profile];
  return {
    codec: 'avc1.42e01f',
    width: isUpright ? SHORT_SIDE : LONG_SIDE,
    height: isUpright ? LONG_SIDE : SHORT_SIDE,
    bitrate,
    framerate: fps,
    latencyMode: 'realtime',
    avc: { format: 'avc' },
  };
}

/** What the camera sees as H.264, by WebCodecs; always of one size, whichever camera it is. */
export class PictureEncoder {
  private readonly encoder: VideoEncoder;
  private readonly video = document.createElement('video');
  private readonly canvas = document.createElement('canvas');
  private profile: TalkProfile = 'high';
  private isUpright: boolean | null = null;
  private keyAtMs = -Infinity;
  private timer: ReturnType<typeof setInterval> | null = null;

  constructor(private readonly options: PictureEncoderOptions) {
    const { onConfig, onFrame, onFail } = options;
    this.encoder = new VideoEncoder({
      output: (chunk, metadata) => {
        const config = metadata?.decoderConfig?.description;
        if (config !== undefined) onConfig(bytesOf(config));
        const units = new Uint8Array(chunk.byteLength);
        chunk.copyTo(units);
        onFrame(units, chunk.type === 'key', chunk.timestamp / US_PER_MS);
      },
      error: onFail,
    });
    this.video.muted = true;
    this.video.playsInline = true;
    this.show(options.stream);
    this.pace();
  }

  /** Another camera. */
  show(stream: MediaStream): void {
    this.video.srcObject = stream;
    // Without a picture there is nothing to encode; the tracks tell their end by themselves.
    this.video.play().catch(() => undefined);
  }

  setProfile(profile: TalkProfile): void {
    this.profile = profile;
    if (this.encoder.state === 'configured') this.configure();
    this.pace();
  }

  close(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.video.srcObject = null;
    if (this.encoder.state !== 'closed') this.encoder.close();
  }

  private pace(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = setInterval(() => this.grab(), 1_000 / PROFILES[this.profile].fps);
  }

  private configure(): void {
    const config = pictureConfig(this.isUpright === true, this.profile);
    this.canvas.width = config.width;
    this.canvas.height = config.height;
    this.encoder.configure(config);
    this.keyAtMs = -Infinity;
  }

  private grab(): void {
    const { video, canvas, encoder } = this;
    if (video.readyState < video.HAVE_CURRENT_DATA || encoder.state === 'closed') return;
    if (this.isUpright === null) {
      this.isUpright = video.videoHeight > video.videoWidth;
      this.configure();
    }
    if (encoder.encodeQueueSize > MAX_QUEUE) return;
    // What is left out may have been needed by the next: that one stands alone then.
    if (this.options.isFull()) {
      this.keyAtMs = -Infinity;
      return;
    }
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) return;
    drawCovering(context, video);
    const timeMs = this.options.nowMs();
    const keyFrame = timeMs - this.keyAtMs >= KEYFRAME_EVERY_MS;
    if (keyFrame) this.keyAtMs = timeMs;
    const frame = new VideoFrame(canvas, { timestamp: Math.round(timeMs * US_PER_MS) });
    encoder.encode(frame, { keyFrame });
    frame.close();
  }
}

/** Fills the canvas; what is too wide or too high is cut off on both sides. */
function drawCovering(context: CanvasRenderingContext2D, video: HTMLVideoElement): void {
  const { width, height } = context.canvas;
  const scale = Math.max(width / video.videoWidth, height / video.videoHeight);
  const [w, h] = [video.videoWidth * scale, video.videoHeight * scale];
  context.drawImage(video, (width - w) / 2, (height - h) / 2, w, h);
}
