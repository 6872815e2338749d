import { FlvTimeline } from '../../../services/player/flv-timeline';

const place = (...times: readonly number[]): number[] => {
  const timeline = new FlvTimeline();
  return times.map((time) => timeline.place(time));
};

describe('FlvTimeline', () => {
  it('begins at 0 wherever the camera’s clock stands', () => {
    expect(place(3_000_000_000, 3_000_000_040)).toEqual([0, 40]);
  });

  it('goes on across the wrap of the 32-bit clock', () => {
    expect(place(0xffffffff - 19, 20)).toEqual([0, 40]);
  });

  it('keeps sound and picture of one moment in their order', () => {
    expect(place(1_000, 1_100, 1_060, 1_140)).toEqual([0, 100, 60, 140]);
  });

  it('never goes below 0', () => {
    expect(place(1_000, 900)).toEqual([0, 0]);
  });

  it('keeps a pause of the camera', () => {
    expect(place(0, 40, 5_040)).toEqual([0, 40, 5_040]);
  });

  it('makes a seam where the clock starts anew or is set', () => {
    expect(place(50_000, 50_040, 0, 40)).toEqual([0, 40, 80, 120]);
    expect(place(0, 40, 90_000_000, 90_000_040)).toEqual([0, 40, 80, 120]);
  });
});
