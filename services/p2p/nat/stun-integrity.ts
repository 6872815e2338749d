import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { equalBytes } from '../session';

const HEADER_BYTES = 20;
const MESSAGE_INTEGRITY = 0x0008;
const MAC_BYTES = 20;
/** Type 2 · length 2 · CRC 4. */
export const FINGERPRINT_BYTES = 8;
/** RFC 8489 §14.7: keeps the value apart from a CRC that the application may carry itself. */
const FINGERPRINT_MASK = 0x5354_554e;

/**
 * The value of the FINGERPRINT attribute (RFC 8489 §14.7).
 * @param message the message up to that attribute, with a header that counts it in.
 */
export function fingerprintOf(message: Uint8Array): number {
  return (crc32(message) ^ FINGERPRINT_MASK) >>> 0;
}

/** @param packet a whole message whose last attribute is FINGERPRINT. */
export function hasValidFingerprint(packet: Uint8Array): boolean {
  const at = packet.length - FINGERPRINT_BYTES;
  if (at < HEADER_BYTES || u16(packet, at + 2) !== FINGERPRINT_BYTES - 4) return false;
  const found = u16(packet, at + 4) * 0x1_0000 + u16(packet, at + 6);
  return found === fingerprintOf(packet.subarray(0, at));
}

/**
 * Checks MESSAGE-INTEGRITY, HMAC-SHA1 (RFC 8489 §14.5).
 * @param packet a whole message that `decodeStunMessage` accepts.
 * @param key the password for short-term credentials (§9.1.1); for long-term ones, MD5 of username,
 *   realm and password (§9.2.2).
 */
export function verifyMessageIntegrity(packet: Uint8Array, key: Uint8Array): boolean {
  const at = findMessageIntegrity(packet);
  if (at === null) return false;
  const covered = packet.slice(0, at);
  // The header counts the attribute in, and nothing that follows it.
  const length = at + 4 + MAC_BYTES - HEADER_BYTES;
  covered[2] = length >>> 8;
  covered[3] = length & 0xff;
  return equalBytes(hmac(sha1, key, covered), packet.subarray(at + 4, at + 4 + MAC_BYTES));
}

function findMessageIntegrity(packet: Uint8Array): number | null {
  for (let at = HEADER_BYTES; at + 4 <= packet.length;) {
    const length = u16(packet, at + 2);
    if (u16(packet, at) === MESSAGE_INTEGRITY) {
      return length === MAC_BYTES && at + 4 + length <= packet.length ? at : null;
    }
    at += 4 + length + (-length & 3);
  }
  return null;
}

/** The CRC of ISO 3309; without a table, since messages are short and rare. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb8_8320 & -(crc & 1));
  }
  return ~crc >>> 0;
}

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}
