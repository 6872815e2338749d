import { spawnSync } from 'node:child_process';

export interface Probed {
  readonly format: string;
  readonly durationS: number;
  readonly streams: readonly {
    readonly codec_type: string;
    readonly codec_name: string;
    readonly width?: number;
    readonly sample_rate?: string;
  }[];
  /** What it complained about; empty for a clean file. */
  readonly complaints: string;
}

/** What ffprobe makes of bytes, after it has decoded none of them. */
export function probe(input: Uint8Array | string): Probed {
  const file = typeof input === 'string' ? input : '-';
  const { stdout, stderr } = spawnSync(
    'ffprobe',
    [
      ...['-hide_banner', '-loglevel', 'warning', '-show_entries', 'format=format_name,duration'],
      ...['-show_entries', 'stream=codec_type,codec_name,width,sample_rate', '-of', 'json', file],
    ],
    typeof input === 'string' ? {} : { input },
  );
  const { format, streams } = JSON.parse(stdout.toString() || '{}') as {
    format?: { format_name?: string; duration?: string };
    streams?: Probed['streams'];
  };
  return {
    format: format?.format_name ?? '',
    durationS: Number(format?.duration ?? NaN),
    streams: streams ?? [],
    complaints: stderr.toString().trim(),
  };
}

/** What ffmpeg complains about when it decodes a file; empty when it is sound. */
export function decodeComplaints(file: string): string {
  const args = ['-hide_banner', '-loglevel', 'warning', '-i', file, '-f', 'null', '-'];
  const lines = spawnSync('ffmpeg', args).stderr.toString().split('\n');
  // That PCM does not say which loudspeaker is which is no fault of a file.
  return lines
    .filter((line) => !line.startsWith('Guessed Channel Layout'))
    .join('\n')
    .trim();
}
