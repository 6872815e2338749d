import { startPipe } from '../start-process';
import type { PipedProcess, StartPipe } from '../start-process';
import type { TalkFormat } from './talk-format';

/** Makes audible what is said; one talk at a time. */
export interface TalkPlayer {
  open(format: TalkFormat): { write(bytes: Uint8Array): void; close(): void };
}

export interface TalkPlayerOptions {
  /** What ffmpeg calls the loudspeaker, e.g. ALSA's `default`. */
  readonly device: string;
  readonly log: { warn(message: string): void; debug(message: string): void };
  readonly platform?: string;
  readonly startPipe?: StartPipe;
}

/** What ffmpeg writes sound to, by platform. */
const OUTPUTS: Readonly<Record<string, string>> = { linux: 'alsa', darwin: 'audiotoolbox' };
/** What a loudspeaker that hangs may leave waiting; more is not heard. */
const MAX_BUFFERED_BYTES = 64 * 1024;

/** @throws Error where ffmpeg cannot play sound. */
export function createTalkPlayer(options: TalkPlayerOptions): TalkPlayer {
  const { device, log, platform = process.platform, startPipe: start = startPipe } = options;
  const output = OUTPUTS[platform];
  if (output === undefined) {
    throw new Error(`--play-talk works on ${Object.keys(OUTPUTS).join(' and ')} only`);
  }
  return {
    open(format) {
      let child: PipedProcess | null = start('ffmpeg', playArgs(format, output, device), {
        onOutput: () => undefined,
        onLog: (line) => log.debug(`ffmpeg: ${line}`),
        onExit: (code) => {
          child = null;
          if (code !== 0) log.warn(`what is said cannot be played on "${device}" (${code})`);
        },
      });
      return {
        write(bytes) {
          if (child && child.bufferedBytes() <= MAX_BUFFERED_BYTES) child.write(bytes);
        },
        close: () => child?.endInput(),
      };
    },
  };
}

function playArgs(format: TalkFormat, output: string, device: string): string[] {
  const input =
    format.kind === 'flv'
      ? ['-f', 'flv']
      : ['-f', 's16le', '-ar', String(format.rateHz), '-ac', String(format.channels)];
  return [
    ...['-hide_banner', '-loglevel', 'warning', '-nostats', '-nostdin', '-fflags', 'nobuffer'],
    ...[...input, '-i', 'pipe:0', '-vn', '-f', output, device],
  ];
}
