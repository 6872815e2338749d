import type { CameraInput } from './camera-input';

/** Inputs that need ffmpeg. */
export type FfmpegInput = Exclude<CameraInput, { kind: 'clip' }>;

/** What may pass as it is, and what has to be encoded anew. */
export interface FfmpegPlan {
  readonly video: 'copy' | 'transcode';
  readonly audio: 'copy' | 'transcode';
}

export const TRANSCODE_ALL: FfmpegPlan = { video: 'transcode', audio: 'transcode' };

export interface EncodingLimits {
  /** Larger pictures are scaled down to this width, in pixels. */
  readonly width: number;
  /** Highest bit rate of the picture, kbit/s. */
  readonly kbps: number;
}

/** A small machine encodes this in real time. */
export const DEFAULT_LIMITS: EncodingLimits = { width: 1280, kbps: 1_500 };

const QUIET = ['-hide_banner', '-loglevel', 'warning', '-nostats', '-nostdin'];
/** Reads a hub's FLV: what it consists of is known from its first few frames. */
const FROM_HUB = [
  ...['-fflags', 'nobuffer', '-probesize', '500000', '-analyzeduration', '500000'],
  ...['-f', 'flv', '-i', 'pipe:0'],
];
const TO_FLV = ['-flvflags', 'no_duration_filesize', '-flush_packets', '1', '-f', 'flv', 'pipe:1'];
const AUDIO_ENCODER = ['-c:a', 'aac', '-b:a', '64k', '-ar', '48000', '-ac', '1'];

/** Pictures that are sent one by one are large; more per second would not be seen. */
const PICTURES_PER_SECOND = 10;
const PICTURE_WIDTH = 640;

/**
 * H.264 that every player starts quickly: no B-frames, no lookahead, and a keyframe each second
 * whatever the frame rate, since a new viewer begins at the last one.
 */
function videoEncoder({ width, kbps }: EncodingLimits): { before: string; after: string[] } {
  return {
    before: `${scaleTo(width)},format=yuv420p`,
    after: [
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency'],
      ...['-profile:v', 'baseline', '-force_key_frames', 'expr:gte(t,n_forced)'],
      ...['-sc_threshold', '0', '-crf', '26', '-maxrate', `${kbps}k`, '-bufsize', `${kbps}k`],
    ],
  };
}

function encodeVideo(limits: EncodingLimits): string[] {
  const { before, after } = videoEncoder(limits);
  return ['-vf', before, ...after];
}

function scaleTo(width: number): string {
  return `scale=w='trunc(min(${width},iw)/2)*2':h=-2`;
}

/** The arguments with which ffmpeg makes a smaller rendition of a hub's stream. */
export function buildRenditionArgs(limits: EncodingLimits): string[] {
  return [
    ...[...QUIET, ...FROM_HUB, ...FIRST_OF_EACH, ...encodeVideo(limits)],
    ...['-c:a', 'copy', ...TO_FLV],
  ];
}

/** The name of the filter that `viewCommand` speaks to. */
const VIEW_FILTER = 'crop@view';

/**
 * The arguments with which ffmpeg shows a window onto a hub's picture that can be moved while it runs:
 * the picture is laid out four times, so that the window goes around at its edges. It reads the stream
 * from file descriptor 3, and `viewCommand`s from standard input.
 */
export function buildViewArgs(limits: EncodingLimits): string[] {
  const { before, after } = videoEncoder(limits);
  return [
    // "async:" is there because ffmpeg takes no orders when its input is named "pipe:…".
    ...['-hide_banner', '-loglevel', 'error', '-nostats', '-fflags', 'nobuffer'],
    ...['-probesize', '500000', '-analyzeduration', '500000', '-f', 'flv', '-i', 'async:pipe:3'],
    '-filter_complex',
    `[0:v]${before},split=4[a][b][c][d];` +
      '[a][b][c][d]xstack=inputs=4:layout=0_0|w0_0|0_h0|w0_h0,' +
      `${VIEW_FILTER}=w=iw/2:h=ih/2:x=0:y=0[view]`,
    ...['-map', '[view]', '-map', '0:a:0?', ...after, '-c:a', 'copy', ...TO_FLV],
  ];
}

/**
 * An order to an ffmpeg with `buildViewArgs`. It looks for one about every 100 ms.
 * @param share where the window begins, 0 to 1 of the picture's width or height.
 */
export function viewCommand(axis: 'x' | 'y', share: number): string {
  // "c": an order for a filter follows; -1: at once. The layout is two pictures wide and high.
  return `c${VIEW_FILTER} -1 ${axis} ${axis === 'x' ? 'iw' : 'ih'}*${(share / 2).toFixed(5)}\n`;
}

/** The arguments with which ffmpeg makes single pictures (multipart JPEG) of a hub's stream. */
export function buildPictureArgs(): string[] {
  return [
    ...[...QUIET, ...FROM_HUB, '-map', '0:v:0', '-an'],
    ...['-vf', `fps=${PICTURES_PER_SECOND},${scaleTo(PICTURE_WIDTH)},format=yuvj420p`],
    ...['-c:v', 'mjpeg', '-q:v', '6', '-flush_packets', '1', '-f', 'mpjpeg', 'pipe:1'],
  ];
}

/** The arguments with which ffmpeg makes one JPEG of a keyframe in FLV. */
export function buildStillArgs(width: number): string[] {
  return [
    ...['-hide_banner', '-loglevel', 'error', '-f', 'flv', '-i', 'pipe:0', '-map', '0:v:0'],
    ...['-frames:v', '1', '-vf', `${scaleTo(width)},format=yuvj420p`],
    ...['-c:v', 'mjpeg', '-q:v', '6', '-f', 'image2pipe', 'pipe:1'],
  ];
}

/** The arguments with which ffmpeg turns an input into live FLV on its standard output. */
export function buildFfmpegArgs(
  input: FfmpegInput,
  plan: FfmpegPlan,
  limits: EncodingLimits = DEFAULT_LIMITS,
): string[] {
  const { before, maps } = inputArgs(input);
  return [
    ...QUIET,
    ...before,
    ...maps,
    ...(plan.video === 'copy' ? ['-c:v', 'copy'] : encodeVideo(limits)),
    ...(plan.audio === 'copy' ? ['-c:a', 'copy'] : AUDIO_ENCODER),
    ...TO_FLV,
  ];
}

/** The arguments with which ffprobe lists an input's streams as JSON. */
export function buildFfprobeArgs(url: string): string[] {
  return [
    ...['-hide_banner', '-loglevel', 'error', '-rtsp_transport', 'tcp'],
    ...['-show_entries', 'stream=codec_type,codec_name,pix_fmt', '-of', 'json', '-i', url],
  ];
}

/**
 * Decides from ffprobe's answer what may be passed on untouched; anything unclear is encoded. G.711 is
 * encoded too: FLV could carry it, but browsers play AAC only.
 * @param keepH265 pass H.265 on: for viewers whose players take it.
 */
export function planFromProbe(json: string, keepH265 = false): FfmpegPlan {
  const streams = parseStreams(json);
  const video = streams.find(({ codec_type }) => codec_type === 'video');
  const audio = streams.find(({ codec_type }) => codec_type === 'audio');
  // 10 bit and 4:2:2 exist as H.264 too, but hardly any player takes them.
  const playable = video?.pix_fmt === 'yuv420p' || video?.pix_fmt === 'yuvj420p';
  const codecs: unknown[] = keepH265 ? ['h264', 'hevc'] : ['h264'];
  return {
    video: codecs.includes(video?.codec_name) && playable ? 'copy' : 'transcode',
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
