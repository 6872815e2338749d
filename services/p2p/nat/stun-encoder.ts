import { encodeUtf8 } from '../../encoding';
import { parseIpAddress } from '../../host';
import type { SocketAddress } from '../../host';
import {
  STUN_BINDING,
  STUN_HEADER_BYTES,
  STUN_MAGIC_COOKIE,
  STUN_TRANSACTION_ID_BYTES,
  StunAttributeType,
} from './stun';
import { FINGERPRINT_BYTES, fingerprintOf } from './stun-integrity';

/** Bits of the class in the message type, RFC 8489 §5. */
const SUCCESS = 0x0100;
const ERROR = 0x0110;
/** RFC 8489 §14.14: less than 128 characters. */
const MAX_TEXT_CHARACTERS = 127;

interface Common {
  /** 12 random bytes; a response repeats the request's. */
  readonly transactionId: Uint8Array;
  /** Name and version of the program, less than 128 characters. */
  readonly software?: string;
  /** Whether FINGERPRINT ends the message (default false). */
  readonly fingerprint?: boolean;
}

export type BindingRequest = Common;

export interface BindingSuccess extends Common {
  /** Where the request came from. */
  readonly mappedAddress: SocketAddress;
  /** A second address and port of the server, RFC 5780 §7.4. */
  readonly otherAddress?: SocketAddress;
}

export interface BindingError extends Common {
  /** 300 to 699, RFC 8489 §14.8. */
  readonly code: number;
  readonly reason?: string;
  /** For code 420: what was not understood. */
  readonly unknownAttributes?: readonly number[];
}

/** A Binding request, RFC 8489 §6.1. */
export function encodeBindingRequest(request: BindingRequest): Uint8Array {
  return message(STUN_BINDING, request, []);
}

/** A Binding success response, RFC 8489 §6.3.1.1. @throws RangeError for what is no IP address. */
export function encodeBindingSuccess(response: BindingSuccess): Uint8Array {
  const { transactionId, mappedAddress, otherAddress } = response;
  const mask = header(0, transactionId, 0).subarray(4);
  const attributes = [
    attribute(StunAttributeType.XorMappedAddress, addressValue(mappedAddress, mask)),
  ];
  if (otherAddress) {
    attributes.push(attribute(StunAttributeType.OtherAddress, addressValue(otherAddress)));
  }
  return message(STUN_BINDING | SUCCESS, response, attributes);
}

/** A Binding error response, RFC 8489 §6.3.1.2. */
export function encodeBindingError(response: BindingError): Uint8Array {
  const { code, reason = '', unknownAttributes = [] } = response;
  if (!Number.isInteger(code) || code < 300 || code > 699) throw new RangeError('no error code');
  const text = textValue(reason);
  const value = new Uint8Array(4 + text.length);
  value[2] = Math.floor(code / 100);
  value[3] = code % 100;
  value.set(text, 4);
  const attributes = [attribute(StunAttributeType.ErrorCode, value)];
  if (unknownAttributes.length > 0) {
    const types = Uint8Array.from(unknownAttributes.flatMap((type) => [type >>> 8, type & 0xff]));
    attributes.push(attribute(StunAttributeType.UnknownAttributes, types));
  }
  return message(STUN_BINDING | ERROR, response, attributes);
}

function message(type: number, common: Common, attributes: readonly Uint8Array[]): Uint8Array {
  const { transactionId, software, fingerprint = false } = common;
  const parts = [...attributes];
  if (software !== undefined) {
    parts.push(attribute(StunAttributeType.Software, textValue(software)));
  }
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const tail = fingerprint ? FINGERPRINT_BYTES : 0;
  const packet = new Uint8Array(STUN_HEADER_BYTES + length + tail);
  packet.set(header(type, transactionId, length + tail));
  let at = STUN_HEADER_BYTES;
  for (const part of parts) {
    packet.set(part, at);
    at += part.length;
  }
  if (fingerprint) {
    const value = new Uint8Array(4);
    writeU32(value, 0, fingerprintOf(packet.subarray(0, at)));
    packet.set(attribute(StunAttributeType.Fingerprint, value), at);
  }
  return packet;
}

function header(type: number, transactionId: Uint8Array, length: number): Uint8Array {
  if (transactionId.length !== STUN_TRANSACTION_ID_BYTES) {
    throw new RangeError('a transaction id has 12 bytes');
  }
  const bytes = new Uint8Array(STUN_HEADER_BYTES);
  writeU16(bytes, 0, type);
  writeU16(bytes, 2, length);
  writeU32(bytes, 4, STUN_MAGIC_COOKIE);
  bytes.set(transactionId, 8);
  return bytes;
}

function attribute(type: number, value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + value.length + (-value.length & 3));
  writeU16(bytes, 0, type);
  writeU16(bytes, 2, value.length);
  bytes.set(value, 4);
  return bytes;
}

/** RFC 8489 §14.1, and §14.2 with a mask. */
function addressValue({ address, port }: SocketAddress, mask?: Uint8Array): Uint8Array {
  const ip = parseIpAddress(address);
  if (ip === null) throw new RangeError(`"${address}" is no IP address`);
  const value = new Uint8Array(4 + ip.length);
  value[1] = ip.length === 4 ? 1 : 2;
  writeU16(value, 2, mask ? port ^ ((mask[0]! << 8) | mask[1]!) : port);
  for (const [at, byte] of ip.entries()) value[4 + at] = byte ^ (mask?.[at] ?? 0);
  return value;
}

function textValue(text: string): Uint8Array {
  if ([...text].length > MAX_TEXT_CHARACTERS) throw new RangeError('text too long');
  return encodeUtf8(text);
}

function writeU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

function writeU32(bytes: Uint8Array, at: number, value: number): void {
  writeU16(bytes, at, value >>> 16);
  writeU16(bytes, at + 2, value);
}
