import fc from 'fast-check';
import { encodeFlvHeader, encodeFlvTag } from '../../../../services/media/flv';
import type { FlvTag } from '../../../../services/media/flv';

/** A keyframe or inter frame of AVC. */
export function avcFrame(timestampMs: number, keyframe: boolean, bytes = 20): FlvTag {
  const data = new Uint8Array(5 + bytes).fill(0x55);
  data.set([keyframe ? 0x17 : 0x27, 1, 0, 0, 0]);
  return { type: 'video', timestampMs, data };
}

export function avcSequenceHeader(timestampMs = 0, level = 0x1e): FlvTag {
  const record = [1, 66, 0xc0, level, 0xff, 0xe1, 0, 2, 0x67, 0x42, 1, 0, 2, 0x68, 0xce];
  return { type: 'video', timestampMs, data: Uint8Array.of(0x17, 0, 0, 0, 0, ...record) };
}

export function aacFrame(timestampMs: number, bytes = 10): FlvTag {
  const data = new Uint8Array(2 + bytes).fill(0x21);
  data.set([0xaf, 1]);
  return { type: 'audio', timestampMs, data };
}

/** AAC-LC, 48 kHz, mono. */
export function aacSequenceHeader(timestampMs = 0): FlvTag {
  return { type: 'audio', timestampMs, data: Uint8Array.of(0xaf, 0, 0x11, 0x88) };
}

export const arbitraryTag: fc.Arbitrary<FlvTag> = fc.record({
  type: fc.constantFrom('audio' as const, 'video' as const, 'script' as const),
  timestampMs: fc.integer({ min: 0, max: 0xffffffff }),
  data: fc.uint8Array({ maxLength: 64 }),
});

export function encodeFlv(
  tags: readonly FlvTag[],
  header = { hasAudio: true, hasVideo: true },
): Uint8Array {
  return concat([encodeFlvHeader(header), ...tags.map((tag) => encodeFlvTag(tag))]);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
