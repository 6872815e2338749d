import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
export { AEAD_TAG_BYTES } from './noise';
import { AEAD_TAG_BYTES } from './noise';

/**
 * Largest packet the session sends, header and tag included. It fits IPv6's minimum MTU of 1280 with
 * IP, UDP and a relay's header around it (RFC 9000 §14).
 */
export const MAX_PACKET_BYTES = 1200;
export const CONNECTION_ID_BYTES = 8;
/** type 1 · destination connection id 8 · packet number 4 */
export const ONE_RTT_HEADER_BYTES = 1 + CONNECTION_ID_BYTES + 4;
export const RESET_TOKEN_BYTES = 16;
/** Plaintext that fits one packet. */
export const MAX_FRAMES_BYTES = MAX_PACKET_BYTES - ONE_RTT_HEADER_BYTES - AEAD_TAG_BYTES;
/**
 * Packet numbers are sent whole, in 32 bits; a session ends long before they run out, and long before
 * the AEAD's limits (RFC 9001 §6.6).
 */
export const MAX_PACKET_NUMBER = 2 ** 31;

/** First byte of a packet. */
export const PacketType = {
  /** Noise message 1: type 1 · initiator's connection id 8 · message */
  Initial: 1,
  /** Noise message 2: type 1 · initiator's connection id 8 · message */
  Handshake: 2,
  /** A sealed CONNECTION_CLOSE instead of message 2: type 1 · initiator's connection id 8 · nonce 8 · AEAD */
  Refusal: 3,
  /** type 1 · destination connection id 8 · packet number 4 · AEAD(frames) */
  OneRtt: 4,
  /** RFC 9000 §10.3: type 1 · the connection id that is unknown 8 · token 16 */
  StatelessReset: 5,
} as const;

export type PacketType = (typeof PacketType)[keyof typeof PacketType];

/** A packet's type and connection id, with the rest still sealed. */
export interface PacketHead {
  readonly type: PacketType;
  readonly connectionId: Uint8Array;
}

/** @returns null for a packet of unknown type or a length it cannot have. */
export function readPacketHead(packet: Uint8Array): PacketHead | null {
  const type = packet[0];
  if (packet.length > MAX_PACKET_BYTES || packet.length <= CONNECTION_ID_BYTES + 1) return null;
  if (type === undefined || type < PacketType.Initial || type > PacketType.StatelessReset)
    return null;
  return {
    type: type as PacketType,
    connectionId: packet.subarray(1, 1 + CONNECTION_ID_BYTES),
  };
}

/** What follows type and connection id. */
export function packetBody(packet: Uint8Array): Uint8Array {
  return packet.subarray(1 + CONNECTION_ID_BYTES);
}

export function buildPacket(
  type: PacketType,
  connectionId: Uint8Array,
  body: Uint8Array,
): Uint8Array {
  const packet = new Uint8Array(1 + CONNECTION_ID_BYTES + body.length);
  packet[0] = type;
  packet.set(connectionId, 1);
  packet.set(body, 1 + CONNECTION_ID_BYTES);
  return packet;
}

/**
 * Seals and opens 1-RTT packets of one direction. The nonce is the path's number and the packet
 * number, since each path counts its own packets (draft-ietf-quic-multipath §2.4).
 */
export class PacketProtector {
  private readonly key: Uint8Array;

  constructor(key: Uint8Array) {
    this.key = key;
  }

  seal(
    connectionId: Uint8Array,
    pathId: number,
    packetNumber: number,
    frames: Uint8Array,
  ): Uint8Array {
    const packet = new Uint8Array(ONE_RTT_HEADER_BYTES + frames.length + AEAD_TAG_BYTES);
    packet[0] = PacketType.OneRtt;
    packet.set(connectionId, 1);
    writeU32(packet, 1 + CONNECTION_ID_BYTES, packetNumber);
    const header = packet.subarray(0, ONE_RTT_HEADER_BYTES);
    chacha20poly1305(this.key, packetNonce(pathId, packetNumber), header).encrypt(
      frames,
      packet.subarray(ONE_RTT_HEADER_BYTES),
    );
    return packet;
  }

  /** @returns the frames, or null when the packet is not authentic. */
  open(packet: Uint8Array, pathId: number): Uint8Array | null {
    if (packet.length < ONE_RTT_HEADER_BYTES + AEAD_TAG_BYTES) return null;
    const header = packet.subarray(0, ONE_RTT_HEADER_BYTES);
    const nonce = packetNonce(pathId, packetNumberOf(packet));
    try {
      return chacha20poly1305(this.key, nonce, header).decrypt(
        packet.subarray(ONE_RTT_HEADER_BYTES),
      );
    } catch {
      return null;
    }
  }
}

/** Packet number of a 1-RTT packet that has at least a whole header. */
export function packetNumberOf(packet: Uint8Array): number {
  const at = 1 + CONNECTION_ID_BYTES;
  return (
    packet[at]! * 0x100_0000 + ((packet[at + 1]! << 16) | (packet[at + 2]! << 8) | packet[at + 3]!)
  );
}

function packetNonce(pathId: number, packetNumber: number): Uint8Array {
  const nonce = new Uint8Array(12);
  writeU32(nonce, 0, pathId);
  writeU32(nonce, 8, packetNumber);
  return nonce;
}

function writeU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
