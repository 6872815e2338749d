import fc from 'fast-check';
import { FlvReader, encodeFlvHeader, encodeFlvTag } from '../../../../services/media/flv';
import type { FlvReadResult, FlvTag } from '../../../../services/media/flv';
import { arbitraryTag, avcFrame, concat, encodeFlv } from './flv-samples';

function readAll(chunks: readonly Uint8Array[], reader = new FlvReader()): FlvReadResult {
  const tags: FlvTag[] = [];
  let header: FlvReadResult['header'] = null;
  let error: FlvReadResult['error'] = null;
  for (const chunk of chunks) {
    const result = reader.push(chunk);
    if (result.header) header = result.header;
    tags.push(...result.tags);
    error = result.error;
  }
  return { header, tags, error };
}

function split(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...at, bytes.length].map((end, i) => bytes.subarray(i === 0 ? 0 : at[i - 1], end));
}

describe('FlvReader', () => {
  it('reads back what the writer wrote, 32-bit timestamps included', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryTag, { maxLength: 8 }),
        fc.boolean(),
        fc.boolean(),
        (tags, hasAudio, hasVideo) => {
          const result = readAll([encodeFlv(tags, { hasAudio, hasVideo })]);
          expect(result).toEqual({ header: { hasAudio, hasVideo }, tags, error: null });
        },
      ),
    );
  });

  it('gives the same tags however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryTag, { maxLength: 8 }),
        fc.array(fc.nat(), { maxLength: 40 }),
        (tags, cuts) => {
          const bytes = encodeFlv(tags);
          expect(readAll(split(bytes, cuts))).toEqual(readAll([bytes]));
        },
      ),
    );
  });

  it('reads a stream byte by byte', () => {
    const tags = [avcFrame(0, true), avcFrame(66, false)];
    const bytes = encodeFlv(tags);
    expect(readAll(Array.from(bytes, (byte) => Uint8Array.of(byte))).tags).toEqual(tags);
  });

  it('never throws on flipped bits, and reads what came before them', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryTag, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(), { maxLength: 10 }),
        (tags, flips, cuts) => {
          const bytes = encodeFlv(tags);
          const bits = flips.map((flip) => flip % (bytes.length * 8));
          for (const bit of bits) bytes[bit >>> 3]! ^= 1 << (bit & 7);
          const untouched = Math.min(...bits) >>> 3;
          const result = readAll(split(bytes, cuts));
          let end = 13;
          for (const [i, tag] of tags.entries()) {
            end += 15 + tag.data.length;
            // The size that precedes the next tag is judged with that tag.
            if (end - 4 <= untouched) expect(result.tags[i]).toEqual(tag);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never throws on noise', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 10 }), (chunks) => {
        readAll(chunks);
        readAll([encodeFlvHeader({ hasAudio: true, hasVideo: true }), ...chunks]);
      }),
      { numRuns: 500 },
    );
  });

  it('waits for more when the stream is cut off, without an error', () => {
    fc.assert(
      fc.property(fc.array(arbitraryTag, { maxLength: 5 }), fc.nat(), (tags, cut) => {
        const bytes = encodeFlv(tags);
        const result = readAll([bytes.subarray(0, cut % (bytes.length + 1))]);
        expect(result.error).toBeNull();
        expect(result.tags).toEqual(tags.slice(0, result.tags.length));
      }),
    );
  });

  it('refuses anything but FLV at its first wrong byte, and stays refused', () => {
    const reader = new FlvReader();
    const first = reader.push(new TextEncoder().encode('<html>'));
    expect(first.error).toMatchObject({ name: 'IotError', reason: 'media-broken' });
    expect(reader.push(encodeFlv([avcFrame(0, true)])).error).toBe(first.error);
  });

  it.each([
    ['an unknown version', [0x46, 0x4c, 0x56, 2]],
    ['reserved flags', [0x46, 0x4c, 0x56, 1, 0x80]],
    ['a header that is too short', [0x46, 0x4c, 0x56, 1, 5, 0, 0, 0, 8]],
    ['a header that is too long', [0x46, 0x4c, 0x56, 1, 5, 0, 1, 0, 0]],
  ])('refuses %s', (_name, bytes) => {
    expect(new FlvReader().push(Uint8Array.from(bytes)).error).not.toBeNull();
  });

  it('accepts flags of 0, as several devices send them', () => {
    const result = readAll([encodeFlv([avcFrame(0, true)], { hasAudio: false, hasVideo: false })]);
    expect(result.error).toBeNull();
    expect(result.tags).toHaveLength(1);
  });

  it('refuses a tag above the limit before its body arrives', () => {
    const reader = new FlvReader({ maxTagBytes: 100 });
    const bytes = encodeFlv([avcFrame(0, true, 95), avcFrame(66, false, 96)]);
    const result = reader.push(bytes.subarray(0, bytes.length - 50));
    expect(result.tags).toHaveLength(1);
    expect(result.error?.message).toContain('above the limit of 100');
  });

  it('refuses encrypted tags', () => {
    const bytes = encodeFlv([avcFrame(0, true)]);
    bytes[13]! |= 0x20;
    expect(readAll([bytes]).error?.message).toContain('encrypted');
  });

  it('counts wrong sizes between tags and reads on', () => {
    const reader = new FlvReader();
    const tags = [avcFrame(0, true), avcFrame(66, false), avcFrame(133, false)];
    const parts = tags.map((tag) => encodeFlvTag(tag));
    for (const part of parts) part.fill(0, part.length - 4);
    const header = encodeFlvHeader({ hasAudio: false, hasVideo: true });
    expect(reader.push(concat([header, ...parts])).tags).toEqual(tags);
    expect(reader.stats).toEqual({ tags: 3, skippedTags: 0, sizeMismatches: 2 });
  });

  it('skips tags of a reserved type', () => {
    const reader = new FlvReader();
    const strange = encodeFlvTag(avcFrame(0, true));
    strange[0] = 15;
    const result = reader.push(concat([encodeFlv([]), strange, encodeFlvTag(avcFrame(66, true))]));
    expect(result.tags).toEqual([avcFrame(66, true)]);
    expect(reader.stats.skippedTags).toBe(1);
  });

  it('hands out copies that survive the reuse of the caller’s buffer', () => {
    const bytes = encodeFlv([avcFrame(0, true)]);
    const { tags } = new FlvReader().push(bytes);
    bytes.fill(0);
    expect(tags).toEqual([avcFrame(0, true)]);
  });
});
