import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { mod, pow2 } from '@noble/curves/abstract/modular.js';
import { montgomery } from '@noble/curves/abstract/montgomery.js';
import { AEAD_TAG_BYTES } from './crypto';
import type { Crypto } from './crypto';

/** 2^255 - 19, RFC 7748 §4.1. */
const P = /* @__PURE__ */ BigInt(
  '0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed',
);

/**
 * Not the library's `ed25519.js`: that makes FROST and OPRF suites as it is loaded, which takes time
 * and a TextEncoder, and WeChat on iOS has none.
 */
const curve = /* @__PURE__ */ montgomery({ P, type: 'x25519', powPminus2, adjustScalarBytes });

/** The library's primitives: pure JavaScript, the same on every host. */
export const nobleCrypto: Crypto = {
  x25519: (privateKey, publicKey) => curve.scalarMult(privateKey, publicKey),
  seal: (key, nonce, associatedData, plaintext, target) => {
    chacha20poly1305(key, nonce, associatedData).encrypt(plaintext, target);
  },
  open: (key, nonce, associatedData, sealed) => {
    if (sealed.length < AEAD_TAG_BYTES) return null;
    try {
      return chacha20poly1305(key, nonce, associatedData).decrypt(sealed);
    } catch {
      return null;
    }
  },
};

/** Clamping, RFC 7748 §5. */
function adjustScalarBytes(bytes: Uint8Array): Uint8Array {
  bytes[0]! &= 248;
  bytes[31] = (bytes[31]! & 127) | 64;
  return bytes;
}

/**
 * The inverse of x, by Fermat: x^(p-2) = x^(2^255 - 21). The addition chain is Curve25519's usual one,
 * in which `a_n` is x^(2^n - 1); square-and-multiply would need twenty times the multiplications.
 */
function powPminus2(x: bigint): bigint {
  const squared = (value: bigint, times: number) => pow2(value, BigInt(times), P);
  const join = (high: bigint, low: bigint, lowBits: number) => (squared(high, lowBits) * low) % P;
  const a2 = join(x, x, 1);
  const a4 = join(a2, a2, 2);
  const a5 = join(a4, x, 1);
  const a10 = join(a5, a5, 5);
  const a20 = join(a10, a10, 10);
  const a40 = join(a20, a20, 20);
  const a50 = join(a40, a10, 10);
  const a100 = join(a50, a50, 50);
  const a200 = join(a100, a100, 100);
  const a250 = join(a200, a50, 50);
  // 2^255 - 21 = (2^250 - 1) · 2^5 + 11, and 11 = 2^3 + 3.
  return mod(squared(a250, 5) * squared(x, 3) * a2, P);
}
