import fc from 'fast-check';
import {
  aacConfigTag,
  aacTag,
  avcConfigTag,
  avcTag,
  encodeFlvHeader,
  encodeFlvTag,
  FlvReader,
  isAudioSequenceHeader,
  isKeyframe,
  isVideoSequenceHeader,
  parseAudioTag,
  parseVideoTag,
} from '../../../../services/media/flv';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 64 });
const timeMs = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe('tags of codecs', () => {
  it('are read as what was written', () => {
    fc.assert(
      fc.property(bytes, bytes, timeMs, fc.boolean(), (config, frame, atMs, key) => {
        const tags = [
          aacConfigTag(config),
          avcConfigTag(config),
          aacTag(frame, atMs),
          avcTag(frame, key, atMs),
        ];
        const file = [encodeFlvHeader({ hasAudio: true, hasVideo: true })];
        const whole = Buffer.concat([...file, ...tags.map((tag) => encodeFlvTag(tag))]);
        const read = new FlvReader().push(whole).tags;
        expect(read.map(({ type, timestampMs }) => [type, timestampMs])).toEqual([
          ['audio', 0],
          ['video', 0],
          ['audio', atMs],
          ['video', atMs],
        ]);
        const [aacConfig, avcConfig, aac, avc] = read as [...typeof tags] as never[];
        expect([isAudioSequenceHeader(aacConfig!), isVideoSequenceHeader(avcConfig!)]).toEqual([
          true,
          true,
        ]);
        expect(parseAudioTag(aac!)).toMatchObject({ codec: 'aac', packet: 'frames' });
        expect(parseVideoTag(avc!)).toMatchObject({ codec: 'avc', packet: 'frames' });
        expect(isKeyframe(avc!)).toBe(key);
        const { payloadOffset } = parseVideoTag(avc!)!;
        expect(Uint8Array.from(read[3]!.data.subarray(payloadOffset))).toEqual(frame);
      }),
    );
  });
});
