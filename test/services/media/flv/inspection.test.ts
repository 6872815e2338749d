import fc from 'fast-check';
import {
  isAudioSequenceHeader,
  isKeyframe,
  isVideoSequenceHeader,
  metadataTag,
  parseAudioTag,
  parseVideoTag,
  readAacConfig,
  readAvcConfig,
  readMetadata,
} from '../../../../services/media/flv';
import type { FlvTag } from '../../../../services/media/flv';
import {
  aacFrame,
  aacSequenceHeader,
  arbitraryTag,
  avcFrame,
  avcSequenceHeader,
} from './flv-samples';

const video = (...data: number[]): FlvTag => ({
  type: 'video',
  timestampMs: 0,
  data: Uint8Array.from(data),
});
const audio = (...data: number[]): FlvTag => ({ ...video(...data), type: 'audio' });
const fourCc = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));

describe('parseVideoTag', () => {
  it('tells AVC frames and sequence headers apart', () => {
    expect(isKeyframe(avcFrame(0, true))).toBe(true);
    expect(isKeyframe(avcFrame(0, false))).toBe(false);
    expect(isKeyframe(avcSequenceHeader())).toBe(false);
    expect(isVideoSequenceHeader(avcSequenceHeader())).toBe(true);
    expect(isVideoSequenceHeader(avcFrame(0, true))).toBe(false);
  });

  it('reads negative composition times', () => {
    expect(parseVideoTag(video(0x27, 1, 0xff, 0xff, 0xd6))?.compositionTimeMs).toBe(-42);
  });

  it('reads enhanced RTMP: hvc1 with and without composition time', () => {
    const hvc1 = fourCc('hvc1');
    expect(parseVideoTag(video(0x90, ...hvc1))).toMatchObject({
      codec: 'hevc',
      packet: 'sequence-header',
    });
    expect(parseVideoTag(video(0x91, ...hvc1, 0, 0, 40, 1))).toEqual({
      codec: 'hevc',
      packet: 'frames',
      keyframe: true,
      compositionTimeMs: 40,
      payloadOffset: 8,
    });
    expect(parseVideoTag(video(0xa3, ...hvc1, 1))).toMatchObject({
      keyframe: false,
      packet: 'frames',
      payloadOffset: 5,
    });
  });

  it('knows H.265 under the codec id 12', () => {
    expect(parseVideoTag(video(0x1c, 1, 0, 0, 0))).toMatchObject({ codec: 'hevc', keyframe: true });
  });

  it('never takes a command frame for a keyframe', () => {
    expect(isKeyframe(video(0x57, 0))).toBe(false);
    expect(isKeyframe(video(0xd0, ...fourCc('hvc1'), 0))).toBe(false);
  });
});

describe('parseAudioTag', () => {
  it('tells AAC frames and sequence headers apart', () => {
    expect(isAudioSequenceHeader(aacSequenceHeader())).toBe(true);
    expect(isAudioSequenceHeader(aacFrame(0))).toBe(false);
  });

  it('reads G.711 and enhanced audio', () => {
    expect(parseAudioTag(audio(0x72, 1))).toMatchObject({ codec: 'g711a', packet: 'frames' });
    expect(parseAudioTag(audio(0x90, ...fourCc('mp4a')))).toMatchObject({
      codec: 'aac',
      packet: 'sequence-header',
    });
  });
});

describe('tag inspection', () => {
  it('never throws, whatever the tag', () => {
    fc.assert(
      fc.property(arbitraryTag, (tag) => {
        isKeyframe(tag);
        isVideoSequenceHeader(tag);
        isAudioSequenceHeader(tag);
        readAvcConfig(tag);
        readAacConfig(tag);
        readMetadata(tag);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('readAvcConfig', () => {
  it('reads profile, level and the RFC 6381 name', () => {
    expect(readAvcConfig(avcSequenceHeader())).toEqual({
      profile: 66,
      profileName: 'constrained baseline',
      constraints: 0xc0,
      level: 30,
      codecString: 'avc1.42c01e',
      nalLengthBytes: 4,
    });
    expect(readAvcConfig(avcFrame(0, true))).toBeNull();
  });
});

describe('readAacConfig', () => {
  it('reads object type, sample rate and channels', () => {
    expect(readAacConfig(aacSequenceHeader())).toEqual({
      objectType: 2,
      sampleRateHz: 48000,
      channels: 1,
      codecString: 'mp4a.40.2',
    });
  });

  it('reads an explicit sample rate', () => {
    // 00010 1111 000000000001111101000000 0010 000
    const config = [0x17, 0x80, 0x0f, 0xa0, 0x10];
    expect(readAacConfig(audio(0xaf, 0, ...config))).toMatchObject({
      sampleRateHz: 8000,
      channels: 2,
    });
  });

  it('gives up on a config that is cut off or reserved', () => {
    expect(readAacConfig(audio(0xaf, 0, 0x11))).toBeNull();
    expect(readAacConfig(audio(0xaf, 0, 0x16, 0x88))).toBeNull();
  });
});

describe('metadata', () => {
  it('reads back what it wrote', () => {
    const metadata = {
      width: 640,
      height: 360,
      frameRate: 15,
      videoCodecId: 7,
      audioCodecId: 10,
      audioSampleRateHz: 48000,
      stereo: false,
    };
    expect(readMetadata(metadataTag(metadata))).toEqual(metadata);
  });

  it('is null for other script tags', () => {
    expect(readMetadata({ type: 'script', timestampMs: 0, data: Uint8Array.of(5) })).toBeNull();
  });
});
