/** Name of the processor that the worklet registers. */
const CAPTURE_PROCESSOR = 'iot-capture';

/**
 * Runs on the audio thread: hands the first channel over, some 20 ms at a time. As text, since a page
 * that is one bundle has no file of its own for it.
 */
const CAPTURE_WORKLET = `
class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.block = new Float32Array(1024);
    this.filled = 0;
    this.open = true;
    this.port.onmessage = () => {
      this.hand();
      this.open = false;
      this.port.postMessage(null);
    };
  }
  hand() {
    if (this.filled > 0) this.port.postMessage(this.block.slice(0, this.filled));
    this.filled = 0;
  }
  process([input]) {
    const samples = input && input[0];
    if (samples && this.open) {
      if (this.filled + samples.length > this.block.length) this.hand();
      this.block.set(samples, this.filled);
      this.filled += samples.length;
    }
    return this.open;
  }
}
registerProcessor('${CAPTURE_PROCESSOR}', Capture);
`;

const loaded = new WeakMap<AudioContext, Promise<void>>();

/** Once for each context. */
export function loadCaptureWorklet(context: AudioContext): Promise<void> {
  const known = loaded.get(context);
  if (known !== undefined) return known;
  const url = URL.createObjectURL(new Blob([CAPTURE_WORKLET], { type: 'text/javascript' }));
  const loading = context.audioWorklet.addModule(url).finally(() => URL.revokeObjectURL(url));
  loaded.set(context, loading);
  return loading;
}

/**
 * A node that hands over what it hears, as samples of one channel; null is the last message, after
 * anything was posted to it.
 */
export function createCaptureNode(context: AudioContext): AudioWorkletNode {
  return new AudioWorkletNode(context, CAPTURE_PROCESSOR, {
    numberOfOutputs: 0,
    channelCount: 1,
    channelCountMode: 'explicit',
  });
}
