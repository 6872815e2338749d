import fc from 'fast-check';
import {
  ByteReader,
  ByteWriter,
  MalformedError,
  MAX_VARINT,
} from '../../../../services/p2p/session/bytes';
import { readFrames, writeFrame } from '../../../../services/p2p/session/frames';
import type { Frame } from '../../../../services/p2p/session/frames';

const varint = fc.oneof(
  fc.nat(),
  fc.nat({ max: 63 }),
  fc.maxSafeNat(),
  fc.constantFrom(0, 63, 64, 16383, 16384, 2 ** 30 - 1, 2 ** 30, MAX_VARINT),
);

const ackRanges = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1000 })), {
    minLength: 1,
    maxLength: 60,
  })
  .map((steps) => {
    let at = 0;
    return steps.map(([gap, length]) => {
      const start = at + gap;
      at = start + length;
      return { start, end: at };
    });
  });

const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.constant<Frame>({ type: 'ping' }),
  fc.record({
    type: fc.constant('ack' as const),
    pathId: varint,
    ranges: ackRanges,
    delayMs: fc.nat({ max: 1000 }),
  }),
  fc.record({
    type: fc.constant('reset-stream' as const),
    streamId: varint,
    errorCode: varint,
    finalSize: varint,
  }),
  fc.record({ type: fc.constant('stop-sending' as const), streamId: varint, errorCode: varint }),
  fc.record({
    type: fc.constant('stream' as const),
    streamId: varint,
    offset: fc.maxSafeNat().map((n) => Math.floor(n / 2)),
    data: fc.uint8Array({ maxLength: 300 }),
    fin: fc.boolean(),
  }),
  fc.record({ type: fc.constant('max-data' as const), maximum: varint }),
  fc.record({ type: fc.constant('max-stream-data' as const), streamId: varint, maximum: varint }),
  fc.record({ type: fc.constant('max-streams' as const), maximum: varint }),
  fc.record({
    type: fc.constantFrom('path-challenge' as const, 'path-response' as const),
    data: fc.uint8Array({ minLength: 8, maxLength: 8 }),
  }),
  fc.record({
    type: fc.constant('add-address' as const),
    sequence: varint,
    address: fc.record({
      ip: fc.constantFrom(4, 16).chain((n) => fc.uint8Array({ minLength: n, maxLength: n })),
      port: fc.nat({ max: 65535 }),
    }),
  }),
  fc.record({ type: fc.constant('remove-address' as const), sequence: varint }),
  fc.record({ type: fc.constant('punch-me-now' as const), round: varint }),
  fc.record({
    type: fc.constant('connection-close' as const),
    errorCode: varint,
    reason: fc.string({ maxLength: 60 }),
  }),
);

function encode(frames: readonly Frame[]): Uint8Array {
  const writer = new ByteWriter(new Uint8Array(64 * 1024));
  for (const one of frames) writeFrame(writer, one);
  return writer.written();
}

describe('variable-length integers', () => {
  // RFC 9000 §A.1, but for the 8-byte example, which JavaScript's safe integers cannot hold in full range.
  it.each([
    ['25', 37],
    ['4025', 37],
    ['7bbd', 15293],
    ['9d7f3e7d', 494878333],
  ])('reads %s as %i', (hex, value) => {
    expect(new ByteReader(Uint8Array.from(Buffer.from(hex, 'hex'))).varint()).toBe(value);
  });

  it('comes back as it was written', () => {
    fc.assert(
      fc.property(varint, (value) => {
        const writer = new ByteWriter(new Uint8Array(8));
        writer.varint(value);
        expect(new ByteReader(writer.written()).varint()).toBe(value);
      }),
    );
  });

  it('refuses values beyond the safe range', () => {
    expect(() => new ByteReader(new Uint8Array(8).fill(0xff)).varint()).toThrow(MalformedError);
  });
});

describe('frames', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 20 }), (frames) => {
        expect(readFrames(encode(frames))).toEqual(frames);
      }),
    );
  });

  it('survive padding in front, between and behind', () => {
    const padded = Uint8Array.of(
      0,
      0,
      ...encode([{ type: 'ping' }]),
      0,
      ...encode([{ type: 'ping' }]),
      0,
    );
    expect(readFrames(padded)).toEqual([{ type: 'ping' }, { type: 'ping' }]);
  });

  it('read hostile bytes as frames or as MalformedError, nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1200 }), (bytes) => {
        try {
          readFrames(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('read truncated frames as MalformedError or as fewer frames', () => {
    fc.assert(
      fc.property(
        fc.array(frame, { minLength: 1, maxLength: 5 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (frames, share) => {
          const bytes = encode(frames);
          try {
            const read = readFrames(bytes.subarray(0, Math.floor(bytes.length * share)));
            expect(read.length).toBeLessThanOrEqual(frames.length);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedError);
          }
        },
      ),
    );
  });

  it('drop the oldest ACK ranges when the packet is nearly full', () => {
    const ranges = Array.from({ length: 60 }, (_, i) => ({ start: i * 1000, end: i * 1000 + 500 }));
    const writer = new ByteWriter(new Uint8Array(60));
    writeFrame(writer, { type: 'ack', pathId: 0, ranges, delayMs: 0 });
    const [ack] = readFrames(writer.written());
    if (ack?.type !== 'ack') throw new Error('no ACK');
    expect(ack.ranges.length).toBeGreaterThan(1);
    expect(ack.ranges).toEqual(ranges.slice(-ack.ranges.length));
  });
});
