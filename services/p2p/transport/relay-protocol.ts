import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { nobleCrypto } from '../../host';
import type { Crypto } from '../../host';

/**
 * The relay's protocol: one binary WebSocket message each, its type in the first byte.
 *
 * A peer is named by its static X25519 public key. Before the relay forwards for it, the peer proves
 * that it holds the private half: the relay sends an ephemeral key and a nonce, the peer answers with
 * a MAC under the Diffie-Hellman result. The MAC covers the authority the peer dialled, so that a
 * hostile relay cannot pass another relay's challenge on.
 */
export const RelayMessageType = {
  /** relay → peer: protocol version 1 · relay's ephemeral key 32 · nonce 32 */
  Challenge: 0x01,
  /** peer → relay: static key 32 · MAC 32 */
  Auth: 0x02,
  /** relay → peer: keep-alive interval in seconds 1 */
  Registered: 0x03,
  /** relay → peer: `RelayRefusal` 1; the relay closes the socket after it */
  Refused: 0x04,
  /** both ways: empty; a peer answers each one */
  KeepAlive: 0x05,
  /** peer → relay: destination key 32 · packet; relay → peer: source key 32 · packet */
  Packet: 0x10,
  /** relay → peer: key 32 of a destination that is not registered here */
  PeerGone: 0x11,
} as const;

export const RelayRefusal = {
  BadProof: 1,
  TooManyPeers: 2,
  /** The same key registered from another socket. */
  Superseded: 3,
  ShuttingDown: 4,
  BadMessage: 5,
} as const;

export type RelayRefusal = (typeof RelayRefusal)[keyof typeof RelayRefusal];

export const RELAY_PROTOCOL_VERSION = 1;
export const PEER_KEY_BYTES = 32;
export const RELAY_NONCE_BYTES = 32;
const MAC_BYTES = 32;
/** Largest packet a relay forwards; the engine's packets stay at or below 1200 bytes. */
export const MAX_RELAY_PACKET_BYTES = 1500;
export const MAX_RELAY_MESSAGE_BYTES = 1 + PEER_KEY_BYTES + MAX_RELAY_PACKET_BYTES;

export type RelayMessage =
  | { readonly type: 'challenge'; readonly relayKey: Uint8Array; readonly nonce: Uint8Array }
  | { readonly type: 'auth'; readonly peerKey: Uint8Array; readonly mac: Uint8Array }
  | { readonly type: 'registered'; readonly keepAliveS: number }
  | { readonly type: 'refused'; readonly refusal: number }
  | { readonly type: 'keep-alive' }
  | { readonly type: 'packet'; readonly peerKey: Uint8Array; readonly packet: Uint8Array }
  | { readonly type: 'peer-gone'; readonly peerKey: Uint8Array };

/** Serialises a message into a fresh buffer. */
export function encodeRelayMessage(message: RelayMessage): Uint8Array {
  switch (message.type) {
    case 'challenge':
      return join(
        RelayMessageType.Challenge,
        Uint8Array.of(RELAY_PROTOCOL_VERSION),
        message.relayKey,
        message.nonce,
      );
    case 'auth':
      return join(RelayMessageType.Auth, message.peerKey, message.mac);
    case 'registered':
      return join(RelayMessageType.Registered, Uint8Array.of(message.keepAliveS));
    case 'refused':
      return join(RelayMessageType.Refused, Uint8Array.of(message.refusal));
    case 'keep-alive':
      return Uint8Array.of(RelayMessageType.KeepAlive);
    case 'packet':
      return join(RelayMessageType.Packet, message.peerKey, message.packet);
    case 'peer-gone':
      return join(RelayMessageType.PeerGone, message.peerKey);
  }
}

/**
 * Reads one message; the parts are views into `bytes`.
 * @returns null for anything malformed: too short, too long, unknown type, other protocol version.
 */
export function decodeRelayMessage(bytes: Uint8Array): RelayMessage | null {
  if (bytes.length < 1 || bytes.length > MAX_RELAY_MESSAGE_BYTES) return null;
  const body = bytes.subarray(1);
  switch (bytes[0]) {
    case RelayMessageType.Challenge:
      if (body.length !== 1 + PEER_KEY_BYTES + RELAY_NONCE_BYTES) return null;
      if (body[0] !== RELAY_PROTOCOL_VERSION) return null;
      return {
        type: 'challenge',
        relayKey: body.subarray(1, 1 + PEER_KEY_BYTES),
        nonce: body.subarray(1 + PEER_KEY_BYTES),
      };
    case RelayMessageType.Auth:
      if (body.length !== PEER_KEY_BYTES + MAC_BYTES) return null;
      return {
        type: 'auth',
        peerKey: body.subarray(0, PEER_KEY_BYTES),
        mac: body.subarray(PEER_KEY_BYTES),
      };
    case RelayMessageType.Registered:
      return body.length === 1 && body[0]! > 0
        ? { type: 'registered', keepAliveS: body[0]! }
        : null;
    case RelayMessageType.Refused:
      return body.length === 1 ? { type: 'refused', refusal: body[0]! } : null;
    case RelayMessageType.KeepAlive:
      return body.length === 0 ? { type: 'keep-alive' } : null;
    case RelayMessageType.Packet:
      if (body.length <= PEER_KEY_BYTES) return null;
      return {
        type: 'packet',
        peerKey: body.subarray(0, PEER_KEY_BYTES),
        packet: body.subarray(PEER_KEY_BYTES),
      };
    case RelayMessageType.PeerGone:
      return body.length === PEER_KEY_BYTES ? { type: 'peer-gone', peerKey: body } : null;
    default:
      return null;
  }
}

export interface RelayProofInput {
  /** Private half of the prover's or verifier's key, 32 bytes. */
  readonly privateKey: Uint8Array;
  /** The other side's public key, 32 bytes. */
  readonly remoteKey: Uint8Array;
  /** The peer's static public key, 32 bytes. */
  readonly peerKey: Uint8Array;
  readonly nonce: Uint8Array;
  /** `host:port` (port omitted when it is the scheme's default) that the peer dialled, lower case. */
  readonly authority: string;
  /** The host's, if it has one. */
  readonly crypto?: Crypto | undefined;
}

/**
 * The MAC of `auth`; both sides compute it, each with its own private key.
 * @throws Error when `remoteKey` is a low-order point (RFC 7748 §6.1).
 */
export function relayProof(input: RelayProofInput): Uint8Array {
  const { crypto = nobleCrypto } = input;
  const shared = crypto.x25519(input.privateKey, input.remoteKey);
  const key = hkdf(sha256, shared, input.nonce, ascii('taro-iot-video relay 1'), 32);
  return hmac
    .create(sha256, key)
    .update(input.peerKey)
    .update(ascii(input.authority.toLowerCase()))
    .digest();
}

/**
 * The authority part of a relay's URL as `relayProof` wants it.
 * @returns null when `url` is not a `ws:` or `wss:` URL.
 */
export function relayAuthority(url: string): string | null {
  const match = /^(wss?):\/\/([^/?#@\s]+)(?:[/?#]|$)/i.exec(url);
  if (!match) return null;
  const defaultPort = match[1]!.toLowerCase() === 'wss' ? ':443' : ':80';
  const authority = match[2]!.toLowerCase();
  return authority.endsWith(defaultPort) ? authority.slice(0, -defaultPort.length) : authority;
}

function join(type: number, ...parts: Uint8Array[]): Uint8Array {
  let length = 1;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  out[0] = type;
  let at = 1;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function ascii(text: string): Uint8Array {
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i) & 0xff;
  return out;
}
