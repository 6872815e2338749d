import { parseAudioTag } from './audio-tag';
import type { FlvTag } from './flv-tag';
import { parseVideoTag } from './video-tag';

/** What an AVC sequence header tells (ISO/IEC 14496-15 §5.2.4.1). */
export interface AvcConfig {
  /** `profile_idc`: 66 baseline, 77 main, 100 high. */
  readonly profile: number;
  readonly profileName: string;
  readonly constraints: number;
  /** `level_idc`: 31 is level 3.1. */
  readonly level: number;
  /** RFC 6381 name for `MediaSource.isTypeSupported`, e.g. `avc1.42c01e`. */
  readonly codecString: string;
  /** Bytes of the length before each NAL unit. */
  readonly nalLengthBytes: number;
}

/** What an AAC sequence header tells (ISO/IEC 14496-3 §1.6.2.1). */
export interface AacConfig {
  /** 2 is AAC-LC. */
  readonly objectType: number;
  readonly sampleRateHz: number;
  readonly channels: number;
  /** RFC 6381 name, e.g. `mp4a.40.2`. */
  readonly codecString: string;
}

const PROFILE_NAMES: Readonly<Record<number, string>> = {
  66: 'baseline',
  77: 'main',
  88: 'extended',
  100: 'high',
  110: 'high 10',
  122: 'high 4:2:2',
  244: 'high 4:4:4',
};

const AAC_SAMPLE_RATES_HZ = [
  96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
];
const EXPLICIT_SAMPLE_RATE = 15;
const ESCAPED_OBJECT_TYPE = 31;

/** @returns null when the tag is not an AVC sequence header, or a broken one. */
export function readAvcConfig(tag: FlvTag): AvcConfig | null {
  const info = parseVideoTag(tag);
  if (info === null || info.codec !== 'avc' || info.packet !== 'sequence-header') return null;
  const record = tag.data.subarray(info.payloadOffset);
  // configurationVersion 1, profile, constraints, level, NAL length, number of parameter sets.
  if (record.length < 6 || record[0] !== 1) return null;
  const profile = record[1]!;
  const constraints = record[2]!;
  const level = record[3]!;
  return {
    profile,
    profileName: profileName(profile, constraints),
    constraints,
    level,
    codecString: `avc1.${hex(profile)}${hex(constraints)}${hex(level)}`,
    nalLengthBytes: (record[4]! & 3) + 1,
  };
}

/** @returns null when the tag is not an AAC sequence header, or a broken one. */
export function readAacConfig(tag: FlvTag): AacConfig | null {
  const info = parseAudioTag(tag);
  if (info === null || info.codec !== 'aac' || info.packet !== 'sequence-header') return null;
  const bits = bitReader(tag.data.subarray(info.payloadOffset));
  let objectType = bits(5);
  if (objectType === ESCAPED_OBJECT_TYPE) objectType = 32 + bits(6);
  const rateIndex = bits(4);
  const sampleRateHz =
    rateIndex === EXPLICIT_SAMPLE_RATE ? bits(24) : (AAC_SAMPLE_RATES_HZ[rateIndex] ?? NaN);
  const channelIndex = bits(4);
  // `bits` answers NaN beyond the end, which no comparison below lets through.
  if (!(objectType > 0) || !(sampleRateHz > 0) || !(channelIndex <= 7)) return null;
  const channels = channelIndex === 7 ? 8 : channelIndex;
  return { objectType, sampleRateHz, channels, codecString: `mp4a.40.${objectType}` };
}

function profileName(profile: number, constraints: number): string {
  if (profile === 66 && (constraints & 0x40) !== 0) return 'constrained baseline';
  return PROFILE_NAMES[profile] ?? `profile ${profile}`;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function bitReader(bytes: Uint8Array): (count: number) => number {
  let at = 0;
  return (count) => {
    if (at + count > bytes.length * 8) return NaN;
    let value = 0;
    for (let i = 0; i < count; i++, at++) {
      value = value * 2 + ((bytes[at >>> 3]! >>> (7 - (at & 7))) & 1);
    }
    return value;
  };
}
