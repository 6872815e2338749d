import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  FlvReader,
  isAudioSequenceHeader,
  isKeyframe,
  isVideoSequenceHeader,
  parseVideoTag,
  readAacConfig,
  readAvcConfig,
  readMetadata,
} from '../../../services/media/flv';

const PATH = 'agents/camera/assets/sample.flv';

describe('the bundled clip', () => {
  const bytes = readFileSync(PATH);
  const reader = new FlvReader();
  const { header, tags, error } = reader.push(bytes);
  const frames = (type: 'audio' | 'video'): typeof tags =>
    tags.filter((tag) => {
      if (type === 'audio') return tag.type === type && !isAudioSequenceHeader(tag);
      return parseVideoTag(tag)?.packet === 'frames';
    });

  it('is small and well-formed', () => {
    expect(bytes.length).toBeLessThanOrEqual(600 * 1024);
    expect(error).toBeNull();
    expect(header).toEqual({ hasAudio: true, hasVideo: true });
    expect(reader.stats).toMatchObject({ skippedTags: 0, sizeMismatches: 0 });
  });

  it('is H.264 constrained baseline, 640×360, 15 fps', () => {
    const config = readAvcConfig(tags.find(isVideoSequenceHeader)!);
    expect(config).toMatchObject({ profileName: 'constrained baseline', level: 30 });
    const metadata = readMetadata(tags.find(({ type }) => type === 'script')!);
    expect(metadata).toMatchObject({ width: 640, height: 360, frameRate: 15 });
  });

  it('has a keyframe every 15 frames', () => {
    const keyframes = frames('video').map(isKeyframe);
    expect(keyframes).toEqual(keyframes.map((_, i) => i % 15 === 0));
  });

  it('has AAC-LC, 48 kHz, mono', () => {
    const config = readAacConfig(tags.find(isAudioSequenceHeader)!);
    expect(config).toMatchObject({ codecString: 'mp4a.40.2', sampleRateHz: 48000, channels: 1 });
  });

  it('ends both tracks at 8 s', () => {
    expect(frames('video')).toHaveLength(120);
    expect(frames('audio')).toHaveLength(375);
    expect(frames('video')[0]!.timestampMs).toBe(0);
    expect(frames('audio')[0]!.timestampMs).toBe(0);
  });

  const ffmpeg = spawnSync('ffmpeg', ['-v', 'error', '-i', PATH, '-f', 'null', '-'], {
    encoding: 'utf8',
  });
  const installed = ffmpeg.error === undefined;
  it(installed ? 'is decoded by ffmpeg without a complaint' : 'NOT decoded: no ffmpeg here', () => {
    if (installed) expect([ffmpeg.status, ffmpeg.stderr]).toEqual([0, '']);
  });
});
