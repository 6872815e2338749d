import { AEAD_TAG_BYTES, nobleCrypto } from '../../host';
import type { Crypto } from '../../host';

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

const EMPTY = new Uint8Array(0);

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
  /** As OneRtt, with the frames in the clear: type 1 · connection id 8 · packet number 4 · frames · tag 16 */
  OneRttClear: 6,
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
  if (type === undefined || type < PacketType.Initial || type > PacketType.OneRttClear) return null;
  return {
    type: type as PacketType,
    connectionId: packet.subarray(1, 1 + CONNECTION_ID_BYTES),
  };
}

/** Whether a packet is of an established session, sealed or clear. */
export function isOneRtt(type: number | undefined): boolean {
  return type === PacketType.OneRtt || type === PacketType.OneRttClear;
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
 * number, since each path counts its own packets (draft-ietf-quic-multipath §2.4). Clear packets take
 * their numbers from the same count, so that no nonce serves twice; in them header and frames are
 * associated data of an empty plaintext (RFC 8439 §2.8), which authenticates all of it.
 */
export class PacketProtector {
  private readonly key: Uint8Array;
  private readonly crypto: Crypto;
  private readonly nonce = new Uint8Array(12);

  constructor(key: Uint8Array, crypto: Crypto = nobleCrypto) {
    this.key = key;
    this.crypto = crypto;
  }

  /** @param clear authenticates the frames only; anybody on the way can read them. */
  seal(
    connectionId: Uint8Array,
    pathId: number,
    packetNumber: number,
    frames: Uint8Array,
    clear = false,
  ): Uint8Array {
    const packet = new Uint8Array(ONE_RTT_HEADER_BYTES + frames.length + AEAD_TAG_BYTES);
    packet[0] = clear ? PacketType.OneRttClear : PacketType.OneRtt;
    packet.set(connectionId, 1);
    writeU32(packet, 1 + CONNECTION_ID_BYTES, packetNumber);
    if (clear) packet.set(frames, ONE_RTT_HEADER_BYTES);
    const covered = ONE_RTT_HEADER_BYTES + (clear ? frames.length : 0);
    const header = packet.subarray(0, covered);
    const target = packet.subarray(covered);
    this.setNonce(pathId, packetNumber);
    this.crypto.seal(this.key, this.nonce, header, clear ? EMPTY : frames, target);
    return packet;
  }

  /**
   * Opens a packet of either type.
   * @returns the frames, those of a clear packet as a view; null when the packet is not authentic.
   */
  open(packet: Uint8Array, pathId: number): Uint8Array | null {
    const tagAt = packet.length - AEAD_TAG_BYTES;
    if (tagAt < ONE_RTT_HEADER_BYTES) return null;
    const clear = packet[0] === PacketType.OneRttClear;
    const covered = clear ? tagAt : ONE_RTT_HEADER_BYTES;
    this.setNonce(pathId, packetNumberOf(packet));
    const header = packet.subarray(0, covered);
    const frames = this.crypto.open(this.key, this.nonce, header, packet.subarray(covered));
    return clear && frames !== null ? packet.subarray(ONE_RTT_HEADER_BYTES, tagAt) : frames;
  }

  private setNonce(pathId: number, packetNumber: number): void {
    writeU32(this.nonce, 0, pathId);
    writeU32(this.nonce, 8, packetNumber);
  }
}

/** Packet number of a 1-RTT packet that has at least a whole header. */
export function packetNumberOf(packet: Uint8Array): number {
  const at = 1 + CONNECTION_ID_BYTES;
  return (
    packet[at]! * 0x100_0000 + ((packet[at + 1]! << 16) | (packet[at + 2]! << 8) | packet[at + 3]!)
  );
}

function writeU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
