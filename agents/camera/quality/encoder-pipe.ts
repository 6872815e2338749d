import type { CancelTimer, Clock } from '../../../services/host';
import { BackOff } from '../back-off';
import type { LiveHub } from '../live-hub';
import { startPipe } from '../start-process';
import type { PipedProcess, StartPipe } from '../start-process';
import { PipeFeed } from './pipe-feed';

export interface EncoderPipeOptions {
  /** Whose stream the encoder reads. */
  readonly source: LiveHub;
  readonly args: readonly string[];
  readonly clock: Clock;
  readonly log: {
    warn(message: string): void;
    debug(message: string): void;
  };
  /** A new encoder begins: what it yields has nothing to do with what came before. */
  readonly onStart: () => void;
  /** @returns false when this is not what the encoder should yield: it is started again. */
  readonly onOutput: (bytes: Uint8Array) => boolean;
  readonly startPipe?: StartPipe;
}

/** An encoder that yields nothing for so long hangs. */
const SILENCE_TIMEOUT_MS = 15_000;

/** Keeps an ffmpeg running that reads a hub's stream and writes another. */
export class EncoderPipe {
  private child: PipedProcess | null = null;
  private running = false;
  private readonly backOff: BackOff;
  private cancelRetry: CancelTimer = () => undefined;
  private cancelSilence: CancelTimer = () => undefined;
  private onEnded: (() => void) | null = null;

  constructor(private readonly options: EncoderPipeOptions) {
    this.backOff = new BackOff(options.clock);
  }

  start(): void {
    if (this.running) return;
    this.running = true;
    // One that has just been stopped is let go first.
    if (this.child === null) this.launch();
  }

  /** Resolves when the encoder is gone. */
  stop(): Promise<void> {
    this.running = false;
    this.cancelRetry();
    this.cancelSilence();
    const { child } = this;
    if (child === null) return Promise.resolve();
    child.stop();
    return new Promise((resolve) => {
      const others = this.onEnded;
      this.onEnded = () => {
        others?.();
        resolve();
      };
    });
  }

  private launch(): void {
    const { source, args, log, onStart, onOutput } = this.options;
    let lastLog = '';
    this.backOff.started();
    onStart();
    const child = (this.options.startPipe ?? startPipe)('ffmpeg', args, {
      onOutput: (bytes) => {
        this.watch(child);
        if (this.running && !onOutput(bytes)) child.stop();
      },
      onLog: (line) => {
        lastLog = line;
        log.debug(`ffmpeg: ${line}`);
      },
      onExit: (code) => {
        this.cancelSilence();
        feed.onClose?.();
        this.child = null;
        this.onEnded?.();
        this.onEnded = null;
        if (!this.running) return;
        const waitMs = this.backOff.ended();
        log.warn(`an encoder ended (${lastLog || String(code)}); again in ${waitMs / 1000} s`);
        this.cancelRetry = this.options.clock.setTimer(waitMs, () => this.launch());
      },
    });
    this.child = child;
    this.watch(child);
    const feed = new PipeFeed(child);
    source.addViewer(feed, { patient: true });
  }

  private watch(child: PipedProcess): void {
    this.cancelSilence();
    this.cancelSilence = this.options.clock.setTimer(SILENCE_TIMEOUT_MS, () => child.stop());
  }
}
