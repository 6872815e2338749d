/**
 * The primitives that cost the engine time. A host that has faster ones than `nobleCrypto` offers
 * them; both must give the same bytes. All are synchronous: packets are sealed as they are sent.
 */
export interface Crypto {
  /**
   * X25519 (RFC 7748 §5); with the base point u = 9 as `publicKey`, a key pair's public half.
   * @param privateKey 32 bytes, not clamped yet.
   * @param publicKey 32 bytes; the top bit is ignored.
   * @returns the shared secret, 32 bytes.
   * @throws Error when it is all zeros: the public key is a low-order point (RFC 7748 §6.1).
   */
  readonly x25519: (privateKey: Uint8Array, publicKey: Uint8Array) => Uint8Array;
  /**
   * ChaCha20-Poly1305 (RFC 8439 §2.8): writes the ciphertext and its 16-byte tag.
   * @param key 32 bytes.
   * @param nonce 12 bytes, never used twice with the same key.
   * @param target as long as `plaintext` and 16 bytes; overlaps none of the others.
   */
  readonly seal: (
    key: Uint8Array,
    nonce: Uint8Array,
    associatedData: Uint8Array,
    plaintext: Uint8Array,
    target: Uint8Array,
  ) => void;
  /**
   * Reverses `seal`.
   * @param sealed ciphertext and tag.
   * @returns the plaintext in memory of its own; null when the tag does not match or is not there.
   */
  readonly open: (
    key: Uint8Array,
    nonce: Uint8Array,
    associatedData: Uint8Array,
    sealed: Uint8Array,
  ) => Uint8Array | null;
}

/** Bytes that `Crypto.seal` adds. */
export const AEAD_TAG_BYTES = 16;
