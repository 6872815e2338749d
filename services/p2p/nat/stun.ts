import { decodeUtf8 } from '../../encoding';
import { formatIpAddress, isPort } from '../../host';
import type { IpFamily, SocketAddress } from '../../host';
import { hasValidFingerprint } from './stun-integrity';

/** RFC 8489 §5. */
export const STUN_MAGIC_COOKIE = 0x2112_a442;
export const STUN_HEADER_BYTES = 20;
export const STUN_TRANSACTION_ID_BYTES = 12;
/** The one method that STUN itself defines, RFC 8489 §18.2. */
export const STUN_BINDING = 0x001;
/** Larger than any message that the engine or its server has a use for; bounds the work on others. */
export const MAX_STUN_BYTES = 1500;
const MAX_ATTRIBUTES = 64;
/** RFC 8489 §14.8 and §14.14: less than 128 characters, as UTF-8. */
const MAX_TEXT_BYTES = 763;

/** RFC 8489 §18.3 and, for OTHER-ADDRESS, RFC 5780 §7.4. */
export const StunAttributeType = {
  MappedAddress: 0x0001,
  Username: 0x0006,
  MessageIntegrity: 0x0008,
  ErrorCode: 0x0009,
  UnknownAttributes: 0x000a,
  Realm: 0x0014,
  Nonce: 0x0015,
  MessageIntegritySha256: 0x001c,
  PasswordAlgorithm: 0x001d,
  Userhash: 0x001e,
  XorMappedAddress: 0x0020,
  Software: 0x8022,
  Fingerprint: 0x8028,
  OtherAddress: 0x802c,
} as const;

/** Types below this must be understood by who receives them, RFC 8489 §14. */
const FIRST_OPTIONAL_TYPE = 0x8000;
const KNOWN_TYPES: ReadonlySet<number> = new Set(Object.values(StunAttributeType));

export type StunMessageClass = 'request' | 'indication' | 'success' | 'error';

const CLASSES = ['request', 'indication', 'success', 'error'] as const;

export interface StunAddress extends SocketAddress {
  readonly family: IpFamily;
}

export interface StunAttribute {
  readonly type: number;
  readonly value: Uint8Array;
}

/** A message that is well-formed; whether it is wanted is for the receiver to tell. */
export interface StunMessage {
  /** `STUN_BINDING`, or another method that the receiver does not serve. */
  readonly method: number;
  readonly messageClass: StunMessageClass;
  readonly transactionId: Uint8Array;
  /** XOR-MAPPED-ADDRESS, or MAPPED-ADDRESS of a server that knows RFC 3489 only. */
  readonly mappedAddress: StunAddress | null;
  /** A second address and port of the same server, RFC 5780 §7.4. */
  readonly otherAddress: StunAddress | null;
  readonly errorCode: { readonly code: number; readonly reason: string } | null;
  readonly software: string | null;
  readonly hasFingerprint: boolean;
  /** Types that must be understood and are not: a request with such is answered by error 420. */
  readonly unknownRequired: readonly number[];
  /** All attributes in their order, views into the message; those after MESSAGE-INTEGRITY left out. */
  readonly attributes: readonly StunAttribute[];
}

/**
 * Whether a datagram can be a STUN message, by its first 8 bytes and its length (RFC 8489 §5). What
 * the session sends looks like this by accident once in 2^48 packets.
 */
export function isStunMessage(packet: Uint8Array): boolean {
  return (
    packet.length >= STUN_HEADER_BYTES &&
    packet[0]! < 0x40 &&
    packet.length % 4 === 0 &&
    u16(packet, 2) === packet.length - STUN_HEADER_BYTES &&
    u16(packet, 4) * 0x1_0000 + u16(packet, 6) === STUN_MAGIC_COOKIE
  );
}

/**
 * Reads a message; parts are views into `packet`.
 * @returns null for anything malformed, also for a FINGERPRINT that is wrong or not the last attribute.
 */
export function decodeStunMessage(packet: Uint8Array): StunMessage | null {
  if (packet.length > MAX_STUN_BYTES || !isStunMessage(packet)) return null;
  const all = readAttributes(packet);
  if (all === null) return null;
  const fingerprintAt = all.findIndex(({ type }) => type === StunAttributeType.Fingerprint);
  const hasFingerprint = fingerprintAt >= 0;
  if (hasFingerprint && (fingerprintAt !== all.length - 1 || !hasValidFingerprint(packet))) {
    return null;
  }
  const attributes = integrityProtected(all);
  const transactionId = packet.subarray(8, STUN_HEADER_BYTES);
  // Of an attribute that appears twice only the first counts, RFC 8489 §14.
  const value = (wanted: number): Uint8Array | undefined =>
    attributes.find(({ type }) => type === wanted)?.value;

  const xorMapped = value(StunAttributeType.XorMappedAddress);
  const mapped = value(StunAttributeType.MappedAddress);
  const other = value(StunAttributeType.OtherAddress);
  const error = value(StunAttributeType.ErrorCode);
  const software = value(StunAttributeType.Software);
  const mappedAddress = xorMapped
    ? readAddress(xorMapped, packet.subarray(4, STUN_HEADER_BYTES))
    : mapped && readAddress(mapped);
  const otherAddress = other && readAddress(other);
  const errorCode = error && readErrorCode(error);
  if (mappedAddress === null || otherAddress === null || errorCode === null) return null;
  if (software && software.length > MAX_TEXT_BYTES) return null;

  const type = u16(packet, 0);
  return {
    method: (type & 0x000f) | ((type & 0x00e0) >> 1) | ((type & 0x3e00) >> 2),
    messageClass: CLASSES[((type & 0x0010) >> 4) | ((type & 0x0100) >> 7)]!,
    transactionId,
    mappedAddress: mappedAddress ?? null,
    otherAddress: otherAddress ?? null,
    errorCode: errorCode ?? null,
    software: software ? decodeUtf8(software) : null,
    hasFingerprint,
    unknownRequired: unknownRequired(attributes),
    attributes,
  };
}

/** @returns null when an attribute does not fit, or there are too many. */
function readAttributes(packet: Uint8Array): StunAttribute[] | null {
  const attributes: StunAttribute[] = [];
  for (let at = STUN_HEADER_BYTES; at < packet.length;) {
    if (attributes.length >= MAX_ATTRIBUTES) return null;
    const length = u16(packet, at + 2);
    const end = at + 4 + length;
    if (end > packet.length) return null;
    attributes.push({ type: u16(packet, at), value: packet.subarray(at + 4, end) });
    // Values are padded to four bytes; the message is, so the padding fits.
    at = end + (-length & 3);
  }
  return attributes;
}

/** What follows MESSAGE-INTEGRITY is not covered by it, and ignored but for these two (§14.5). */
function integrityProtected(attributes: readonly StunAttribute[]): StunAttribute[] {
  const { MessageIntegrity, MessageIntegritySha256, Fingerprint } = StunAttributeType;
  let isCovered = true;
  return attributes.filter(({ type }) => {
    const isKept = isCovered || type === MessageIntegritySha256 || type === Fingerprint;
    if (type === MessageIntegrity || type === MessageIntegritySha256) isCovered = false;
    return isKept;
  });
}

function unknownRequired(attributes: readonly StunAttribute[]): number[] {
  const unknown = attributes
    .map(({ type }) => type)
    .filter((type) => type < FIRST_OPTIONAL_TYPE && !KNOWN_TYPES.has(type));
  return [...new Set(unknown)];
}

/** @param mask the cookie and transaction id of a XOR-MAPPED-ADDRESS, RFC 8489 §14.1 and §14.2. */
function readAddress(value: Uint8Array, mask?: Uint8Array): StunAddress | null {
  const family: IpFamily = value[1] === 1 ? 'ipv4' : 'ipv6';
  if (value[1] !== 1 && value[1] !== 2) return null;
  if (value.length !== (family === 'ipv4' ? 8 : 20)) return null;
  const bytes = value.slice(4);
  if (mask) for (const at of bytes.keys()) bytes[at]! ^= mask[at]!;
  const port = u16(value, 2) ^ (mask ? u16(mask, 0) : 0);
  return isPort(port) ? { family, address: formatIpAddress(bytes), port } : null;
}

/** RFC 8489 §14.8. */
function readErrorCode(value: Uint8Array): { code: number; reason: string } | null {
  if (value.length < 4 || value.length > 4 + MAX_TEXT_BYTES) return null;
  const hundreds = value[2]! & 0x07;
  const rest = value[3]!;
  if (hundreds < 3 || hundreds > 6 || rest > 99) return null;
  return { code: hundreds * 100 + rest, reason: decodeUtf8(value.subarray(4)) };
}

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}
