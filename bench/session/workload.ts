import type { Pipe } from './pipe';

/** A camera's live video: each group of pictures begins with a keyframe of many times a frame's size. */
export interface LiveVideo {
  readonly bitsPerS: number;
  readonly framesPerS: number;
  readonly gopFrames: number;
  /** Size of a keyframe divided by that of another frame. */
  readonly keyframeRatio: number;
}

export const LIVE_VIDEO: LiveVideo = {
  bitsPerS: 2_000_000,
  framesPerS: 25,
  gopFrames: 50,
  keyframeRatio: 8,
};

/** length of the body 4 · when it was written, monotonic ms 8 */
const HEADER_BYTES = 12;
const BULK_CHUNK = new Uint8Array(64 * 1024);

/** The machine's monotonic clock in ms, which all its processes share. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Bytes of the frame with this number. */
export function frameBytes(video: LiveVideo, index: number): number {
  const { bitsPerS, framesPerS, gopFrames, keyframeRatio } = video;
  const gopBytes = (bitsPerS / 8 / framesPerS) * gopFrames;
  const unit = gopBytes / (gopFrames - 1 + keyframeRatio);
  return Math.round(index % gopFrames === 0 ? keyframeRatio * unit : unit);
}

/** Writes frames at their times, whatever the pipe says: a camera does not wait. */
export function sendLive(pipe: Pipe, video: LiveVideo, frames: number): void {
  const startMs = monotonicMs();
  let index = 0;
  const next = () => {
    const nowMs = monotonicMs();
    const frame = new Uint8Array(frameBytes(video, index));
    const view = new DataView(frame.buffer);
    view.setUint32(0, frame.length - HEADER_BYTES);
    view.setFloat64(4, nowMs);
    pipe.write(frame);
    if (++index === frames) return;
    const dueMs = startMs + (index * 1000) / video.framesPerS;
    setTimeout(next, Math.max(0, dueMs - monotonicMs()));
  };
  next();
}

/** Writes without end, as fast as the pipe takes it. */
export function sendBulk(pipe: Pipe): void {
  const fill = () => {
    while (pipe.write(BULK_CHUNK));
  };
  pipe.onDrain = fill;
  fill();
}

/** Takes the frames of `sendLive`. @returns their latencies in ms, once all have come or time is up. */
export function receiveLive(pipe: Pipe, frames: number, deadlineMs: number): Promise<number[]> {
  const latencies: number[] = [];
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  let headerAt = 0;
  let missing = 0;
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(latencies), deadlineMs);
    pipe.onData = (bytes) => {
      for (let at = 0; at < bytes.length;) {
        if (headerAt < HEADER_BYTES) {
          header[headerAt++] = bytes[at++]!;
          if (headerAt === HEADER_BYTES) missing = view.getUint32(0);
          continue;
        }
        const taken = Math.min(missing, bytes.length - at);
        at += taken;
        missing -= taken;
        if (missing > 0) continue;
        headerAt = 0;
        latencies.push(monotonicMs() - view.getFloat64(4));
        if (latencies.length < frames) continue;
        clearTimeout(timer);
        resolve(latencies);
        return;
      }
    };
  });
}

/** Counts the bytes that arrive in a span of the monotonic clock. */
export function receiveBulk(pipe: Pipe, fromMs: number, toMs: number): Promise<number> {
  let bytesInSpan = 0;
  pipe.onData = (bytes) => {
    const nowMs = monotonicMs();
    if (nowMs >= fromMs && nowMs < toMs) bytesInSpan += bytes.length;
  };
  return new Promise((resolve) => {
    setTimeout(() => resolve(bytesInSpan), toMs - monotonicMs());
  });
}
