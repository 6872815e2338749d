import fc from 'fast-check';
import { Reassembly } from '../../../../services/p2p/session/reassembly';
import { SendBuffer } from '../../../../services/p2p/session/send-buffer';
import { TransportError } from '../../../../services/p2p/session/transport-error';

const DATA = Uint8Array.from({ length: 200 }, (_, i) => i);

describe('Reassembly', () => {
  it('delivers each byte once and in order, whatever arrives in which order', () => {
    const piece = fc.tuple(fc.nat({ max: 199 }), fc.integer({ min: 1, max: 40 }));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const reassembly = new Reassembly();
        const delivered: number[] = [];
        for (const [offset, length] of [...pieces, [0, 200] as const]) {
          const bytes = DATA.subarray(offset, Math.min(200, offset + length));
          for (const ready of reassembly.insert(offset, bytes)) delivered.push(...ready);
          expect(delivered).toEqual([...DATA.subarray(0, delivered.length)]);
          expect(reassembly.deliveredOffset).toBe(delivered.length);
        }
        expect(delivered).toEqual([...DATA]);
      }),
    );
  });

  it('refuses a stream of nothing but gaps', () => {
    const reassembly = new Reassembly();
    expect(() => {
      for (let i = 1; i < 100_000; i++) reassembly.insert(2 * i, Uint8Array.of(1));
    }).toThrow(TransportError);
  });
});

describe('SendBuffer', () => {
  it('offers every byte until it is acknowledged, however packets are lost', () => {
    const fate = fc.constantFrom('acknowledged' as const, 'lost' as const);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 12 }),
        fc.array(fate, { maxLength: 100 }),
        (writes, fates) => {
          const buffer = new SendBuffer();
          const written: number[] = [];
          for (const length of writes) {
            const bytes = Uint8Array.from({ length }, (_, i) => (written.length + i) % 251);
            buffer.append(bytes);
            written.push(...bytes);
          }
          const arrived = new Array<number | undefined>(written.length);
          for (let step = 0; !buffer.isFullyAcknowledged; step++) {
            const range = buffer.nextRange(17, Infinity);
            if (range === null) throw new Error('bytes are missing');
            const packet = new Uint8Array(range.length);
            buffer.take(range.offset, packet);
            if (fates[step] === 'lost') {
              buffer.onLost(range.offset, range.length);
              continue;
            }
            packet.forEach((byte, i) => {
              arrived[range.offset + i] = byte;
            });
            buffer.onAcknowledged(range.offset, range.length);
          }
          expect(arrived).toEqual(written);
          expect(buffer.nextRange(17, Infinity)).toBeNull();
        },
      ),
    );
  });

  it('does not send again what a late acknowledgement covers', () => {
    const buffer = new SendBuffer();
    buffer.append(new Uint8Array(100));
    buffer.take(0, new Uint8Array(100));
    buffer.onLost(0, 100);
    buffer.onAcknowledged(20, 60);
    expect(buffer.nextRange(200, Infinity)).toEqual({ offset: 0, length: 20 });
    buffer.onAcknowledged(0, 20);
    expect(buffer.nextRange(200, Infinity)).toEqual({ offset: 80, length: 20 });
  });
});
