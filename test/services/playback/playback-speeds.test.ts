import { eventFrom } from '../../../services/playback';
import { speedCommand, speedsOf } from '../../../services/playback/playback-speeds';

describe('speeds', () => {
  const both = { intervals: true, maxKeyframeStep: 64 };
  const keyframes = { intervals: false, maxKeyframeStep: 4 };

  it('are those that the camera has', () => {
    expect(speedsOf(both)).toEqual([0.5, 1, 2, 4, 8]);
    expect(speedsOf(keyframes)).toEqual([1, 2, 4]);
    expect(speedsOf({ intervals: true, maxKeyframeStep: 1 })).toEqual([0.5, 1, 2]);
    expect(speedsOf({ intervals: false, maxKeyframeStep: 1 })).toEqual([1]);
  });

  it('show every picture where that can be had, else keyframes', () => {
    expect(speedCommand(0.5, both, null, 40)).toEqual({ cmd: 'playback_speed', speed: 80 });
    expect(speedCommand(2, both, null, 66.7)).toEqual({ cmd: 'playback_speed', speed: 33 });
    expect(speedCommand(2, both, null, null)).toEqual({ cmd: 'playback_ff', speed: 2 });
    expect(speedCommand(4, both, null, 40)).toEqual({ cmd: 'playback_ff', speed: 4 });
    expect(speedCommand(0.5, both, null, null)).toBeNull();
    expect(speedCommand(8, keyframes, null, 40)).toBeNull();
  });

  it('are undone by the command that is in force', () => {
    expect(speedCommand(1, both, 'playback_speed', 40)).toEqual({ cmd: 'playback_speed', speed: 0 });
    expect(speedCommand(1, both, 'playback_ff', 40)).toEqual({ cmd: 'playback_ff', speed: 0 });
  });
});

describe('eventFrom', () => {
  const events = [10_000, 60_000, 90_000].map((startMs) => ({ startMs, endMs: startMs + 8_000 }));

  it('goes on to the next and back to the one before', () => {
    expect(eventFrom(events, 0, 'next')?.startMs).toBe(10_000);
    expect(eventFrom(events, 10_000, 'next')?.startMs).toBe(60_000);
    expect(eventFrom(events, 90_000, 'next')).toBeNull();
    expect(eventFrom(events, 65_000, 'previous')?.startMs).toBe(60_000);
    // It has just begun: the one before is meant.
    expect(eventFrom(events, 61_000, 'previous')?.startMs).toBe(10_000);
    expect(eventFrom(events, 10_000, 'previous')).toBeNull();
  });
});
