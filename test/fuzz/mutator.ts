import { SeededRandom } from '../net/seeded-random';

const POOL_BYTES = 64 * 1024;
/** Bytes at which parsers have their edges. */
const EDGES = [0x00, 0x01, 0x3f, 0x40, 0x7f, 0x80, 0xbf, 0xc0, 0xff] as const;

/** Chance, and what it does to bytes. The same seed gives the same bytes. */
export class Mutator extends SeededRandom {
  private readonly pool: Uint8Array;

  constructor(seed: number) {
    super(seed);
    this.pool = this.bytes(POOL_BYTES);
  }

  /** An integer from 0 to `limit - 1`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** Random bytes, cheaper than `bytes`; a view that must not be written to. */
  noise(length: number): Uint8Array {
    const at = this.below(POOL_BYTES - length);
    return this.pool.subarray(at, at + length);
  }

  /** A copy with one to four changes: bits, edges, cuts, insertions, repetitions, exchanges. */
  mutate(bytes: Uint8Array, maxBytes: number): Uint8Array {
    let out: Uint8Array = bytes.slice();
    for (let changes = 1 + this.below(4); changes > 0; changes--) out = this.change(out);
    return out.length > maxBytes ? out.subarray(0, maxBytes) : out;
  }

  private change(bytes: Uint8Array): Uint8Array {
    const at = this.below(bytes.length + 1);
    const kind = this.below(7);
    if (kind === 0) return bytes.subarray(0, at);
    if (kind === 1)
      return joined(bytes.subarray(0, at), this.noise(this.below(40)), bytes.subarray(at));
    if (kind === 2) return joined(bytes, this.noise(this.below(200)));
    if (kind === 3) {
      const end = Math.min(bytes.length, at + this.below(64));
      return joined(bytes.subarray(0, end), bytes.subarray(at));
    }
    if (bytes.length === 0) return bytes;
    const index = at % bytes.length;
    if (kind === 4) bytes[index]! ^= 1 << this.below(8);
    else if (kind === 5) bytes[index] = this.pick(EDGES);
    else bytes.copyWithin(index, this.below(bytes.length));
    return bytes;
  }
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
