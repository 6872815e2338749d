import { StreamPriority } from '../../services/p2p/session';
import type { Stream } from '../../services/p2p/session';
import type { Impairment } from './impaired-link';
import { SessionPair } from './session-pair';

const FRAME_MS = 40;
const GOP_FRAMES = 50;
const KEYFRAME_RATIO = 8;

/** A camera's live video over one session, in virtual time. */
export class LiveRun {
  readonly pair: SessionPair;
  /** A frame's way from the camera to the viewer, in ms each. */
  readonly latenciesMs: number[] = [];
  readonly stream: Stream;
  private readonly frames: { readonly end: number; readonly atMs: number }[] = [];
  private written = 0;
  private count = 0;

  constructor(path: Impairment, seed = 1) {
    this.pair = new SessionPair({ seed, up: path, down: path });
    const { clock, viewer, camera } = this.pair;
    let response: Stream | null = null;
    camera.onStream = (stream) => {
      stream.priority = StreamPriority.Live;
      response = stream;
    };
    const request = viewer.session!.openStream(StreamPriority.Live, true)!;
    let received = 0;
    request.onData = (bytes) => {
      received += bytes.length;
      while (this.frames.length > 0 && this.frames[0]!.end <= received) {
        this.latenciesMs.push(clock.nowMs() - this.frames.shift()!.atMs);
      }
    };
    request.write(Uint8Array.of(1));
    this.pair.start();
    clock.runUntil(() => response !== null && viewer.connected > 0, 10_000);
    this.stream = response!;
  }

  /** Sends frames of 25 a second, a keyframe in every 50 of them. */
  run(seconds: number, bitsPerS = 2_000_000): void {
    const gopBytes = (bitsPerS / 8 / 1000) * FRAME_MS * GOP_FRAMES;
    const unit = Math.round(gopBytes / (GOP_FRAMES - 1 + KEYFRAME_RATIO));
    for (let i = 0; i < (seconds * 1000) / FRAME_MS; i++) {
      const bytes = this.count++ % GOP_FRAMES === 0 ? KEYFRAME_RATIO * unit : unit;
      this.written += bytes;
      this.frames.push({ end: this.written, atMs: this.pair.clock.nowMs() });
      this.stream.write(new Uint8Array(bytes));
      this.pair.clock.advance(FRAME_MS);
    }
  }

  /** The latency that this share of the frames does not exceed. */
  percentileMs(share: number): number {
    const sorted = [...this.latenciesMs].sort((a, b) => a - b);
    return sorted[Math.floor(share * sorted.length)]!;
  }
}
