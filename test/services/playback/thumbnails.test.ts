import fc from 'fast-check';
import { thumbnailSlots, wholeDay, zoom } from '../../../services/playback';
import type { PlaybackThumbnail } from '../../../services/playback';
import { Thumbnails } from '../../../services/playback/thumbnails';

const flush = () => new Promise((resolve) => setImmediate(resolve));

describe('Thumbnails', () => {
  const asked: number[] = [];
  let answers: ((thumbnail: PlaybackThumbnail | null) => void)[] = [];
  let known: ReadonlyMap<number, PlaybackThumbnail> = new Map();
  let thumbnails: Thumbnails;

  beforeEach(() => {
    asked.length = 0;
    answers = [];
    known = new Map();
    thumbnails = new Thumbnails(
      (unixS) => {
        asked.push(unixS);
        return new Promise((resolve) => answers.push(resolve));
      },
      (next) => (known = next),
    );
  });

  it('fetches a few at a time, each once, and leaves what is no longer wanted', async () => {
    thumbnails.want([1, 2, 3, 4]);
    expect(asked).toEqual([1, 2]);
    thumbnails.want([9, 2]);
    answers[0]!({ url: 'one' });
    await flush();
    expect(asked).toEqual([1, 2, 9]);
    answers[1]!({ url: 'two' });
    answers[2]!(null);
    await flush();
    expect([...known.keys()]).toEqual([1, 2]);
    thumbnails.want([1, 2, 9]);
    expect(asked).toEqual([1, 2, 9]);
    thumbnails.forgetMissing();
    thumbnails.want([1, 2, 9]);
    expect(asked).toEqual([1, 2, 9, 9]);
  });

  it('tells nothing any more once it is closed', async () => {
    thumbnails.want([1, 2, 3]);
    thumbnails.close();
    answers[0]!({ url: 'one' });
    await flush();
    expect(known.size).toBe(0);
    expect(asked).toEqual([1, 2]);
  });

  it('keeps a bounded number', async () => {
    for (let i = 0; i < 300; i++) {
      thumbnails.want([i]);
      answers[i]!({ url: String(i) });
      await flush();
    }
    expect(known.size).toBe(240);
    expect(known.has(299)).toBe(true);
  });
});

describe('thumbnailSlots', () => {
  it('shows recorded moments only, each within its place', () => {
    const stretch = fc
      .tuple(fc.integer({ min: 0, max: 86_000 }), fc.integer({ min: 5, max: 3_000 }))
      .map(([start, length]) => ({ startMs: start * 1_000, endMs: (start + length) * 1_000 }));
    fc.assert(
      fc.property(
        fc.uniqueArray(stretch, { maxLength: 5, selector: ({ startMs }) => startMs }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (spans, factor, share) => {
          const recordings = spans.sort((a, b) => a.startMs - b.startMs);
          const day = { startMs: 0, endMs: 86_400_000 };
          const view = zoom(wholeDay(day), factor, share);
          const slots = thumbnailSlots(view, recordings, 5);
          expect(slots.length).toBeLessThanOrEqual(6);
          for (const { startMs, endMs, unixS } of slots) {
            expect(unixS * 1_000).toBeGreaterThanOrEqual(startMs - 1_000);
            expect(unixS * 1_000).toBeLessThan(endMs);
            const isRecorded = recordings.some(
              (span) => span.startMs - 1_000 < unixS * 1_000 && unixS * 1_000 < span.endMs,
            );
            expect(isRecorded).toBe(true);
          }
        },
      ),
    );
  });
});
