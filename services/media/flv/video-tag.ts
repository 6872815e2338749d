import type { FlvTag } from './flv-tag';

/** `other` is a codec that nothing here can name; its tags pass through untouched. */
export type VideoCodec = 'avc' | 'hevc' | 'av1' | 'vp9' | 'other';

export interface VideoTagInfo {
  readonly codec: VideoCodec;
  readonly keyframe: boolean;
  readonly packet: 'sequence-header' | 'frames' | 'end' | 'metadata' | 'other';
  /** Presentation time minus decoding time, in ms. */
  readonly compositionTimeMs: number;
  /** Where the codec's own bytes begin within the tag's data. */
  readonly payloadOffset: number;
}

/** Annex E.4.3.1; 12 is what Chinese vendors write for H.265 without enhanced RTMP. */
const CODEC_IDS: Readonly<Record<number, VideoCodec>> = { 7: 'avc', 12: 'hevc' };

/** Enhanced RTMP v2, "Enhanced Video". */
const FOUR_CCS: Readonly<Record<string, VideoCodec>> = {
  avc1: 'avc',
  hvc1: 'hevc',
  av01: 'av1',
  vp09: 'vp9',
};

const KEYFRAME = 1;
/** A command for the player (e.g. seek marks), without a picture. */
const COMMAND_FRAME = 5;

/**
 * Reads the head of a video tag.
 * @returns null when the tag is not a video tag or too short.
 */
export function parseVideoTag(tag: FlvTag): VideoTagInfo | null {
  const { data } = tag;
  if (tag.type !== 'video' || data.length < 1) return null;
  return (data[0]! & 0x80) !== 0 ? parseEnhanced(data) : parseClassic(data);
}

/** Whether a decoder can start at this tag, given the sequence header. */
export function isKeyframe(tag: FlvTag): boolean {
  const info = parseVideoTag(tag);
  return info !== null && info.keyframe && (info.packet === 'frames' || info.packet === 'other');
}

/** Whether the tag sets a video decoder up (AVCDecoderConfigurationRecord and its like). */
export function isVideoSequenceHeader(tag: FlvTag): boolean {
  return parseVideoTag(tag)?.packet === 'sequence-header';
}

function parseClassic(data: Uint8Array): VideoTagInfo | null {
  const frameType = data[0]! >>> 4;
  const codec = CODEC_IDS[data[0]! & 0x0f] ?? 'other';
  const keyframe = frameType === KEYFRAME;
  if (codec === 'other' || frameType === COMMAND_FRAME) {
    return { codec, keyframe, packet: 'other', compositionTimeMs: 0, payloadOffset: 1 };
  }
  if (data.length < 5) return null;
  const packet = (['sequence-header', 'frames', 'end'] as const)[data[1]!] ?? 'other';
  return { codec, keyframe, packet, compositionTimeMs: readInt24(data, 2), payloadOffset: 5 };
}

function parseEnhanced(data: Uint8Array): VideoTagInfo | null {
  if (data.length < 5) return null;
  const frameType = (data[0]! >>> 4) & 7;
  const packetType = data[0]! & 0x0f;
  const codec = FOUR_CCS[String.fromCharCode(...data.subarray(1, 5))] ?? 'other';
  const keyframe = frameType === KEYFRAME;
  if (frameType === COMMAND_FRAME) {
    return { codec, keyframe, packet: 'other', compositionTimeMs: 0, payloadOffset: 5 };
  }
  // CodedFrames carries a composition time for AVC and HEVC, CodedFramesX leaves it out.
  const hasComposition = packetType === 1 && (codec === 'avc' || codec === 'hevc');
  if (hasComposition && data.length < 8) return null;
  return {
    codec,
    keyframe,
    packet: ENHANCED_PACKETS[packetType] ?? 'other',
    compositionTimeMs: hasComposition ? readInt24(data, 5) : 0,
    payloadOffset: hasComposition ? 8 : 5,
  };
}

const ENHANCED_PACKETS: Readonly<Record<number, VideoTagInfo['packet']>> = {
  0: 'sequence-header',
  1: 'frames',
  2: 'end',
  3: 'frames',
  4: 'metadata',
};

function readInt24(data: Uint8Array, at: number): number {
  return ((data[at]! << 24) | (data[at + 1]! << 16) | (data[at + 2]! << 8)) >> 8;
}
