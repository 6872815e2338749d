import fc from 'fast-check';
import { CorruptResponse } from '../../../agents/camera/corrupt-response';
import type { ResponseWriter } from '../../../services/p2p/http';

/** Keeps what is written. */
class Sink implements ResponseWriter {
  readonly chunks: Uint8Array[] = [];
  ended = false;
  onDrain: (() => void) | null = null;
  onClose: (() => void) | null = null;
  writeHead = jest.fn();
  abort = jest.fn();
  bufferedBytes = () => 7;
  estimate = () => ({ rateBps: null, appLimited: true, rttMs: null, minRttMs: null });

  write(chunk: Uint8Array): boolean {
    this.chunks.push(chunk.slice());
    return false;
  }

  end(): void {
    this.ended = true;
  }
}

const SOUND = 160_000;
const GARBAGE = 40_000;

describe('CorruptResponse', () => {
  it('turns one stretch of the stream to garbage, however it is cut into pieces', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(sizes, (pieces) => {
        const inner = new Sink();
        const response = new CorruptResponse(inner);
        for (const size of pieces) response.write(new Uint8Array(size).fill(0x0f));
        response.end();
        const bytes = Buffer.concat(inner.chunks);
        const total = pieces.reduce((sum, size) => sum + size, 0);
        const garbage = Math.min(Math.max(total - SOUND, 0), GARBAGE);
        expect(bytes.length).toBe(total);
        expect(bytes.filter((byte) => byte === 0xf0).length).toBe(garbage);
        expect(bytes.subarray(SOUND, SOUND + garbage).every((byte) => byte === 0xf0)).toBe(true);
        expect(inner.ended).toBe(true);
      }),
    );
  });

  it('leaves the writer’s own bytes alone, and passes everything else on', () => {
    const inner = new Sink();
    const response = new CorruptResponse(inner);
    const chunk = new Uint8Array(SOUND + 1);
    expect(response.write(chunk)).toBe(false);
    expect(chunk.every((byte) => byte === 0)).toBe(true);
    response.writeHead(200, { a: 'b' });
    response.abort();
    const listener = () => undefined;
    response.onDrain = listener;
    response.onClose = listener;
    expect(inner.writeHead).toHaveBeenCalledWith(200, { a: 'b' });
    expect(inner.abort).toHaveBeenCalled();
    expect([inner.onDrain, inner.onClose]).toEqual([listener, listener]);
    expect([response.onDrain, response.onClose]).toEqual([listener, listener]);
    expect(response.bufferedBytes()).toBe(7);
  });
});
