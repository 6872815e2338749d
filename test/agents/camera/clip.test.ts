import { prepareClip } from '../../../agents/camera/clip';
import {
  aacFrame,
  aacSequenceHeader,
  avcFrame,
  avcSequenceHeader,
  encodeFlv,
} from '../../services/media/flv/flv-samples';

const video = (count: number, fps: number): ReturnType<typeof avcFrame>[] =>
  Array.from({ length: count }, (_, i) => avcFrame(Math.round((i * 1000) / fps), i === 0));
const audio = (count: number): ReturnType<typeof aacFrame>[] =>
  Array.from({ length: count }, (_, i) => aacFrame(Math.round((i * 64) / 3)));
const byTime = (a: { timestampMs: number }, b: { timestampMs: number }): number =>
  a.timestampMs - b.timestampMs;

describe('prepareClip', () => {
  it('takes the period from the pictures, to the ms', () => {
    const clip = prepareClip(encodeFlv([avcSequenceHeader(), ...video(120, 15)]));
    expect(clip.periodMs).toBe(8000);
    expect(clip.setup).toEqual([avcSequenceHeader()]);
    expect(clip.frames).toHaveLength(120);
  });

  it('leaves out the mark that a file ends with', () => {
    const end = { ...avcFrame(933, true), data: Uint8Array.of(0x17, 2, 0, 0, 0) };
    const clip = prepareClip(encodeFlv([...video(15, 15), end]));
    expect([clip.periodMs, clip.frames.length]).toEqual([1000, 15]);
  });

  it('counts time from the first picture, and leaves out the sound before it', () => {
    const tags = [aacFrame(0), avcFrame(40, true), aacFrame(45), avcFrame(80, false)];
    const clip = prepareClip(encodeFlv(tags));
    expect(clip.frames.map(({ timestampMs }) => timestampMs)).toEqual([0, 5, 40]);
  });

  it('leaves out sound that would overlap with the next round', () => {
    const tags = [...video(15, 15), ...audio(50)].sort(byTime);
    const clip = prepareClip(encodeFlv([aacSequenceHeader(), ...tags]));
    expect(clip.periodMs).toBe(1000);
    const sound = clip.frames.filter(({ type }) => type === 'audio');
    const gapMs = clip.periodMs - sound.at(-1)!.timestampMs;
    expect(gapMs).toBeGreaterThan(64 / 3 / 2);
    expect(gapMs).toBeLessThanOrEqual(32);
  });

  it('refuses a clip whose sound ends early', () => {
    const tags = [...video(15, 15), ...audio(40)].sort(byTime);
    expect(() => prepareClip(encodeFlv(tags))).toThrow('leaves a gap of 168 ms');
  });

  it('refuses what is no clip', () => {
    expect(() => prepareClip(new TextEncoder().encode('RIFF'))).toThrow('not valid FLV');
    expect(() => prepareClip(new Uint8Array(0))).toThrow('cut off');
    expect(() => prepareClip(encodeFlv([avcFrame(0, false), avcFrame(40, false)]))).toThrow(
      'keyframe',
    );
  });
});
