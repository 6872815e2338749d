import fc from 'fast-check';
import {
  bubbleShare,
  MIN_VISIBLE_MS,
  momentAt,
  nearestRecorded,
  pan,
  reveal,
  shareOf,
  ticksOf,
  timelineGesture,
  walk,
  wholeDay,
  zoom,
} from '../../../services/playback';
import type { TimelineGesture, TimelineInput, TimelineView } from '../../../services/playback';

const DAY_MS = 86_400_000;
const START_MS = 1_700_006_400_000;

const view = fc
  .record({
    hours: fc.constantFrom(23, 24, 25),
    factor: fc.double({ min: 0.001, max: 4, noNaN: true }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    shift: fc.double({ min: -2, max: 2, noNaN: true }),
  })
  .map(({ hours, factor, share, shift }): TimelineView => {
    const whole = wholeDay({ startMs: START_MS, endMs: START_MS + hours * 3_600_000 });
    return pan(zoom(whole, factor, share), shift);
  });

const share = fc.double({ min: -0.5, max: 1.5, noNaN: true });
const pointer = fc.record({ id: fc.constantFrom(1, 2, 3), share });
const input: fc.Arbitrary<TimelineInput> = fc.oneof(
  fc.record({ type: fc.constant('down' as const), pointer, onRuler: fc.boolean() }),
  fc.record({ type: fc.constant('move' as const), pointer }),
  fc.record({ type: fc.constant('up' as const), id: fc.constantFrom(1, 2, 3) }),
  fc.constant({ type: 'cancel' as const }),
);

const expectWithin = ({ startMs, endMs, limits }: TimelineView): void => {
  expect(startMs).toBeGreaterThanOrEqual(limits.startMs - 1);
  expect(endMs).toBeLessThanOrEqual(limits.endMs + 1);
  expect(endMs - startMs).toBeGreaterThanOrEqual(MIN_VISIBLE_MS - 1);
};

describe('the timeline’s geometry', () => {
  it('finds the moment at a place and the place of a moment', () => {
    fc.assert(
      fc.property(view, fc.double({ min: 0, max: 1, noNaN: true }), (seen, at) => {
        expect(shareOf(seen, momentAt(seen, at))).toBeCloseTo(at, 5);
      }),
    );
  });

  it('stays within the day however it is zoomed and moved', () => {
    fc.assert(
      fc.property(
        view,
        fc.double(),
        share,
        fc.double({ min: -9, max: 9, noNaN: true }),
        (seen, factor, at, by) => {
          expectWithin(zoom(seen, factor, at));
          expectWithin(pan(seen, by));
        },
      ),
    );
  });

  it('keeps the moment under the finger where it is, away from the day’s edges', () => {
    const seen = zoom(wholeDay({ startMs: START_MS, endMs: START_MS + DAY_MS }), 0.25, 0.5);
    fc.assert(
      fc.property(
        fc.double({ min: 0.3, max: 1.2, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (factor, at) => {
          const before = momentAt(seen, at);
          expect(momentAt(zoom(seen, factor, at), at)).toBeCloseTo(before, -1);
        },
      ),
    );
  });

  it('shows the moment that is to be revealed', () => {
    fc.assert(
      fc.property(view, fc.double({ min: 0, max: 1, noNaN: true }), (seen, at) => {
        const { limits } = seen;
        const moment = limits.startMs + at * (limits.endMs - limits.startMs);
        const found = shareOf(reveal(seen, moment), moment);
        expect(found).toBeGreaterThanOrEqual(-1e-6);
        expect(found).toBeLessThanOrEqual(1 + 1e-6);
      }),
    );
  });

  it('has marks in order, few enough labels, and never too many marks', () => {
    fc.assert(
      fc.property(view, fc.integer({ min: 2, max: 12 }), (seen, most) => {
        const ticks = ticksOf(seen, most);
        expect(ticks.length).toBeLessThan(200);
        expect(ticks.filter(({ major }) => major).length).toBeLessThanOrEqual(most + 1);
        const times = ticks.map(({ unixMs }) => unixMs);
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
        for (const unixMs of times) {
          expect(unixMs).toBeGreaterThanOrEqual(seen.startMs);
          expect(unixMs).toBeLessThanOrEqual(seen.endMs);
        }
      }),
    );
  });
});

describe('timelineGesture', () => {
  it('survives any fingers: the view stays good, and only a lone finger chooses', () => {
    fc.assert(
      fc.property(view, fc.array(input, { maxLength: 60 }), (first, inputs) => {
        let gesture: TimelineGesture = { kind: 'none' };
        let seen = first;
        for (const each of inputs) {
          const before: TimelineGesture = gesture;
          const step = timelineGesture(gesture, seen, each);
          expectWithin(step.view);
          if (step.chosenMs !== null) {
            expect(before.kind).toBe('scrub');
            expect(each.type).toBe('up');
            expect(step.chosenMs).toBeGreaterThanOrEqual(seen.limits.startMs);
            expect(step.chosenMs).toBeLessThanOrEqual(seen.limits.endMs);
          }
          if (each.type === 'cancel') expect(step.gesture.kind).toBe('none');
          gesture = step.gesture;
          seen = step.view;
          const bubble = bubbleShare(gesture, seen);
          if (bubble !== null) expect(bubble).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('chooses where the finger leaves, and nothing when it is taken away', () => {
    const seen = wholeDay({ startMs: START_MS, endMs: START_MS + DAY_MS });
    const down = timelineGesture({ kind: 'none' }, seen, {
      type: 'down',
      ...{ pointer: { id: 1, share: 0.2 }, onRuler: false },
    });
    const moved = timelineGesture(down.gesture, seen, {
      type: 'move',
      pointer: { id: 1, share: 0.5 },
    });
    expect(timelineGesture(moved.gesture, moved.view, { type: 'up', id: 1 }).chosenMs).toBe(
      START_MS + DAY_MS / 2,
    );
    expect(timelineGesture(moved.gesture, moved.view, { type: 'cancel' }).chosenMs).toBeNull();
  });
});

describe('walking along recordings', () => {
  const recordings = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 })), {
      minLength: 1,
      maxLength: 12,
    })
    .map((pairs) => {
      let at = 0;
      return pairs.map(([gap, length]) => {
        const startMs = at + gap;
        at = startMs + length;
        return { startMs, endMs: at };
      });
    });

  it('comes back to where it began, and stays within what is recorded', () => {
    fc.assert(
      fc.property(recordings, fc.nat(6_000), fc.nat(500), (spans, at, by) => {
        const from = nearestRecorded(spans, at)!;
        const there = walk(spans, from, by);
        expect(there).toBeGreaterThanOrEqual(from);
        const last = spans[spans.length - 1]!;
        expect(there).toBeLessThanOrEqual(Math.max(from, last.endMs));
        const back = walk(spans, there, -by);
        // Two names for one moment: the end of a stretch, and the start of the next.
        const same = (a: number, b: number): boolean =>
          a === b || spans.some((span, i) => span.endMs === a && spans[i + 1]?.startMs === b);
        if (there < last.endMs) expect(same(back, from)).toBe(true);
      }),
    );
  });
});
