import { GopCache } from '../../../agents/camera/gop-cache';
import { aacFrame, avcFrame } from '../../services/media/flv/flv-samples';

const frame = (timeMs: number, keyframe: boolean, bytes = 95) => ({
  tag: avcFrame(timeMs, keyframe, bytes),
  timeMs,
  keyframe,
});
const sound = (timeMs: number) => ({ tag: aacFrame(timeMs), timeMs, keyframe: false });
const times = (cache: GopCache): number[] => cache.tags.map(({ timeMs }) => timeMs);

describe('GopCache', () => {
  it('keeps everything since the last keyframe, sound too', () => {
    const cache = new GopCache(1_000);
    for (const item of [sound(0), frame(1, false)]) cache.add(item);
    expect(times(cache)).toEqual([]);
    for (const item of [frame(2, true), sound(3), frame(4, false)]) cache.add(item);
    expect(times(cache)).toEqual([2, 3, 4]);
    cache.add(frame(5, true));
    expect(times(cache)).toEqual([5]);
  });

  it('stays empty beyond its limit until the next keyframe', () => {
    const cache = new GopCache(250);
    for (const item of [frame(0, true), frame(1, false), frame(2, false), frame(3, false)]) {
      cache.add(item);
    }
    expect(times(cache)).toEqual([]);
    cache.add(frame(4, true));
    expect(times(cache)).toEqual([4]);
  });
});
