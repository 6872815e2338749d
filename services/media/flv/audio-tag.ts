import type { FlvTag } from './flv-tag';

/** `other` is a codec that nothing here can name; its tags pass through untouched. */
export type AudioCodec = 'aac' | 'mp3' | 'g711a' | 'g711u' | 'opus' | 'other';

export interface AudioTagInfo {
  readonly codec: AudioCodec;
  readonly packet: 'sequence-header' | 'frames' | 'other';
  /** Where the codec's own bytes begin within the tag's data. */
  readonly payloadOffset: number;
}

/** Annex E.4.2.1. */
const SOUND_FORMATS: Readonly<Record<number, AudioCodec>> = {
  2: 'mp3',
  7: 'g711a',
  8: 'g711u',
  10: 'aac',
};

/** Enhanced RTMP v2, "Enhanced Audio". */
const EX_HEADER = 9;
const FOUR_CCS: Readonly<Record<string, AudioCodec>> = {
  mp4a: 'aac',
  '.mp3': 'mp3',
  Opus: 'opus',
};

/**
 * Reads the head of an audio tag.
 * @returns null when the tag is not an audio tag or too short.
 */
export function parseAudioTag(tag: FlvTag): AudioTagInfo | null {
  const { data } = tag;
  if (tag.type !== 'audio' || data.length < 1) return null;
  const format = data[0]! >>> 4;
  if (format === EX_HEADER) {
    if (data.length < 5) return null;
    const codec = FOUR_CCS[String.fromCharCode(...data.subarray(1, 5))] ?? 'other';
    return { codec, packet: packetOf(data[0]! & 0x0f), payloadOffset: 5 };
  }
  const codec = SOUND_FORMATS[format] ?? 'other';
  if (codec !== 'aac') return { codec, packet: 'frames', payloadOffset: 1 };
  if (data.length < 2) return null;
  return { codec, packet: packetOf(data[1]!), payloadOffset: 2 };
}

/** Whether the tag sets an audio decoder up (AudioSpecificConfig and its like). */
export function isAudioSequenceHeader(tag: FlvTag): boolean {
  return parseAudioTag(tag)?.packet === 'sequence-header';
}

function packetOf(packetType: number): AudioTagInfo['packet'] {
  if (packetType === 0) return 'sequence-header';
  return packetType === 1 ? 'frames' : 'other';
}
