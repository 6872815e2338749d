import type { FlvTag } from './flv-tag';

/** Annex E.4.2.1: AAC, "44 kHz, 16 bit, stereo" whatever it is: the AudioSpecificConfig counts. */
const AAC_HEAD = 0xaf;
/** Annex E.4.3.1: kind of frame in the upper four bits, AVC in the lower. */
const AVC_KEYFRAME = 0x17;
const AVC_FRAME = 0x27;
const SEQUENCE_HEADER = 0;
const FRAMES = 1;

/** Sets a decoder up. @param config AudioSpecificConfig (ISO/IEC 14496-3) */
export function aacConfigTag(config: Uint8Array, timestampMs = 0): FlvTag {
  return tag('audio', [AAC_HEAD, SEQUENCE_HEADER], config, timestampMs);
}

/** @param frame one raw AAC frame, without ADTS */
export function aacTag(frame: Uint8Array, timestampMs: number): FlvTag {
  return tag('audio', [AAC_HEAD, FRAMES], frame, timestampMs);
}

/** Sets a decoder up. @param config AVCDecoderConfigurationRecord (ISO/IEC 14496-15) */
export function avcConfigTag(config: Uint8Array, timestampMs = 0): FlvTag {
  return tag('video', [AVC_KEYFRAME, SEQUENCE_HEADER, 0, 0, 0], config, timestampMs);
}

/** @param units NAL units with their lengths before them; shown when decoded, without B-frames */
export function avcTag(units: Uint8Array, keyframe: boolean, timestampMs: number): FlvTag {
  const head = [keyframe ? AVC_KEYFRAME : AVC_FRAME, FRAMES, 0, 0, 0];
  return tag('video', head, units, timestampMs);
}

function tag(
  type: 'audio' | 'video',
  head: readonly number[],
  body: Uint8Array,
  timestampMs: number,
): FlvTag {
  const data = new Uint8Array(head.length + body.length);
  data.set(head);
  data.set(body, head.length);
  return { type, timestampMs, data };
}
