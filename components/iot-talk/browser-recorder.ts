import type { IotError } from '@services/errors';
import type {
  XP2PRecorderFrame,
  XP2PRecorderManager,
  XP2PRecorderStartOptions,
  XP2PRecorderStop,
} from '@services/p2p/module';
import { Resampler, talkError } from '@services/talk';
import { createCaptureNode, loadCaptureWorklet } from './capture-worklet';

export interface MicrophoneConstraints {
  /** Takes the loudspeaker's sound out of the microphone's (default true). */
  readonly echoCancellation?: boolean;
  /** Default true. */
  readonly noiseSuppression?: boolean;
  /** Default true. */
  readonly autoGainControl?: boolean;
}

interface Listeners {
  start: () => void;
  pause: () => void;
  resume: () => void;
  stop: (result: XP2PRecorderStop) => void;
  frame: (frame: XP2PRecorderFrame) => void;
  error: (error: { readonly errMsg?: string }) => void;
  interruptionBegin: () => void;
  interruptionEnd: () => void;
}

/** How long the last sound of the audio thread is waited for. */
const FLUSH_TIMEOUT_MS = 200;
const BYTES_PER_KB = 1024;

const ignore = (): void => undefined;

/** The browser's microphone as WeChat's recorder: PCM, 16 bit, mono, at the rate that is asked for. */
export class BrowserRecorder implements XP2PRecorderManager {
  private readonly listeners: Listeners = {
    start: ignore,
    pause: ignore,
    resume: ignore,
    stop: ignore,
    frame: ignore,
    error: ignore,
    interruptionBegin: ignore,
    interruptionEnd: ignore,
  };
  private stream: MediaStream | null = null;
  private context: AudioContext | null = null;
  private recording: Recording | null = null;
  /** Grows with each `release`, so that a permission that comes late is given back. */
  private generation = 0;

  constructor(private readonly constraints: MicrophoneConstraints = {}) {}

  /**
   * Asks for the microphone and keeps it until `release`; to be called within the tap.
   * @returns rejects with an `IotError`.
   */
  async authorise(): Promise<void> {
    const generation = this.generation;
    // Within the tap: a context that is made later stays silent.
    const context = this.openContext();
    const stream = await this.openMicrophone();
    try {
      if (generation !== this.generation) throw talkError('cancelled', 'the talk was stopped');
      await context.resume();
      await loadCaptureWorklet(context);
      if (generation !== this.generation) throw talkError('cancelled', 'the talk was stopped');
    } catch (cause) {
      for (const track of stream.getTracks()) track.stop();
      throw cause instanceof Error && cause.name === 'IotError'
        ? cause
        : talkError('recorder-failed', 'the browser cannot process sound', cause);
    }
    this.stream = stream;
    for (const track of stream.getAudioTracks()) {
      track.onended = () => this.interrupt();
      track.onmute = () => this.interrupt();
    }
  }

  start(options: XP2PRecorderStartOptions): void {
    const { stream, context } = this;
    if (stream === null || context === null) {
      this.listeners.error({ errMsg: 'the microphone was not asked for' });
      return;
    }
    this.recording?.end();
    const { frame, start, stop } = this.listeners;
    this.recording = new Recording(context, stream, options, frame, stop);
    start();
  }

  stop(): void {
    const { recording } = this;
    this.recording = null;
    recording?.end();
  }

  /** Gives the microphone back. */
  release(): void {
    this.generation++;
    this.stop();
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    const { context } = this;
    this.context = null;
    if (context !== null && context.state !== 'closed') void context.close();
  }

  onStart(listener: () => void): void {
    this.listeners.start = listener;
  }

  onPause(listener: () => void): void {
    this.listeners.pause = listener;
  }

  onResume(listener: () => void): void {
    this.listeners.resume = listener;
  }

  onStop(listener: (result: XP2PRecorderStop) => void): void {
    this.listeners.stop = listener;
  }

  onFrameRecorded(listener: (frame: XP2PRecorderFrame) => void): void {
    this.listeners.frame = listener;
  }

  onError(listener: (error: { readonly errMsg?: string }) => void): void {
    this.listeners.error = listener;
  }

  onInterruptionBegin(listener: () => void): void {
    this.listeners.interruptionBegin = listener;
  }

  onInterruptionEnd(listener: () => void): void {
    this.listeners.interruptionEnd = listener;
  }

  private openContext(): AudioContext {
    if (typeof AudioContext === 'undefined' || typeof AudioWorkletNode === 'undefined') {
      throw talkError('recorder-failed', 'the browser has no AudioWorklet');
    }
    this.context ??= new AudioContext();
    return this.context;
  }

  private async openMicrophone(): Promise<MediaStream> {
    const { echoCancellation = true, noiseSuppression = true } = this.constraints;
    const { autoGainControl = true } = this.constraints;
    // Pages without encryption have none.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (devices === undefined) {
      throw talkError('recorder-failed', 'the browser gives the microphone to https pages only');
    }
    try {
      return await devices.getUserMedia({
        audio: { echoCancellation, noiseSuppression, autoGainControl, channelCount: 1 },
      });
    } catch (cause) {
      throw microphoneError(cause);
    }
  }

  private interrupt(): void {
    if (this.recording === null) return;
    this.listeners.interruptionBegin();
    this.listeners.pause();
  }
}

/** From `start` to `stop`. */
class Recording {
  private readonly source: MediaStreamAudioSourceNode;
  private readonly node: AudioWorkletNode;
  private readonly resampler: Resampler;
  private readonly frame: DataView<ArrayBuffer>;
  private filled = 0;
  private samples = 0;
  private ending = false;
  private over = false;

  constructor(
    context: AudioContext,
    stream: MediaStream,
    private readonly options: XP2PRecorderStartOptions,
    private readonly onFrame: Listeners['frame'],
    private readonly onStop: Listeners['stop'],
  ) {
    const { sampleRate, frameSize } = options;
    const frameBytes = Math.max(2, Math.round((frameSize * BYTES_PER_KB) / 2) * 2);
    this.frame = new DataView(new ArrayBuffer(frameBytes));
    this.resampler = new Resampler(context.sampleRate, sampleRate);
    this.source = context.createMediaStreamSource(stream);
    this.node = createCaptureNode(context);
    this.node.port.onmessage = ({ data }: MessageEvent<Float32Array | null>) => {
      if (data === null) this.finish();
      else this.take(data);
    };
    this.source.connect(this.node);
    // A page that goes has no time for the audio thread.
    window.addEventListener('pagehide', this.leave, { capture: true });
  }

  end(): void {
    if (this.ending) return;
    this.ending = true;
    this.node.port.postMessage('end');
    setTimeout(() => this.finish(), FLUSH_TIMEOUT_MS);
  }

  private readonly leave = (): void => {
    this.ending = true;
    this.finish();
  };

  private take(chunk: Float32Array): void {
    if (this.over) return;
    for (const sample of this.resampler.push(chunk)) {
      const clipped = Math.min(1, Math.max(-1, sample));
      this.frame.setInt16(this.filled, Math.round(clipped * 32_767), true);
      this.filled += 2;
      this.samples++;
      if (this.filled === this.frame.byteLength) this.hand(false);
    }
  }

  private hand(isLastFrame: boolean): void {
    const frameBuffer = this.frame.buffer.slice(0, this.filled);
    this.filled = 0;
    this.onFrame({ frameBuffer, isLastFrame });
  }

  private finish(): void {
    if (this.over) return;
    if (this.filled > 0) this.hand(true);
    this.over = true;
    window.removeEventListener('pagehide', this.leave, { capture: true });
    this.source.disconnect();
    this.node.disconnect();
    this.node.port.close();
    this.onStop({ duration: Math.round((this.samples / this.options.sampleRate) * 1_000) });
  }
}

/** Why `getUserMedia` gives nothing. */
export function microphoneError(cause: unknown): IotError {
  const name = cause instanceof Error ? cause.name : '';
  switch (name) {
    case 'NotFoundError':
    case 'OverconstrainedError':
      return talkError('no-microphone', 'there is no microphone', cause);
    case 'NotReadableError':
    case 'AbortError':
      return talkError('talk-interrupted', 'something else uses the microphone', cause);
    default:
      return talkError('recorder-failed', 'the microphone was not allowed', cause);
  }
}
