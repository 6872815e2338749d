import type { XP2PRecorderManager } from '../p2p/module';

/** Quieter than this shows as nothing, in dB below full scale. */
const FLOOR_DB = 60;

/** Loudness of 16-bit PCM, 0 to 1 on a scale of decibels. */
export function levelOf(frame: ArrayBuffer): number {
  const samples = new DataView(frame);
  const count = Math.floor(frame.byteLength / 2);
  if (count === 0) return 0;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (samples.getInt16(i * 2, true) / 32_768) ** 2;
  return levelOfPower(sum / count);
}

/** @param power mean square of samples from -1 to 1 */
export function levelOfPower(power: number): number {
  const db = 10 * Math.log10(power);
  return Math.min(1, Math.max(0, 1 + db / FLOOR_DB));
}

export interface FrameWatch {
  /** Whether silence goes on in their place. */
  readonly isMuted: () => boolean;
  readonly onLevel: (level: number) => void;
}

/** A recorder whose frames are measured on their way, and muted, which recorders cannot. */
export function measured(recorder: XP2PRecorderManager, watch: FrameWatch): XP2PRecorderManager {
  return {
    start: (options) => recorder.start(options),
    stop: () => recorder.stop(),
    onStart: (listener) => recorder.onStart(listener),
    onPause: (listener) => recorder.onPause(listener),
    onResume: (listener) => recorder.onResume(listener),
    onStop: (listener) => recorder.onStop(listener),
    onError: (listener) => recorder.onError(listener),
    onInterruptionBegin: (listener) => recorder.onInterruptionBegin?.(listener),
    onInterruptionEnd: (listener) => recorder.onInterruptionEnd?.(listener),
    onFrameRecorded: (listener) =>
      recorder.onFrameRecorded((frame) => {
        const { frameBuffer } = frame;
        const isMuted = watch.isMuted();
        const silence = (): ArrayBuffer => new ArrayBuffer(frameBuffer.byteLength);
        listener(isMuted ? { ...frame, frameBuffer: silence() } : frame);
        watch.onLevel(isMuted ? 0 : levelOf(frameBuffer));
      }),
  };
}
