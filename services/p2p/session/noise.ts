import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { AEAD_TAG_BYTES, nobleCrypto } from '../../host';
import type { Crypto } from '../../host';

const PROTOCOL_NAME = 'Noise_IKpsk2_25519_ChaChaPoly_SHA256';
const EMPTY = new Uint8Array(0);
export const NOISE_KEY_BYTES = 32;
/** Message 1 without its payload: e 32, s 32 + tag 16, and the payload's tag 16. */
export const NOISE_MESSAGE_1_OVERHEAD = 96;
/** Message 2 without its payload: e 32 and the payload's tag 16. */
export const NOISE_MESSAGE_2_OVERHEAD = 48;

export interface KeyPair {
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** u = 9, RFC 7748 §4.1. */
const BASE_POINT = new Uint8Array(NOISE_KEY_BYTES);
BASE_POINT[0] = 9;

/** @param privateKey 32 random bytes. */
export function keyPairOf(privateKey: Uint8Array, crypto: Crypto = nobleCrypto): KeyPair {
  return { privateKey, publicKey: crypto.x25519(privateKey, BASE_POINT) };
}

/** The two traffic keys of Split() (Noise §5.2), named by direction. */
export interface TrafficKeys {
  readonly initiatorKey: Uint8Array;
  readonly responderKey: Uint8Array;
  readonly handshakeHash: Uint8Array;
}

interface NoiseOptions {
  readonly prologue: Uint8Array;
  /** Pre-shared key, 32 bytes. */
  readonly psk: Uint8Array;
  readonly staticKey: KeyPair;
  readonly ephemeralKey: KeyPair;
  /** The host's, if it has one. */
  readonly crypto?: Crypto | undefined;
}

/** SymmetricState of the Noise specification §5.2. */
class SymmetricState {
  private chainingKey: Uint8Array;
  private cipherKey: Uint8Array | null = null;
  private nonce = 0;
  private readonly crypto: Crypto;
  hash: Uint8Array;

  private constructor(crypto: Crypto, chainingKey: Uint8Array, hash: Uint8Array) {
    this.crypto = crypto;
    this.chainingKey = chainingKey;
    this.hash = hash;
  }

  static initialize(crypto: Crypto, prologue: Uint8Array): SymmetricState {
    // The name is longer than HASHLEN, so h = HASH(name).
    const name = sha256(asciiBytes(PROTOCOL_NAME));
    const state = new SymmetricState(crypto, name, name);
    state.mixHash(prologue);
    return state;
  }

  /** A state to try a message on that may be forged. */
  clone(): SymmetricState {
    const copy = new SymmetricState(this.crypto, this.chainingKey, this.hash);
    copy.cipherKey = this.cipherKey;
    copy.nonce = this.nonce;
    return copy;
  }

  mixHash(data: Uint8Array): void {
    this.hash = sha256.create().update(this.hash).update(data).digest();
  }

  mixKey(input: Uint8Array): void {
    const [chainingKey, key] = hkdf(this.chainingKey, input);
    this.chainingKey = chainingKey;
    this.cipherKey = key;
    this.nonce = 0;
  }

  mixKeyAndHash(input: Uint8Array): void {
    const [chainingKey, hash, key] = hkdf(this.chainingKey, input);
    this.chainingKey = chainingKey;
    this.mixHash(hash);
    this.cipherKey = key;
    this.nonce = 0;
  }

  /** A `e` token: psk handshakes mix the ephemeral key into the chaining key too (§9.2). */
  mixEphemeral(publicKey: Uint8Array): void {
    this.mixHash(publicKey);
    this.mixKey(publicKey);
  }

  encryptAndHash(plaintext: Uint8Array): Uint8Array {
    const ciphertext = new Uint8Array(plaintext.length + AEAD_TAG_BYTES);
    this.crypto.seal(this.key(), noiseNonce(this.nonce++), this.hash, plaintext, ciphertext);
    this.mixHash(ciphertext);
    return ciphertext;
  }

  /** @throws Error when the tag does not match. */
  decryptAndHash(ciphertext: Uint8Array): Uint8Array {
    const plaintext = this.crypto.open(this.key(), noiseNonce(this.nonce++), this.hash, ciphertext);
    if (plaintext === null) throw new Error('not authentic');
    this.mixHash(ciphertext);
    return plaintext;
  }

  split(): [Uint8Array, Uint8Array] {
    const [first, second] = hkdf(this.chainingKey, EMPTY);
    return [first, second];
  }

  /** A key bound to the handshake so far, for uses beside Split(). */
  exportKey(label: string): Uint8Array {
    return hmac(sha256, hmac(sha256, this.chainingKey, asciiBytes(label)), this.hash);
  }

  private key(): Uint8Array {
    if (this.cipherKey === null) throw new Error('no key yet');
    return this.cipherKey;
  }
}

/** The initiator of Noise_IKpsk2; messages in order: `writeMessage1`, `readMessage2`. */
export class NoiseInitiator {
  private readonly options: NoiseOptions;
  private readonly crypto: Crypto;
  private readonly remoteStatic: Uint8Array;
  private readonly state: SymmetricState;
  private readonly keys: Uint8Array;

  /** @throws Error when the remote static key is a low-order point. */
  constructor(options: NoiseOptions & { readonly remoteStatic: Uint8Array }) {
    this.options = options;
    this.crypto = options.crypto ?? nobleCrypto;
    this.remoteStatic = options.remoteStatic;
    this.state = SymmetricState.initialize(this.crypto, options.prologue);
    this.state.mixHash(options.remoteStatic);
    this.keys = this.mixKeys();
  }

  /** The part of message 1 before its payload, which is where the time goes. */
  private mixKeys(): Uint8Array {
    const { state, options } = this;
    const { staticKey, ephemeralKey } = options;
    state.mixEphemeral(ephemeralKey.publicKey);
    state.mixKey(this.crypto.x25519(ephemeralKey.privateKey, this.remoteStatic));
    const sealedStatic = state.encryptAndHash(staticKey.publicKey);
    state.mixKey(this.crypto.x25519(staticKey.privateKey, this.remoteStatic));
    return concat(ephemeralKey.publicKey, sealedStatic);
  }

  /** @param payload given the handshake hash before the payload, returns the payload. */
  writeMessage1(payload: (hash: Uint8Array) => Uint8Array): Uint8Array {
    return concat(this.keys, this.state.encryptAndHash(payload(this.state.hash)));
  }

  /** Key shared with the responder once message 1 is written; see `SymmetricState.exportKey`. */
  exportKey(label: string): Uint8Array {
    return this.state.exportKey(label);
  }

  /** @throws Error when message 2 is malformed or not authentic; another one may be tried then. */
  readMessage2(message: Uint8Array): { payload: Uint8Array; keys: TrafficKeys } {
    if (message.length < NOISE_MESSAGE_2_OVERHEAD) throw new Error('message 2 is too short');
    const { options } = this;
    const state = this.state.clone();
    const remoteEphemeral = message.subarray(0, NOISE_KEY_BYTES);
    state.mixEphemeral(remoteEphemeral);
    state.mixKey(this.crypto.x25519(options.ephemeralKey.privateKey, remoteEphemeral));
    state.mixKey(this.crypto.x25519(options.staticKey.privateKey, remoteEphemeral));
    state.mixKeyAndHash(options.psk);
    const payload = state.decryptAndHash(message.subarray(NOISE_KEY_BYTES));
    return { payload, keys: trafficKeys(state) };
  }
}

/** The responder of Noise_IKpsk2; messages in order: `readMessage1`, `writeMessage2`. */
export class NoiseResponder {
  private readonly options: NoiseOptions;
  private readonly crypto: Crypto;
  private readonly state: SymmetricState;
  private remoteEphemeral: Uint8Array = EMPTY;
  private remoteStatic: Uint8Array = EMPTY;

  constructor(options: NoiseOptions) {
    this.options = options;
    this.crypto = options.crypto ?? nobleCrypto;
    this.state = SymmetricState.initialize(this.crypto, options.prologue);
    this.state.mixHash(options.staticKey.publicKey);
  }

  /** @throws Error when message 1 is malformed or not authentic; the handshake is then spent. */
  readMessage1(message: Uint8Array): {
    payload: Uint8Array;
    remoteStatic: Uint8Array;
    /** The handshake hash before the payload. */
    hash: Uint8Array;
  } {
    if (message.length < NOISE_MESSAGE_1_OVERHEAD) throw new Error('message 1 is too short');
    const { state, options } = this;
    const { privateKey } = options.staticKey;
    this.remoteEphemeral = message.slice(0, NOISE_KEY_BYTES);
    state.mixEphemeral(this.remoteEphemeral);
    state.mixKey(this.crypto.x25519(privateKey, this.remoteEphemeral));
    const staticEnd = 2 * NOISE_KEY_BYTES + AEAD_TAG_BYTES;
    this.remoteStatic = state.decryptAndHash(message.subarray(NOISE_KEY_BYTES, staticEnd));
    state.mixKey(this.crypto.x25519(privateKey, this.remoteStatic));
    const { hash } = state;
    const payload = state.decryptAndHash(message.subarray(staticEnd));
    return { payload, remoteStatic: this.remoteStatic, hash };
  }

  /** Key shared with the initiator once message 1 is read; see `SymmetricState.exportKey`. */
  exportKey(label: string): Uint8Array {
    return this.state.exportKey(label);
  }

  writeMessage2(payload: Uint8Array): { message: Uint8Array; keys: TrafficKeys } {
    const { state, options } = this;
    const { ephemeralKey } = options;
    state.mixEphemeral(ephemeralKey.publicKey);
    state.mixKey(this.crypto.x25519(ephemeralKey.privateKey, this.remoteEphemeral));
    state.mixKey(this.crypto.x25519(ephemeralKey.privateKey, this.remoteStatic));
    state.mixKeyAndHash(options.psk);
    const message = concat(ephemeralKey.publicKey, state.encryptAndHash(payload));
    return { message, keys: trafficKeys(state) };
  }
}

function trafficKeys(state: SymmetricState): TrafficKeys {
  const [initiatorKey, responderKey] = state.split();
  return { initiatorKey, responderKey, handshakeHash: state.hash };
}

/** HKDF of the Noise specification §4.3, always with three outputs. */
function hkdf(chainingKey: Uint8Array, input: Uint8Array): [Uint8Array, Uint8Array, Uint8Array] {
  const temporary = hmac(sha256, chainingKey, input);
  const first = hmac(sha256, temporary, Uint8Array.of(1));
  const second = hmac(sha256, temporary, concat(first, Uint8Array.of(2)));
  const third = hmac(sha256, temporary, concat(second, Uint8Array.of(3)));
  return [first, second, third];
}

/** 4 zero bytes and the counter as 64-bit little-endian (Noise §12.3). */
function noiseNonce(counter: number): Uint8Array {
  const nonce = new Uint8Array(12);
  nonce[4] = counter;
  return nonce;
}

function concat(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
