import fc from 'fast-check';
import { clipAround, clipEdgeByKey, moveClipEdge, timelineGesture, wholeDay } from '../../../services/playback';
import { MAX_CLIP_MS, MIN_CLIP_MS } from '../../../services/playback/clip-selection';

// Days have 23 to 25 hours.
const day = fc
  .integer({ min: 23, max: 25 })
  .map((hours) => ({ startMs: 1_795_305_600_000, endMs: 1_795_305_600_000 + hours * 3_600_000 }));
const moment = fc.integer({ min: 1_795_200_000_000, max: 1_795_500_000_000 });
const edge = fc.constantFrom('start' as const, 'end' as const);

describe('a clip', () => {
  it('begins around the moment, within the day', () => {
    fc.assert(
      fc.property(day, moment, (limits, atMs) => {
        const clip = clipAround(limits, atMs);
        expect(clip.endMs - clip.startMs).toBe(30_000);
        expect(clip.startMs).toBeGreaterThanOrEqual(limits.startMs);
        expect(clip.endMs).toBeLessThanOrEqual(limits.endMs);
      }),
    );
  });

  it('keeps to the day and to its lengths, however its edges are moved; the moved one wins', () => {
    const moves = fc.array(fc.tuple(edge, moment), { maxLength: 20 });
    fc.assert(
      fc.property(day, moment, moves, (limits, atMs, list) => {
        let clip = clipAround(limits, atMs);
        for (const [name, toMs] of list) {
          clip = moveClipEdge(clip, name, toMs, limits);
          const length = clip.endMs - clip.startMs;
          expect(length).toBeGreaterThanOrEqual(MIN_CLIP_MS);
          expect(length).toBeLessThanOrEqual(MAX_CLIP_MS);
          expect(clip.startMs).toBeGreaterThanOrEqual(limits.startMs);
          expect(clip.endMs).toBeLessThanOrEqual(limits.endMs);
          const movedMs = name === 'start' ? clip.startMs : clip.endMs;
          const inside = toMs >= limits.startMs + 10_000 && toMs <= limits.endMs - 10_000;
          if (inside) expect(movedMs).toBe(Math.floor(toMs / 1_000) * 1_000);
        }
      }),
    );
  });

  it('is moved by keys in steps of one and ten seconds', () => {
    const limits = { startMs: 0, endMs: 86_400_000 };
    expect(clipEdgeByKey(50_000, 'ArrowRight', limits)).toBe(51_000);
    expect(clipEdgeByKey(50_000, 'PageDown', limits)).toBe(40_000);
    expect(clipEdgeByKey(50_000, 'Home', limits)).toBe(0);
    expect(clipEdgeByKey(50_000, 'x', limits)).toBeNull();
  });

  it('is taken at its edges by a finger, which chooses no moment then', () => {
    const view = wholeDay({ startMs: 0, endMs: 1_000_000 });
    const clip = { startMs: 400_000, endMs: 600_000 };
    const at = (share: number) => ({ id: 1, share });
    const down = timelineGesture(
      { kind: 'none' },
      view,
      { type: 'down', pointer: at(0.62), onRuler: false },
      clip,
    );
    expect(down.gesture).toMatchObject({ kind: 'edge', edge: 'end' });
    const move = timelineGesture(down.gesture, view, { type: 'move', pointer: at(0.7) }, clip);
    expect(move.moved).toEqual({ edge: 'end', toMs: 700_000 });
    const up = timelineGesture(move.gesture, view, { type: 'up', id: 1 }, clip);
    expect([up.gesture.kind, up.chosenMs, up.moved]).toEqual(['none', null, null]);
    const inside = timelineGesture(
      { kind: 'none' },
      view,
      { type: 'down', pointer: at(0.5), onRuler: false },
      clip,
    );
    expect(inside.gesture.kind).toBe('scrub');
  });
});
