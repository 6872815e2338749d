import {
  TRANSCODE_ALL,
  buildFfmpegArgs,
  buildFfprobeArgs,
  buildPictureArgs,
  buildRenditionArgs,
  planFromProbe,
} from '../../../agents/camera/ffmpeg-args';
import type { FfmpegInput, FfmpegPlan } from '../../../agents/camera/ffmpeg-args';

const line = (input: FfmpegInput, plan: FfmpegPlan = TRANSCODE_ALL): string =>
  buildFfmpegArgs(input, plan).join(' ');
const rtsp: FfmpegInput = { kind: 'rtsp', url: 'rtsp://cam/1' };

describe('buildFfmpegArgs', () => {
  it('writes live FLV to standard output, whatever the input', () => {
    for (const input of [{ kind: 'testsrc' }, { kind: 'file', path: 'a' }, rtsp] as const) {
      expect(line(input)).toMatch(/-flvflags no_duration_filesize .* -f flv pipe:1$/);
      expect(line(input)).toContain('-nostdin');
    }
  });

  it('encodes for quick starts: baseline, no lookahead, a keyframe per second', () => {
    const args = line({ kind: 'testsrc' });
    expect(args).toContain('-tune zerolatency -profile:v baseline');
    expect(args).toContain('-force_key_frames expr:gte(t,n_forced)');
  });

  it('plays a file in real time, over and over', () => {
    expect(line({ kind: 'file', path: 'a.mp4' })).toContain(
      '-re -stream_loop -1 -i file:a.mp4 -map 0:v:0? -map 0:a:0?',
    );
  });

  it('never takes a file’s name for an option or a protocol', () => {
    const args = buildFfmpegArgs({ kind: 'file', path: '-rf concat:x' }, TRANSCODE_ALL);
    expect(args).toContain('file:-rf concat:x');
  });

  it('reads RTSP over TCP, and copies what may be copied', () => {
    const args = line(rtsp, { video: 'copy', audio: 'transcode' });
    expect(args).toContain('-rtsp_transport tcp -i rtsp://cam/1');
    expect(args).toContain('-c:v copy -c:a aac');
    expect(args).not.toContain('libx264');
    expect(line(rtsp, { video: 'transcode', audio: 'copy' })).toContain('-c:a copy');
  });
});

describe('buildRenditionArgs', () => {
  it('encodes the picture to its bounds, and leaves the sound alone', () => {
    const args = buildRenditionArgs({ width: 320, kbps: 250 }).join(' ');
    expect(args).toContain("scale=w='trunc(min(320,iw)/2)*2'");
    expect(args).toContain('-maxrate 250k -bufsize 250k -c:a copy');
    expect(args).toMatch(/-f flv -i pipe:0 .* -f flv pipe:1$/);
  });
});

describe('buildPictureArgs', () => {
  it('makes multipart JPEG without sound', () => {
    expect(buildPictureArgs().join(' ')).toMatch(/-an .*-c:v mjpeg .*-f mpjpeg pipe:1$/);
  });
});

describe('buildFfprobeArgs', () => {
  it('asks for codecs as JSON, over TCP', () => {
    expect(buildFfprobeArgs('rtsp://cam/1').join(' ')).toMatch(
      /-rtsp_transport tcp .*-of json -i rtsp:\/\/cam\/1$/,
    );
  });
});

describe('planFromProbe', () => {
  const probe = (...streams: object[]): FfmpegPlan => planFromProbe(JSON.stringify({ streams }));
  const video = (codec_name: string, pix_fmt = 'yuv420p'): object => ({
    codec_type: 'video',
    codec_name,
    pix_fmt,
  });
  const audio = (codec_name: string): object => ({ codec_type: 'audio', codec_name });

  it('copies H.264 and AAC', () => {
    expect(probe(video('h264'), audio('aac'))).toEqual({ video: 'copy', audio: 'copy' });
    expect(probe(video('h264', 'yuvj420p'), audio('pcm_alaw'))).toEqual({
      video: 'copy',
      audio: 'transcode',
    });
  });

  it('encodes what players may not take', () => {
    expect(probe(video('hevc'), audio('aac'))).toEqual({ video: 'transcode', audio: 'copy' });
    expect(probe(video('h264', 'yuv420p10le')).video).toBe('transcode');
  });

  it('copies H.265 when asked to', () => {
    const json = JSON.stringify({ streams: [video('hevc'), audio('pcm_mulaw')] });
    expect(planFromProbe(json, true)).toEqual({ video: 'copy', audio: 'transcode' });
  });

  it.each(['', 'null', '{}', '{"streams":1}', '{"streams":[{}]}'])(
    'encodes everything when the answer is %s',
    (json) => {
      expect(planFromProbe(json)).toEqual(TRANSCODE_ALL);
    },
  );
});
