import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
} from 'node:crypto';
import { AEAD_TAG_BYTES } from '../crypto';
import type { Crypto } from '../crypto';
import { nobleCrypto } from '../noble-crypto';

const CIPHER = 'chacha20-poly1305';
const OPTIONS = { authTagLength: AEAD_TAG_BYTES };

/** OpenSSL's primitives: two to four times as fast for a packet, fifteen times for X25519. */
const openssl: Crypto = {
  x25519: (privateKey, publicKey) => {
    // As JWK (RFC 8037), since Node reads DER ten times as slowly. It takes the public half of a
    // private key from `d`, whatever `x` says.
    const jwk = { kty: 'OKP', crv: 'X25519' };
    const d = base64url(privateKey);
    const secret = diffieHellman({
      privateKey: createPrivateKey({ key: { ...jwk, d, x: d }, format: 'jwk' }),
      publicKey: createPublicKey({ key: { ...jwk, x: base64url(publicKey) }, format: 'jwk' }),
    });
    return plainBytes(secret);
  },
  seal: (key, nonce, associatedData, plaintext, target) => {
    const cipher = createCipheriv(CIPHER, key, nonce, OPTIONS);
    cipher.setAAD(associatedData, { plaintextLength: plaintext.length });
    target.set(cipher.update(plaintext));
    cipher.final();
    target.set(cipher.getAuthTag(), plaintext.length);
  },
  open: (key, nonce, associatedData, sealed) => {
    const length = sealed.length - AEAD_TAG_BYTES;
    if (length < 0) return null;
    const cipher = createDecipheriv(CIPHER, key, nonce, OPTIONS);
    cipher.setAAD(associatedData, { plaintextLength: length });
    cipher.setAuthTag(sealed.subarray(length));
    const plaintext = cipher.update(sealed.subarray(0, length));
    try {
      cipher.final();
    } catch {
      return null;
    }
    return plainBytes(plaintext);
  },
};

/**
 * Node's primitives, each replaced by `nobleCrypto`'s where this build of OpenSSL lacks it (one in
 * FIPS mode has neither) or does not agree with it.
 */
export function createNodeCrypto(): Crypto {
  const key = new Uint8Array(32).fill(9);
  const nonce = new Uint8Array(12);
  const sealedBy = ({ seal }: Crypto) => {
    const target = new Uint8Array(key.length + AEAD_TAG_BYTES);
    seal(key, nonce, nonce, key, target);
    return target;
  };
  const hasCipher = agree(() => sealedBy(openssl), sealedBy(nobleCrypto));
  const hasX25519 = agree(() => openssl.x25519(key, key), nobleCrypto.x25519(key, key));
  return {
    x25519: (hasX25519 ? openssl : nobleCrypto).x25519,
    seal: (hasCipher ? openssl : nobleCrypto).seal,
    open: (hasCipher ? openssl : nobleCrypto).open,
  };
}

function agree(compute: () => Uint8Array, expected: Uint8Array): boolean {
  try {
    return Buffer.from(expected).equals(compute());
  } catch {
    return false;
  }
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url');
}

/** Not a Buffer: its `slice` does not copy, which users of a Uint8Array rely on. */
function plainBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
