import { decodeAmf0, encodeAmf0 } from './amf0';
import type { Amf0Object, Amf0Value } from './amf0';
import type { FlvTag } from './flv-tag';

/** What `onMetaData` tells of a stream; absent where the encoder did not say. */
export interface FlvMetadata {
  /** Width and height in pixels. */
  readonly width?: number;
  readonly height?: number;
  readonly frameRate?: number;
  /** Bit rates in kbit/s. */
  readonly videoKbps?: number;
  readonly audioKbps?: number;
  /** `videocodecid`: 7 is AVC; enhanced RTMP writes a FourCC as a number. */
  readonly videoCodecId?: number;
  /** `audiocodecid`: 10 is AAC. */
  readonly audioCodecId?: number;
  readonly audioSampleRateHz?: number;
  readonly stereo?: boolean;
}

const EVENT_NAME = 'onMetaData';

/** Our names and those of Annex E.5. */
const NUMBERS = [
  ['width', 'width'],
  ['height', 'height'],
  ['frameRate', 'framerate'],
  ['videoKbps', 'videodatarate'],
  ['audioKbps', 'audiodatarate'],
  ['videoCodecId', 'videocodecid'],
  ['audioCodecId', 'audiocodecid'],
  ['audioSampleRateHz', 'audiosamplerate'],
] as const;

/** @returns null when the tag is not a readable `onMetaData`. */
export function readMetadata(tag: FlvTag): FlvMetadata | null {
  if (tag.type !== 'script') return null;
  const values = decodeAmf0(tag.data);
  if (values === null || values[0] !== EVENT_NAME || !isObject(values[1])) return null;
  const properties = values[1];
  const found: Record<string, number | boolean> = {};
  for (const [ours, theirs] of NUMBERS) {
    const value = properties.get(theirs);
    if (typeof value === 'number' && Number.isFinite(value)) found[ours] = value;
  }
  const stereo = properties.get('stereo');
  if (typeof stereo === 'boolean') found.stereo = stereo;
  return found;
}

/**
 * An `onMetaData` tag for a live stream. It has neither duration nor file size, since players take a
 * stream that names a duration for a file and stop there.
 */
export function metadataTag(metadata: FlvMetadata, timestampMs = 0): FlvTag {
  const properties = new Map<string, Amf0Value>();
  for (const [ours, theirs] of NUMBERS) {
    const value = metadata[ours];
    if (value !== undefined) properties.set(theirs, value);
  }
  if (metadata.stereo !== undefined) properties.set('stereo', metadata.stereo);
  return { type: 'script', timestampMs, data: encodeAmf0([EVENT_NAME, properties]) };
}

function isObject(value: Amf0Value): value is Amf0Object {
  return value instanceof Map;
}
