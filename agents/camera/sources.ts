import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../services/host';
import type { FlvHeader, FlvTag } from '../../services/media/flv';
import type { CameraInput } from './camera-input';
import { prepareClip } from './clip';
import type { Clip } from './clip';
import { ClipSource } from './clip-source';
import type { EncodingLimits } from './ffmpeg-args';
import { FfmpegSource } from './ffmpeg-source';
import type { FfmpegSourceOptions } from './ffmpeg-source';
import type { MediaEvents, MediaSource } from './media-source';

export interface SourceOptions {
  readonly clock: Clock;
  readonly log: FfmpegSourceOptions['log'];
  readonly limits: EncodingLimits;
  readonly keepH265: boolean;
}

const SAMPLE_CLIP = join(__dirname, 'assets', 'sample.flv');

/**
 * Starts what the channels show: the inputs in turn. Channels with the same input share one source, but
 * for the clip, of which each shows another part.
 * @returns what ends all of them.
 * @throws Error when an input cannot be opened; those that were are closed.
 */
export async function startSources(
  inputs: readonly CameraInput[],
  channels: readonly MediaEvents[],
  options: SourceOptions,
): Promise<() => Promise<void>> {
  const started: MediaSource[] = [];
  const closeAll = async (): Promise<void> => {
    await Promise.all(started.map((source) => source.close()));
  };
  try {
    for (const [source, target] of await assign(inputs, channels, options)) {
      await source.start(target);
      started.push(source);
    }
  } catch (error) {
    await closeAll();
    throw error;
  }
  return closeAll;
}

async function assign(
  inputs: readonly CameraInput[],
  channels: readonly MediaEvents[],
  options: SourceOptions,
): Promise<[MediaSource, MediaEvents][]> {
  const clip = inputs.some(({ kind }) => kind === 'clip') ? await readSampleClip() : null;
  const pairs: [MediaSource, MediaEvents][] = [];
  for (const [index, input] of inputs.entries()) {
    const own = channels.filter((_, channel) => channel % inputs.length === index);
    if (input.kind !== 'clip') {
      if (own.length > 0) pairs.push([openFfmpeg(input, options), fanOut(own)]);
      continue;
    }
    for (const channel of own) {
      const offsetMs = (clip!.periodMs * channels.indexOf(channel)) / channels.length;
      pairs.push([new ClipSource(clip!, options.clock, offsetMs), channel]);
    }
  }
  return pairs;
}

function openFfmpeg(
  input: Exclude<CameraInput, { kind: 'clip' }>,
  options: SourceOptions,
): MediaSource {
  if (input.kind === 'file' && !existsSync(input.path)) {
    throw new Error(
      `there is no file ${input.path}; --input takes clip, testsrc, a file or rtsp://`,
    );
  }
  return new FfmpegSource({ input, ...options });
}

function fanOut(targets: readonly MediaEvents[]): MediaEvents {
  return {
    onHeader: (header: FlvHeader) => targets.forEach((target) => target.onHeader(header)),
    onTag: (tag: FlvTag) => targets.forEach((target) => target.onTag(tag)),
  };
}

/** @throws Error when the bundled clip is missing or broken. */
export async function readSampleClip(): Promise<Clip> {
  try {
    return prepareClip(await readFile(SAMPLE_CLIP));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `cannot use the bundled clip (${reason}); make it anew with scripts/make-sample-clip.sh`,
      { cause: error },
    );
  }
}
