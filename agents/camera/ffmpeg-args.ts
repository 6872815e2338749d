import type { CameraInput } from './camera-input';

/** Inputs that need ffmpeg. */
export type FfmpegInput = Exclude<CameraInput, { kind: 'clip' }>;

/** What may pass as it is, and what has to be encoded anew. */
export interface FfmpegPlan {
  readonly video: 'copy' | 'transcode';
  readonly audio: 'copy' | 'transcode';
}

export const TRANSCODE_ALL: FfmpegPlan = { video: 'transcode', audio: 'transcode' };

/** A small machine encodes this in real time; larger pictures are scaled down. */
const MAX_WIDTH = 1280;

/**
 * H.264 that every player starts quickly: no B-frames, no lookahead, and a keyframe each second
 * whatever the frame rate, since a new viewer begins at the last one.
 */
const VIDEO_ENCODER = [
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-profile:v', 'baseline'],
  ...['-vf', `scale=w='trunc(min(${MAX_WIDTH},iw)/2)*2':h=-2,format=yuv420p`],
  ...['-force_key_frames', 'expr:gte(t,n_forced)', '-sc_threshold', '0'],
  ...['-crf', '26', '-maxrate', '1500k', '-bufsize', '1500k'],
];
const AUDIO_ENCODER = ['-c:a', 'aac', '-b:a', '64k', '-ar', '48000', '-ac', '1'];

/** The arguments with which ffmpeg turns an input into live FLV on its standard output. */
export function buildFfmpegArgs(input: FfmpegInput, plan: FfmpegPlan): string[] {
  const { before, maps } = inputArgs(input);
  return [
    ...['-hide_banner', '-loglevel', 'warning', '-nostats', '-nostdin'],
    ...before,
    ...maps,
    ...(plan.video === 'copy' ? ['-c:v', 'copy'] : VIDEO_ENCODER),
    ...(plan.audio === 'copy' ? ['-c:a', 'copy'] : AUDIO_ENCODER),
    ...['-flvflags', 'no_duration_filesize', '-flush_packets', '1', '-f', 'flv', 'pipe:1'],
  ];
}

/** The arguments with which ffprobe lists an input's streams as JSON. */
export function buildFfprobeArgs(url: string): string[] {
  return [
    ...['-hide_banner', '-loglevel', 'error', '-rtsp_transport', 'tcp'],
    ...['-show_entries', 'stream=codec_type,codec_name,pix_fmt', '-of', 'json', '-i', url],
  ];
}

/** Decides from ffprobe's answer what may be passed on untouched; anything unclear is encoded. */
export function planFromProbe(json: string): FfmpegPlan {
  const streams = parseStreams(json);
  const video = streams.find(({ codec_type }) => codec_type === 'video');
  const audio = streams.find(({ codec_type }) => codec_type === 'audio');
  // 10 bit and 4:2:2 exist as H.264 too, but hardly any player takes them.
  const playable = video?.pix_fmt === 'yuv420p' || video?.pix_fmt === 'yuvj420p';
  return {
    video: video?.codec_name === 'h264' && playable ? 'copy' : 'transcode',
    audio: audio?.codec_name === 'aac' ? 'copy' : 'transcode',
  };
}

interface ProbedStream {
  readonly codec_type?: unknown;
  readonly codec_name?: unknown;
  readonly pix_fmt?: unknown;
}

function parseStreams(json: string): readonly ProbedStream[] {
  try {
    const { streams } = JSON.parse(json) as { readonly streams?: unknown };
    return Array.isArray(streams) ? (streams as ProbedStream[]) : [];
  } catch {
    return [];
  }
}

function inputArgs(input: FfmpegInput): { readonly before: string[]; readonly maps: string[] } {
  switch (input.kind) {
    case 'testsrc':
      return {
        before: [
          ...['-re', '-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=15'],
          ...['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:beep_factor=2:sample_rate=48000'],
        ],
        maps: ['-map', '0:v:0', '-map', '1:a:0'],
      };
    case 'file':
      // "file:" keeps a path that begins with "-" or holds ":" from being taken for something else.
      return {
        before: ['-re', '-stream_loop', '-1', '-i', `file:${input.path}`],
        maps: FIRST_OF_EACH,
      };
    case 'rtsp':
      return {
        before: ['-fflags', 'nobuffer', '-rtsp_transport', 'tcp', '-i', input.url],
        maps: FIRST_OF_EACH,
      };
  }
}

/** The question mark: a camera without a microphone is a camera all the same. */
const FIRST_OF_EACH = ['-map', '0:v:0?', '-map', '0:a:0?'];
