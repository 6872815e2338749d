import type { Clock } from '../../../services/host';
import { buildStillArgs } from '../ffmpeg-args';
import { startPipe } from '../start-process';
import type { StartPipe } from '../start-process';

export interface StillMakerOptions {
  readonly clock: Clock;
  readonly log: { debug(message: string): void };
  readonly startPipe?: StartPipe;
}

const TIMEOUT_MS = 5_000;
const MAX_JPEG_BYTES = 512 * 1024;
/** Encoders at a time: they must leave the live pictures the machine. */
const MAX_RUNNING = 2;
const MAX_WAITING = 32;
const JPEG_START = [0xff, 0xd8];

interface Job {
  readonly flv: Uint8Array;
  readonly width: number;
  readonly done: (jpeg: Uint8Array | null) => void;
}

/** Makes JPEGs of recorded keyframes, a few at a time. */
export class StillMaker {
  private readonly waiting: Job[] = [];
  private readonly running = new Set<() => void>();
  private closed = false;

  constructor(private readonly options: StillMakerOptions) {}

  /**
   * @param flv a keyframe, and what a decoder has to know before it.
   * @param width at most so wide, in pixels.
   * @returns null when it cannot be decoded, or when too many wait already.
   */
  make(flv: Uint8Array, width: number): Promise<Uint8Array | null> {
    return new Promise((done) => {
      if (this.closed || this.waiting.length >= MAX_WAITING) return done(null);
      this.waiting.push({ flv, width, done });
      this.next();
    });
  }

  close(): void {
    this.closed = true;
    for (const { done } of this.waiting.splice(0)) done(null);
    for (const stop of [...this.running]) stop();
  }

  private next(): void {
    while (this.running.size < MAX_RUNNING) {
      const job = this.waiting.shift();
      if (job === undefined) return;
      this.run(job);
    }
  }

  private run({ flv, width, done }: Job): void {
    const { clock, log } = this.options;
    const parts: Uint8Array[] = [];
    let bytes = 0;
    const child = (this.options.startPipe ?? startPipe)('ffmpeg', buildStillArgs(width), {
      onOutput: (part) => {
        bytes += part.length;
        if (bytes <= MAX_JPEG_BYTES) parts.push(part);
        else child.stop();
      },
      onLog: (line) => log.debug(`ffmpeg: ${line}`),
      onExit: (code) => {
        cancel();
        this.running.delete(stop);
        const jpeg = Buffer.concat(parts);
        const isJpeg = code === 0 && JPEG_START.every((byte, at) => jpeg[at] === byte);
        done(isJpeg ? jpeg : null);
        this.next();
      },
    });
    const stop = (): void => child.stop();
    const cancel = clock.setTimer(TIMEOUT_MS, stop);
    this.running.add(stop);
    child.write(flv);
    child.endInput();
  }
}
