import { createCaptureNode } from '@components/iot-talk';
import { levelOfPower } from '@services/talk';

export interface SoundEncoderOptions {
  readonly context: AudioContext;
  readonly stream: MediaStream;
  /** @param config AudioSpecificConfig: before the first frame */
  readonly onConfig: (config: Uint8Array) => void;
  /** @param timeMs since the call's start */
  readonly onFrame: (frame: Uint8Array, timeMs: number) => void;
  readonly onLevel: (level: number) => void;
  readonly onFail: (cause: unknown) => void;
  /** Ms since the call's start. */
  readonly nowMs: () => number;
}

const BITRATE = 48_000;
const US_PER_MS = 1_000;

/** AAC-LC of one channel at the context's rate. */
export function soundConfig(sampleRate: number): AudioEncoderConfig {
  return { codec: 'mp4a.40.2', sampleRate, numberOfChannels: 1, bitrate: BITRATE };
}

/** What the microphone hears as AAC, by WebCodecs. */
export class SoundEncoder {
  private readonly encoder: AudioEncoder;
  private readonly source: MediaStreamAudioSourceNode;
  private readonly node: AudioWorkletNode;
  private samples = 0;
  private originMs: number | null = null;
  muted = false;

  constructor(private readonly options: SoundEncoderOptions) {
    const { context, stream, onConfig, onFrame, onFail } = options;
    this.encoder = new AudioEncoder({
      output: (chunk, metadata) => {
        const config = metadata?.decoderConfig?.description;
        if (config !== undefined) onConfig(bytesOf(config));
        const frame = new Uint8Array(chunk.byteLength);
        chunk.copyTo(frame);
        onFrame(frame, chunk.timestamp / US_PER_MS);
      },
      error: onFail,
    });
    this.encoder.configure(soundConfig(context.sampleRate));
    this.source = context.createMediaStreamSource(stream);
    this.node = createCaptureNode(context);
    this.node.port.onmessage = ({ data }: MessageEvent<Float32Array<ArrayBuffer> | null>) => {
      if (data !== null) this.take(data);
    };
    this.source.connect(this.node);
  }

  close(): void {
    this.source.disconnect();
    this.node.disconnect();
    this.node.port.close();
    if (this.encoder.state !== 'closed') this.encoder.close();
  }

  private take(samples: Float32Array<ArrayBuffer>): void {
    if (this.encoder.state !== 'configured') return;
    const { context, nowMs, onLevel } = this.options;
    if (this.muted) samples.fill(0);
    const { sampleRate } = context;
    // The chunk has just ended.
    this.originMs ??= Math.max(0, nowMs() - (samples.length / sampleRate) * 1_000);
    const timeMs = this.originMs + (this.samples / sampleRate) * 1_000;
    const data = new AudioData({
      format: 'f32-planar',
      sampleRate,
      numberOfFrames: samples.length,
      numberOfChannels: 1,
      timestamp: Math.round(timeMs * US_PER_MS),
      data: samples,
    });
    this.encoder.encode(data);
    data.close();
    this.samples += samples.length;
    onLevel(levelOfPower(samples.reduce((sum, one) => sum + one * one, 0) / samples.length));
  }
}

/** @param source what WebCodecs describes a decoder by */
export function bytesOf(source: AllowSharedBufferSource): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength).slice()
    : new Uint8Array(source).slice();
}
