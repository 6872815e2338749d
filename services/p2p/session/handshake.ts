import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { AEAD_TAG_BYTES, nobleCrypto } from '../../host';
import type { Crypto, Random } from '../../host';
import { ByteReader, ByteWriter } from './bytes';
import { readFrames, writeFrame } from './frames';
import type { Frame } from './frames';
import { keyPairOf, NoiseInitiator, NOISE_KEY_BYTES, NOISE_MESSAGE_1_OVERHEAD } from './noise';
import type { KeyPair, TrafficKeys } from './noise';
import {
  buildPacket,
  CONNECTION_ID_BYTES,
  MAX_PACKET_BYTES,
  packetBody,
  PacketType,
  RESET_TOKEN_BYTES,
} from './packet';
import { encodeUtf8 } from '../../encoding';

/** Version of everything from the packet's first byte up to the frames. */
export const PROTOCOL_VERSION = 1;
export const PROLOGUE = encodeUtf8('taro-iot-video p2p');
const PROOF_BYTES = 16;
const REFUSAL_NONCE_BYTES = 8;
/** version 1 · unix ms 8 · proof 16, in front of the early frames */
const MESSAGE_1_FIXED_BYTES = 1 + 8 + PROOF_BYTES;
/** Frames that fit message 1. */
export const MAX_EARLY_FRAMES_BYTES =
  MAX_PACKET_BYTES - 1 - CONNECTION_ID_BYTES - NOISE_MESSAGE_1_OVERHEAD - MESSAGE_1_FIXED_BYTES;

/** The Noise psk of a camera: its access secret, spread to 32 bytes and bound to its key. */
export function pskOf(accessSecret: Uint8Array, cameraKey: Uint8Array): Uint8Array {
  return hkdf(sha256, accessSecret, cameraKey, encodeUtf8('taro-iot-video psk'), NOISE_KEY_BYTES);
}

/**
 * Shows in message 1 that the viewer holds the access secret. Noise mixes a psk2 in only with message
 * 2, too late for a camera that must not spend anything on strangers.
 */
export function accessProof(psk: Uint8Array, handshakeHash: Uint8Array): Uint8Array {
  return hmac(sha256, psk, handshakeHash).subarray(0, PROOF_BYTES);
}

export interface Message1 {
  readonly version: number;
  /** The viewer's wall clock in unix ms. */
  readonly wallMs: number;
  readonly proof: Uint8Array;
  readonly early: Uint8Array;
}

/** @throws MalformedError when the payload is too short. */
export function readMessage1Payload(payload: Uint8Array): Message1 {
  const reader = new ByteReader(payload);
  return {
    version: reader.u8(),
    wallMs: reader.u32() * 0x1_0000_0000 + reader.u32(),
    proof: reader.raw(PROOF_BYTES),
    early: reader.rest(),
  };
}

export interface Message2 {
  /** The responder's connection id: where the initiator's packets go. */
  readonly connectionId: Uint8Array;
  readonly resetToken: Uint8Array;
}

export function writeMessage2Payload(message: Message2): Uint8Array {
  const payload = new Uint8Array(CONNECTION_ID_BYTES + RESET_TOKEN_BYTES);
  payload.set(message.connectionId);
  payload.set(message.resetToken, CONNECTION_ID_BYTES);
  return payload;
}

/** @throws MalformedError when the payload is too short. */
function readMessage2Payload(payload: Uint8Array): Message2 {
  const reader = new ByteReader(payload);
  return {
    connectionId: reader.raw(CONNECTION_ID_BYTES).slice(),
    resetToken: reader.raw(RESET_TOKEN_BYTES).slice(),
  };
}

/** A CONNECTION_CLOSE in place of message 2, under a key that only the two sides of message 1 know. */
export function sealRefusal(
  key: Uint8Array,
  connectionId: Uint8Array,
  close: { readonly errorCode: number; readonly reason: string },
  random: Random,
  crypto: Crypto,
): Uint8Array {
  const nonce = random.bytes(REFUSAL_NONCE_BYTES);
  const writer = new ByteWriter(new Uint8Array(512));
  writeFrame(writer, { type: 'connection-close', ...close });
  const body = new Uint8Array(REFUSAL_NONCE_BYTES + writer.length + AEAD_TAG_BYTES);
  body.set(nonce);
  const sealed = body.subarray(REFUSAL_NONCE_BYTES);
  crypto.seal(key, refusalNonce(nonce), connectionId, writer.written(), sealed);
  return buildPacket(PacketType.Refusal, connectionId, body);
}

export const REFUSAL_KEY_LABEL = 'refusal';

function refusalNonce(nonce: Uint8Array): Uint8Array {
  const full = new Uint8Array(12);
  full.set(nonce, 12 - REFUSAL_NONCE_BYTES);
  return full;
}

export interface InitiatorOptions {
  readonly random: Random;
  readonly staticKey: KeyPair;
  readonly cameraKey: Uint8Array;
  readonly psk: Uint8Array;
  /** Our connection id. */
  readonly connectionId: Uint8Array;
  readonly crypto?: Crypto | undefined;
}

/** One attempt of an initiator: message 1, to be sent as often as needed, and its answers. */
export class InitiatorHandshake {
  private readonly noise: NoiseInitiator;
  private readonly psk: Uint8Array;
  private readonly connectionId: Uint8Array;
  private readonly crypto: Crypto;

  /** @throws Error when the camera's key is a low-order point. */
  constructor(options: InitiatorOptions) {
    this.connectionId = options.connectionId;
    this.psk = options.psk;
    this.crypto = options.crypto ?? nobleCrypto;
    this.noise = new NoiseInitiator({
      prologue: PROLOGUE,
      psk: options.psk,
      staticKey: options.staticKey,
      ephemeralKey: keyPairOf(options.random.bytes(NOISE_KEY_BYTES), this.crypto),
      remoteStatic: options.cameraKey,
      crypto: this.crypto,
    });
  }

  /**
   * Makes message 1; to be called once.
   * @param wallMs our wall clock, corrected by what the camera has told of its own, in unix ms.
   * @param earlyFrames frames of the early streams, at most `MAX_EARLY_FRAMES_BYTES`.
   */
  writeInitial(wallMs: number, earlyFrames: Uint8Array): Uint8Array {
    const message = this.noise.writeMessage1((hash) => {
      // Always a full packet, so that a camera's answer never amplifies (RFC 9000 §14.1); zeros are PADDING.
      const payload = new Uint8Array(MESSAGE_1_FIXED_BYTES + MAX_EARLY_FRAMES_BYTES);
      const writer = new ByteWriter(payload);
      writer.u8(PROTOCOL_VERSION);
      writer.u32(Math.floor(wallMs / 0x1_0000_0000));
      writer.u32(wallMs >>> 0);
      writer.raw(accessProof(this.psk, hash));
      writer.raw(earlyFrames);
      return payload;
    });
    return buildPacket(PacketType.Initial, this.connectionId, message);
  }

  /** @returns null when the packet is not the authentic answer to our message 1. */
  readHandshake(packet: Uint8Array): { keys: TrafficKeys; message: Message2 } | null {
    try {
      const { payload, keys } = this.noise.readMessage2(packetBody(packet));
      return { keys, message: readMessage2Payload(payload) };
    } catch {
      return null;
    }
  }

  /** @returns the CONNECTION_CLOSE of an authentic refusal, else null. */
  readRefusal(packet: Uint8Array): Extract<Frame, { type: 'connection-close' }> | null {
    const body = packetBody(packet);
    if (body.length < REFUSAL_NONCE_BYTES + AEAD_TAG_BYTES) return null;
    try {
      const key = this.noise.exportKey(REFUSAL_KEY_LABEL);
      const nonce = refusalNonce(body.subarray(0, REFUSAL_NONCE_BYTES));
      const sealed = body.subarray(REFUSAL_NONCE_BYTES);
      const plaintext = this.crypto.open(key, nonce, this.connectionId, sealed);
      if (plaintext === null) return null;
      const frame = readFrames(plaintext)[0];
      return frame?.type === 'connection-close' ? frame : null;
    } catch {
      return null;
    }
  }
}
