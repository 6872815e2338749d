import { createCipheriv, createHash } from 'node:crypto';
import fc from 'fast-check';
import { Drbg } from '../../../../services/host/mini/drbg';

const seed = (fill: number): Uint8Array => new Uint8Array(48).fill(fill);

/** ChaCha20 of OpenSSL, whose 16-byte IV is counter and nonce. */
const keystream = (key: Uint8Array, length: number): Buffer =>
  createCipheriv('chacha20', key, new Uint8Array(16)).update(new Uint8Array(length));

describe('Drbg', () => {
  it('refuses a short seed', () => {
    expect(() => new Drbg(new Uint8Array(47))).toThrow(RangeError);
  });

  it('gives out ChaCha20 under keys that replace each other', () => {
    const out: Buffer[] = [];
    let key: Uint8Array = createHash('sha256').update(seed(1)).digest();
    for (let i = 0; i < 3; i++) {
      const run = keystream(key, 512);
      key = run.subarray(0, 32);
      out.push(run.subarray(32));
    }
    expect(Buffer.from(new Drbg(seed(1)).bytes(1_440))).toEqual(Buffer.concat(out));
  });

  it('gives the same bytes however they are asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(700), { maxLength: 12 }), (lengths) => {
        const drbg = new Drbg(seed(2));
        const parts = lengths.map((length) => Buffer.from(drbg.bytes(length)));
        const whole = new Drbg(seed(2)).bytes(lengths.reduce((a, b) => a + b, 0));
        expect(Buffer.concat(parts)).toEqual(Buffer.from(whole));
      }),
    );
  });

  it('is another generator after fresh entropy, whatever was left', () => {
    const [a, b, c] = [new Drbg(seed(3)), new Drbg(seed(3)), new Drbg(seed(3))];
    for (const drbg of [a, b, c]) drbg.bytes(10);
    b.mix(Uint8Array.of(1));
    c.mix(Uint8Array.of(2));
    const outs = [a, b, c].map((drbg) => Buffer.from(drbg.bytes(32)).toString('hex'));
    expect(new Set(outs).size).toBe(3);
  });

  it('has no bias that a coarse count would show', () => {
    const counts = new Array<number>(256).fill(0);
    for (const byte of new Drbg(seed(4)).bytes(256 * 1000)) counts[byte]!++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(200);
  });
});
