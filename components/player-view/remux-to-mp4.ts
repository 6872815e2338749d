import {
  FlvReader,
  parseAudioTag,
  parseVideoTag,
  readAacConfig,
  readAvcConfig,
} from '@services/media/flv';
import type { FlvTag } from '@services/media/flv';
import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import { avcPictureSize } from './avc-picture-size';

/** The last sample of a track has no successor to end it, in s: a frame at 25 pictures/s. */
const LAST_DURATION_S = 0.04;

/**
 * Puts a recording's pictures and sound into an MP4 file as they are; nothing is encoded anew.
 *
 * @param pieces an FLV file
 * @returns null for what MP4 does not carry here: anything but AVC, with or without AAC
 */
export async function remuxToMp4(
  pieces: readonly Uint8Array[],
): Promise<Uint8Array<ArrayBuffer> | null> {
  const reader = new FlvReader();
  const tags = pieces.flatMap((piece) => reader.push(piece).tags);
  const video = tracks(tags, 'video');
  const audio = tracks(tags, 'audio');
  const avc = video.setup === null ? null : readAvcConfig(video.setup);
  if (video.setup === null || avc === null) return null;
  const aac = audio.setup === null ? null : readAacConfig(audio.setup);
  if (audio.frames.length > 0 && aac === null) return null;

  const description = payloadOf(video.setup);
  const size = avcPictureSize(description);
  if (size === null) return null;

  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target });
  const videoSource = new EncodedVideoPacketSource('avc');
  output.addVideoTrack(videoSource);
  const audioSource = aac === null ? null : new EncodedAudioPacketSource('aac');
  if (audioSource !== null) output.addAudioTrack(audioSource);
  await output.start();

  const videoMeta = {
    decoderConfig: {
      codec: avc.codecString,
      codedWidth: size.width,
      codedHeight: size.height,
      description,
    },
  };
  for (const [i, tag] of video.frames.entries()) {
    const { compositionTimeMs, keyframe, payloadOffset } = parseVideoTag(tag)!;
    const packet = new EncodedPacket(
      tag.data.subarray(payloadOffset),
      keyframe ? 'key' : 'delta',
      (tag.timestampMs + compositionTimeMs) / 1_000,
      durationS(video.frames, i),
    );
    await videoSource.add(packet, i === 0 ? videoMeta : undefined);
  }
  if (audioSource !== null && aac !== null && audio.setup !== null) {
    const audioMeta = {
      decoderConfig: {
        codec: aac.codecString,
        sampleRate: aac.sampleRateHz,
        numberOfChannels: aac.channels,
        description: payloadOf(audio.setup),
      },
    };
    for (const [i, tag] of audio.frames.entries()) {
      const { payloadOffset } = parseAudioTag(tag)!;
      const packet = new EncodedPacket(
        tag.data.subarray(payloadOffset),
        'key',
        tag.timestampMs / 1_000,
        durationS(audio.frames, i),
      );
      await audioSource.add(packet, i === 0 ? audioMeta : undefined);
    }
  }
  await output.finalize();
  return target.buffer === null ? null : new Uint8Array(target.buffer);
}

interface Track {
  readonly setup: FlvTag | null;
  readonly frames: readonly FlvTag[];
}

function tracks(tags: readonly FlvTag[], type: 'video' | 'audio'): Track {
  const mine = tags.filter((tag) => tag.type === type);
  const packetOf = (tag: FlvTag): string | undefined =>
    (type === 'video' ? parseVideoTag(tag) : parseAudioTag(tag))?.packet;
  return {
    setup: mine.find((tag) => packetOf(tag) === 'sequence-header') ?? null,
    frames: mine.filter((tag) => packetOf(tag) === 'frames'),
  };
}

function payloadOf(tag: FlvTag): Uint8Array {
  const info = tag.type === 'video' ? parseVideoTag(tag) : parseAudioTag(tag);
  return tag.data.subarray(info?.payloadOffset ?? 0);
}

function durationS(frames: readonly FlvTag[], i: number): number {
  const next = frames[i + 1];
  return next === undefined
    ? LAST_DURATION_S
    : Math.max(0, next.timestampMs - frames[i]!.timestampMs) / 1_000;
}
