import { chacha20 } from '@noble/ciphers/chacha.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Random } from '../random';

/** Least seed, in bytes: a key's worth of entropy and half as much again (NIST SP 800-90A §8.6.7). */
export const MIN_SEED_BYTES = 48;
const KEY_BYTES = 32;
/** What one run of the cipher yields beside the next key. */
const POOL_BYTES = 480;
const NONCE = new Uint8Array(12);

/**
 * A deterministic random bit generator with fast key erasure: each run of ChaCha20 (RFC 8439) first
 * replaces the key that it ran under, so that who reads the memory later cannot compute what was
 * handed out before.
 */
export class Drbg implements Random {
  private key: Uint8Array;
  private pool: Uint8Array = new Uint8Array(0);

  /** @throws RangeError when the seed is shorter than `MIN_SEED_BYTES`. */
  constructor(seed: Uint8Array) {
    if (seed.length < MIN_SEED_BYTES) throw new RangeError('seed too short');
    this.key = sha256(seed);
  }

  bytes(length: number): Uint8Array {
    const out = new Uint8Array(length);
    for (let at = 0; at < length;) {
      if (this.pool.length === 0) this.refill();
      const part = this.pool.subarray(0, length - at);
      out.set(part, at);
      part.fill(0);
      at += part.length;
      this.pool = this.pool.subarray(part.length);
    }
    return out;
  }

  /** Adds fresh entropy; bytes that are not secret do no harm. */
  mix(fresh: Uint8Array): void {
    const input = new Uint8Array(KEY_BYTES + fresh.length);
    input.set(this.key);
    input.set(fresh, KEY_BYTES);
    this.key = sha256(input);
    input.fill(0);
    this.pool.fill(0);
    this.pool = this.pool.subarray(this.pool.length);
  }

  private refill(): void {
    const stream = chacha20(this.key, NONCE, new Uint8Array(KEY_BYTES + POOL_BYTES));
    this.key.set(stream.subarray(0, KEY_BYTES));
    stream.fill(0, 0, KEY_BYTES);
    this.pool = stream.subarray(KEY_BYTES);
  }
}
