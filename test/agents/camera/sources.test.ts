import { startSources } from '../../../agents/camera/sources';
import type { MediaEvents } from '../../../agents/camera/media-source';
import { DEFAULT_LIMITS } from '../../../agents/camera/ffmpeg-args';
import type { FlvTag } from '../../../services/media/flv';
import { ManualClock } from '../manual-clock';

class Ears implements MediaEvents {
  headers = 0;
  readonly tags: FlvTag[] = [];
  onHeader(): void {
    this.headers++;
  }
  onTag(tag: FlvTag): void {
    this.tags.push(tag);
  }
  get first(): FlvTag {
    return this.tags.find(({ type, data }) => type === 'video' && data[1] === 1)!;
  }
}

const log = { warn: () => undefined, debug: () => undefined };

describe('startSources', () => {
  it('shows another part of the clip on each channel', async () => {
    const clock = new ManualClock();
    const channels = [new Ears(), new Ears(), new Ears(), new Ears()];
    const close = await startSources([{ kind: 'clip' }], channels, {
      ...{ clock, log, limits: DEFAULT_LIMITS, keepH265: false },
    });
    clock.advance(1_000);
    const times = channels.map(({ first }) => Math.round(first.timestampMs / 1_000));
    expect([times, channels.map(({ headers }) => headers)]).toEqual([
      [0, 2, 4, 6],
      [1, 1, 1, 1],
    ]);
    const seconds = channels.map(({ tags }) => tags.filter(({ type }) => type === 'video').length);
    // The sequence header, and 15 or 16 pictures.
    for (const count of seconds) expect(count).toBeGreaterThanOrEqual(16);
    await close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('closes what it has opened when another input fails', async () => {
    const clock = new ManualClock();
    const starting = startSources(
      [{ kind: 'clip' }, { kind: 'file', path: '/no/such/file' }],
      [new Ears(), new Ears()],
      { clock, log, limits: DEFAULT_LIMITS, keepH265: false },
    );
    await expect(starting).rejects.toThrow('there is no file /no/such/file');
    expect(clock.pendingTimers).toBe(0);
  });
});
