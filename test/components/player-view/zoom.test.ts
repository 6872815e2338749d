import {
  initialZoomGesture,
  MAX_SCALE,
  NO_ZOOM,
  panBy,
  zoomBy,
  zoomGesture,
} from '@components/player-view';
import type { PictureZoom, PointerInput, ZoomGestureState } from '@components/player-view';
import fc from 'fast-check';

const place = fc.record({
  x: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
  y: fc.double({ min: -0.5, max: 0.5, noNaN: true }),
});

/** Whether the picture covers the player, and its size is one that is allowed. */
function expectSound({ scale, x, y }: PictureZoom): void {
  const room = (scale - 1) / 2 + 1e-9;
  expect(scale).toBeGreaterThanOrEqual(1);
  expect(scale).toBeLessThanOrEqual(MAX_SCALE);
  expect(Math.abs(x)).toBeLessThanOrEqual(room);
  expect(Math.abs(y)).toBeLessThanOrEqual(room);
}

describe('zoomBy and panBy', () => {
  it('never show what is beyond the picture, whatever comes', () => {
    const step = fc.oneof(
      fc.record({ factor: fc.double({ min: 0.01, max: 100, noNaN: true }), at: place }),
      fc.record({ dx: fc.double({ min: -2, max: 2, noNaN: true }), dy: fc.constant(0.3) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let zoom = NO_ZOOM;
        for (const each of steps) {
          zoom =
            'factor' in each ? zoomBy(zoom, each.factor, each.at) : panBy(zoom, each.dx, each.dy);
          expectSound(zoom);
        }
      }),
    );
  });

  it('enlarge around the place that is pointed at', () => {
    fc.assert(
      fc.property(place, fc.double({ min: 1.1, max: MAX_SCALE, noNaN: true }), (at, factor) => {
        const { scale, x, y } = zoomBy(NO_ZOOM, factor, at);
        // Where the point of the picture under the pointer is shown afterwards.
        expect(x + at.x * scale).toBeCloseTo(at.x, 9);
        expect(y + at.y * scale).toBeCloseTo(at.y, 9);
      }),
    );
  });

  it('come back to the whole picture', () => {
    const large = zoomBy(NO_ZOOM, 4, { x: 0.4, y: -0.2 });
    expect(zoomBy(large, 0.1, { x: 0, y: 0 })).toEqual(NO_ZOOM);
  });
});

describe('zoomGesture', () => {
  const input = (
    type: PointerInput['type'],
    id: number,
    x: number,
    y: number,
    atMs = 0,
  ): PointerInput => ({ type, id, x, y, atMs });

  const run = (inputs: readonly PointerInput[], from = initialZoomGesture()) =>
    inputs.reduce(
      ({ state, outcomes }, next) => {
        const step = zoomGesture(state, next);
        return {
          state: step.state,
          outcomes: step.outcome === null ? outcomes : [...outcomes, step.outcome],
        };
      },
      { state: from, outcomes: [] as string[] },
    );

  it('enlarges by two fingers that part', () => {
    const { state, outcomes } = run([
      input('down', 1, -0.1, 0),
      input('down', 2, 0.1, 0),
      input('move', 1, -0.2, 0),
      input('move', 2, 0.2, 0),
      input('up', 1, -0.2, 0),
      input('up', 2, 0.2, 0),
    ]);
    expect(state.zoom.scale).toBeCloseTo(2, 5);
    expect(state.pointers).toEqual([]);
    expect(outcomes).toEqual([]);
  });

  it('enlarges by a double tap, around it, and ends that by another', () => {
    const taps = (fromMs: number) => [
      input('down', 1, 0.2, 0.1, fromMs),
      input('up', 1, 0.2, 0.1, fromMs + 50),
      input('down', 1, 0.2, 0.1, fromMs + 150),
      input('up', 1, 0.2, 0.1, fromMs + 200),
    ];
    const once = run(taps(1_000));
    expect(once.outcomes).toEqual(['tap', 'double-tap']);
    expect(once.state.zoom.scale).toBe(2.5);
    expect(once.state.zoom.x + 0.2 * 2.5).toBeCloseTo(0.2, 9);
    expect(run(taps(3_000), once.state).state.zoom).toEqual(NO_ZOOM);
  });

  it('does not take two slow taps, or a press, for a double tap', () => {
    const slow = run([
      input('down', 1, 0, 0, 0),
      input('up', 1, 0, 0, 50),
      input('down', 1, 0, 0, 900),
      input('up', 1, 0, 0, 950),
      input('down', 1, 0, 0, 1_000),
      input('up', 1, 0, 0, 2_000),
    ]);
    expect(slow.outcomes).toEqual(['tap', 'tap']);
    expect(slow.state.zoom).toEqual(NO_ZOOM);
  });

  it('moves an enlarged picture with one finger, and the whole one not at all', () => {
    const drag = [input('down', 1, 0, 0), input('move', 1, 0.2, 0.1), input('up', 1, 0.2, 0.1)];
    expect(run(drag).state.zoom).toEqual(NO_ZOOM);
    const large: ZoomGestureState = initialZoomGesture({ scale: 3, x: 0, y: 0 });
    expect(run(drag, large).state.zoom).toEqual({ scale: 3, x: 0.2, y: 0.1 });
  });

  it('stays sound over any sequence of pointers, and ends with none', () => {
    const any = fc.record({
      type: fc.constantFrom('down', 'move', 'up', 'cancel' as const),
      id: fc.integer({ min: 1, max: 4 }),
      x: fc.double({ min: -3, max: 3, noNaN: true }),
      y: fc.double({ min: -3, max: 3, noNaN: true }),
      atMs: fc.integer({ min: 0, max: 10_000 }),
    }) as fc.Arbitrary<PointerInput>;
    fc.assert(
      fc.property(fc.array(any, { maxLength: 60 }), (inputs) => {
        let state = initialZoomGesture();
        for (const next of inputs) {
          ({ state } = zoomGesture(state, next));
          expectSound(state.zoom);
          expect(state.pointers.length).toBeLessThanOrEqual(2);
        }
        for (const id of [1, 2, 3, 4]) ({ state } = zoomGesture(state, input('up', id, 0, 0)));
        expect(state.pointers).toEqual([]);
      }),
    );
  });
});
