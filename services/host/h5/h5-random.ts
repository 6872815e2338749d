import type { Random } from '../random';

/** Web Cryptography API §10.1.1: one call fills at most 65 536 bytes. */
const MAX_BYTES_PER_CALL = 65_536;

/** The browser's secure random source. */
export function createH5Random(): Random {
  return {
    bytes(length) {
      const out = new Uint8Array(length);
      for (let at = 0; at < length; at += MAX_BYTES_PER_CALL) {
        crypto.getRandomValues(out.subarray(at, at + MAX_BYTES_PER_CALL));
      }
      return out;
    },
  };
}
