import fc from 'fast-check';
import { encodeFlvHeader, encodeFlvTag, FlvReader } from '../../../services/media/flv';
import type { FlvTag } from '../../../services/media/flv';
import { FlvFeed } from '../../../services/player';

const tag = (type: FlvTag['type'], timestampMs: number, ...data: readonly number[]): FlvTag => ({
  type,
  timestampMs,
  data: Uint8Array.from(data),
});
const avcSetup = (level = 30) => tag('video', 0, 0x17, 0, 0, 0, 0, 1, 66, 0, level, 3, 0);
const aacSetup = tag('audio', 0, 0xaf, 0, 0x12, 0x10);
const key = (ms: number) => tag('video', ms, 0x17, 1, 0, 0, 0, 7);
const inter = (ms: number) => tag('video', ms, 0x27, 1, 0, 0, 0, 8);
const sound = (ms: number) => tag('audio', ms, 0xaf, 1, 9);
const script = tag('script', 0, 2, 0, 0);

function encode(hasAudio: boolean, hasVideo: boolean, tags: readonly FlvTag[]): Uint8Array {
  const parts = [
    encodeFlvHeader({ hasAudio, hasVideo }),
    ...tags.map((each) => encodeFlvTag(each)),
  ];
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A feed whose output is read back as a demuxer would. */
function feedInto() {
  let reader = new FlvReader();
  const out: string[] = [];
  const errors: string[] = [];
  const pieces: number[] = [];
  const feed = new FlvFeed({
    onBytes: (bytes) => {
      pieces.push(bytes.length);
      // Another demuxer begins with a header of its own.
      if (bytes[0] === 'F'.charCodeAt(0)) reader = new FlvReader();
      const { header, tags, error } = reader.push(bytes);
      if (error) throw error;
      if (header) out.push(`audio ${header.hasAudio} video ${header.hasVideo}`);
      out.push(...tags.map((each) => `${each.type} ${each.timestampMs} ${each.data.join('.')}`));
    },
    onError: (error) => errors.push(error.reason),
  });
  return { feed, out, errors, pieces };
}

const line = (each: FlvTag, ms = each.timestampMs): string =>
  `${each.type} ${ms} ${each.data.join('.')}`;

describe('FlvFeed', () => {
  it('hands a sound stream over whole and in order, from time 0', () => {
    const { feed, out } = feedInto();
    feed.push(encode(true, true, [avcSetup(), aacSetup, key(5_000), sound(5_010), inter(5_040)]));
    expect(out).toEqual([
      'audio true video true',
      line(avcSetup()),
      line(aacSetup),
      line(key(0)),
      line(sound(10)),
      line(inter(40)),
    ]);
  });

  it('gives the same result however the bytes are cut', () => {
    const bytes = encode(true, true, [avcSetup(), aacSetup, key(0), sound(5), inter(40), key(80)]);
    const whole = feedInto();
    whole.feed.push(bytes);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 })), (sizes) => {
        const { feed, out } = feedInto();
        let at = 0;
        for (const size of [...sizes, bytes.length]) {
          feed.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(out).toEqual(whole.out);
      }),
    );
  });

  it('corrects a header that promises sound which never comes', () => {
    const { feed, out } = feedInto();
    feed.push(encode(true, true, [avcSetup(), key(0), inter(250)]));
    expect(out).toEqual([]);
    feed.push(encodeFlvTag(inter(500)));
    expect(out[0]).toBe('audio false video true');
    expect(out).toHaveLength(5);
  });

  it('does not wait for sound that the header does not promise', () => {
    const { feed, out } = feedInto();
    feed.push(encode(false, true, [avcSetup(), key(0)]));
    expect(out).toEqual(['audio false video true', line(avcSetup()), line(key(0))]);
  });

  it('corrects a header that conceals the sound', () => {
    const { feed, out } = feedInto();
    feed.push(encode(false, true, [avcSetup(), aacSetup, key(0), sound(10)]));
    expect(out[0]).toBe('audio true video true');
    expect(out).toHaveLength(5);
  });

  it('leaves out sound that begins when the demuxer no longer expects it', () => {
    const { feed, out } = feedInto();
    feed.push(encode(false, true, [avcSetup(), key(0), aacSetup, sound(10), inter(40)]));
    expect(out.slice(1)).toEqual([line(avcSetup()), line(key(0)), line(inter(40))]);
  });

  it('takes a stream of sound alone', () => {
    const { feed, out } = feedInto();
    feed.push(encode(true, false, [aacSetup, sound(0)]));
    expect(out).toEqual(['audio true video false', line(aacSetup), line(sound(0))]);
  });

  it('leaves out scripts and repeated set-ups, and passes a changed one', () => {
    const { feed, out } = feedInto();
    feed.push(
      encode(false, true, [script, avcSetup(), key(0), avcSetup(), key(40), avcSetup(31), key(80)]),
    );
    expect(out.slice(1)).toEqual([
      line(avcSetup()),
      line(key(0)),
      line(key(40)),
      line(avcSetup(31), 40),
      line(key(80)),
    ]);
  });

  it('goes on at a keyframe, with the latest set-up, after an interruption', () => {
    const { feed, out } = feedInto();
    feed.push(encode(false, true, [avcSetup(), key(0)]));
    feed.pause();
    for (const each of [inter(40), avcSetup(31), key(80)]) feed.push(encodeFlvTag(each));
    feed.resume();
    for (const each of [inter(120), key(160), inter(200)]) feed.push(encodeFlvTag(each));
    expect(out.slice(3)).toEqual([line(avcSetup(31), 0), line(key(160)), line(inter(200))]);
  });

  it('begins again for another demuxer: header, set-ups, keyframe', () => {
    const { feed, out } = feedInto();
    feed.push(encode(true, true, [avcSetup(), aacSetup, key(0), sound(10), inter(40)]));
    const before = out.length;
    feed.restart();
    for (const each of [inter(80), sound(90), key(120), sound(130)]) feed.push(encodeFlvTag(each));
    expect(out.slice(before)).toEqual([
      'audio true video true',
      line(avcSetup(), 40),
      line(aacSetup, 40),
      line(key(120)),
      line(sound(130)),
    ]);
  });

  it('has nothing to begin again with before the first tags were handed over', () => {
    const { feed, out } = feedInto();
    feed.push(encode(true, true, [avcSetup()]));
    feed.restart();
    for (const each of [aacSetup, key(0), sound(10)]) feed.push(encodeFlvTag(each));
    expect(out.filter((each) => each.startsWith('audio true'))).toHaveLength(1);
  });

  it('names the codec, and what is not FLV', () => {
    const { feed, errors } = feedInto();
    expect(feed.videoCodec).toBeNull();
    feed.push(encode(false, true, [avcSetup(), key(0)]));
    expect(feed.videoCodec).toBe('avc');
    const broken = feedInto();
    broken.feed.push(new TextEncoder().encode('<html>'));
    expect(broken.errors).toEqual(['media-broken']);
    expect(errors).toEqual([]);
  });

  it('hands over what came together in one piece', () => {
    const { feed, pieces } = feedInto();
    feed.push(encode(false, true, [avcSetup(), key(0), inter(40), inter(80)]));
    expect(pieces).toHaveLength(1);
  });
});
