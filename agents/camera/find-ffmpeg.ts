import type { Clock } from '../../services/host';
import { startProcess } from './start-process';
import type { StartProcess } from './start-process';

const TIMEOUT_MS = 5_000;
const MAX_OUTPUT_CHARS = 4096;

export interface FfmpegVersion {
  readonly major: number;
  readonly minor: number;
}

/** @returns null when there is no ffmpeg, or none that answers. A build without a number is 0.0. */
export function findFfmpeg(
  clock: Clock,
  start: StartProcess = startProcess,
): Promise<FfmpegVersion | null> {
  return new Promise((resolve) => {
    let output = '';
    const child = start('ffmpeg', ['-version'], {
      onOutput: (bytes) => {
        if (output.length < MAX_OUTPUT_CHARS) output += Buffer.from(bytes).toString();
      },
      onLog: () => undefined,
      onExit: (code) => {
        cancel();
        resolve(code === 0 ? parseFfmpegVersion(output) : null);
      },
    });
    const cancel = clock.setTimer(TIMEOUT_MS, () => child.stop());
  });
}

export function parseFfmpegVersion(output: string): FfmpegVersion {
  const [, major = '0', minor = '0'] = /^ffmpeg version n?(\d+)\.(\d+)/m.exec(output) ?? [];
  return { major: Number(major), minor: Number(minor) };
}

/** Whether FLV with H.265 can be written: enhanced RTMP came with 6.1. */
export function writesH265(version: FfmpegVersion): boolean {
  return version.major > 6 || (version.major === 6 && version.minor >= 1);
}
