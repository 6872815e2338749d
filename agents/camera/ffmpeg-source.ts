import type { CancelTimer, Clock } from '../../services/host';
import { FlvReader } from '../../services/media/flv';
import { BackOff } from './back-off';
import { redactUrls } from './camera-input';
import { TRANSCODE_ALL, buildFfmpegArgs, buildFfprobeArgs, planFromProbe } from './ffmpeg-args';
import type { EncodingLimits, FfmpegInput, FfmpegPlan } from './ffmpeg-args';
import type { MediaEvents, MediaSource } from './media-source';
import { startProcess } from './start-process';
import type { RunningProcess, StartProcess } from './start-process';

export interface FfmpegSourceOptions {
  readonly input: FfmpegInput;
  readonly clock: Clock;
  readonly log: {
    warn(message: string): void;
    debug(message: string): void;
  };
  readonly startProcess?: StartProcess;
  /** Bounds of what has to be encoded. */
  readonly limits?: EncodingLimits;
  /** Passes H.265 of a network camera on (ffmpeg 6.1 and later). */
  readonly keepH265?: boolean;
}

/** ffmpeg says something within this time, or it hangs: a network camera may vanish without a word. */
const SILENCE_TIMEOUT_MS = 15_000;
const PROBE_TIMEOUT_MS = 15_000;
const VERSION_TIMEOUT_MS = 10_000;
const MAX_PROBE_OUTPUT = 256 * 1024;

interface Outcome {
  readonly code: number | string | null;
  readonly output: string;
  readonly lastLog: string;
}

/** Live FLV from an ffmpeg of its own, which it starts again whenever it ends. */
export class FfmpegSource implements MediaSource {
  private readonly startProcess: StartProcess;
  private events: MediaEvents | null = null;
  private plan: FfmpegPlan | null = null;
  private readonly running = new Set<RunningProcess>();
  private onIdle: (() => void) | null = null;
  private readonly backOff: BackOff;
  private cancelRetry: CancelTimer = () => undefined;

  constructor(private readonly options: FfmpegSourceOptions) {
    this.startProcess = options.startProcess ?? startProcess;
    this.backOff = new BackOff(options.clock);
    // Files and patterns are encoded in any case: a file's keyframes may be 10 s apart.
    if (options.input.kind !== 'rtsp') this.plan = TRANSCODE_ALL;
  }

  /** @throws Error when ffmpeg cannot be started; the message tells how to install it. */
  async start(events: MediaEvents): Promise<void> {
    const { code } = await this.run('ffmpeg', ['-version'], VERSION_TIMEOUT_MS);
    if (code !== 0) throw new Error(missingMessage(code));
    this.events = events;
    void this.stream();
  }

  async close(): Promise<void> {
    this.events = null;
    this.cancelRetry();
    if (this.running.size === 0) return;
    const idle = new Promise<void>((resolve) => (this.onIdle = resolve));
    for (const child of this.running) child.stop();
    await idle;
  }

  private async stream(): Promise<void> {
    const { input, clock, log } = this.options;
    if (!this.plan) await this.probe();
    if (!this.events) return;
    this.backOff.started();
    const reader = new FlvReader();
    const outcome = await this.run(
      'ffmpeg',
      buildFfmpegArgs(input, this.plan ?? TRANSCODE_ALL, this.options.limits),
      SILENCE_TIMEOUT_MS,
      (bytes, stop) => {
        const { header, tags, error } = reader.push(bytes);
        if (header) this.events?.onHeader(header);
        for (const tag of tags) this.events?.onTag(tag);
        if (!error) return;
        log.warn(error.message);
        stop();
      },
    );
    if (!this.events) return;
    // The camera behind the URL may be another one by now.
    if (input.kind === 'rtsp' && !this.backOff.goodRun) this.plan = null;
    const reason = outcome.lastLog || String(outcome.code);
    const waitMs = this.backOff.ended();
    log.warn(`ffmpeg ended (${reason}); it starts again in ${waitMs / 1000} s`);
    this.cancelRetry = clock.setTimer(waitMs, () => void this.stream());
  }

  /** Without an answer everything is encoded: that works for whatever ffmpeg can read. */
  private async probe(): Promise<void> {
    const { input, log } = this.options;
    if (input.kind !== 'rtsp') return;
    const { code, output, lastLog } = await this.run(
      'ffprobe',
      buildFfprobeArgs(input.url),
      PROBE_TIMEOUT_MS,
    );
    if (code === 0) this.plan = planFromProbe(output, this.options.keepH265);
    else log.debug(`ffprobe tells nothing about the input (${lastLog || code})`);
  }

  /**
   * Runs a program to its end.
   * @param silenceMs it is stopped when it says nothing for this long.
   */
  private run(
    command: string,
    args: readonly string[],
    silenceMs: number,
    onOutput?: (bytes: Uint8Array, stop: () => void) => void,
  ): Promise<Outcome> {
    const { clock, log } = this.options;
    let output = '';
    let lastLog = '';
    let cancelSilence: CancelTimer = () => undefined;
    return new Promise((resolve) => {
      const watch = (): void => {
        cancelSilence();
        cancelSilence = clock.setTimer(silenceMs, () => {
          lastLog = `no output for ${silenceMs / 1000} s`;
          child.stop();
        });
      };
      const child = this.startProcess(command, args, {
        onOutput: (bytes) => {
          watch();
          if (onOutput) onOutput(bytes, () => child.stop());
          else if (output.length < MAX_PROBE_OUTPUT) output += Buffer.from(bytes).toString();
        },
        onLog: (line) => {
          lastLog = redactUrls(line);
          log.debug(`${command}: ${lastLog}`);
        },
        onExit: (code) => {
          cancelSilence();
          this.running.delete(child);
          resolve({ code, output, lastLog });
          if (this.running.size === 0) this.onIdle?.();
        },
      });
      this.running.add(child);
      watch();
    });
  }
}

function missingMessage(code: number | string | null): string {
  if (code !== 'ENOENT') return `ffmpeg does not work (${code}); install it anew`;
  return (
    'this input needs ffmpeg, which is not installed. Debian, Ubuntu: apt-get install ffmpeg; ' +
    'macOS: brew install ffmpeg; Windows: winget install ffmpeg. Or use --input clip'
  );
}
