import { ipFamilyOf } from '../../services/host';
import type { SocketAddress } from '../../services/host';
import {
  STUN_BINDING,
  decodeStunMessage,
  encodeBindingError,
  encodeBindingSuccess,
  isStunMessage,
} from '../../services/p2p/nat';
import type { BindingSuccess, StunMessage } from '../../services/p2p/nat';
import type { StunIgnoreReason } from './relay-counters';

export interface StunAnswer {
  readonly kind: 'success' | 'error';
  readonly packet: Uint8Array;
}

/** An answer may be this many times its request, both as packets with their IP and UDP headers. */
const MAX_AMPLIFICATION = 1.5;
const UDP_HEADER_BYTES = 8;
const IP_HEADER_BYTES = { ipv4: 20, ipv6: 40 };
const UNKNOWN_ATTRIBUTE = 420;
/** So many unknown types are named; a request with more gets the error all the same. */
const MAX_UNKNOWN_NAMED = 4;

/** @returns a Binding request, or why the datagram is to be ignored. */
export function readStunRequest(packet: Uint8Array): StunMessage | StunIgnoreReason {
  if (!isStunMessage(packet)) return 'not-stun';
  const message = decodeStunMessage(packet);
  return message?.messageClass === 'request' && message.method === STUN_BINDING
    ? message
    : 'not-a-request';
}

/**
 * Answers a Binding request (RFC 8489 §6.3.1) with the address it came from, and with nothing that it
 * did not ask for: since that address can be forged, an answer must be no weapon. FINGERPRINT comes
 * back if the request has one; OTHER-ADDRESS is left out where the answer would be more than 1.5 times
 * the request. The bare answer to the shortest request is 1.25 times it on IPv4, 1.36 on IPv6.
 * @param requestBytes size of the request without IP and UDP headers.
 * @returns null when the source is no IP address.
 */
export function answerStunRequest(
  request: StunMessage,
  requestBytes: number,
  from: SocketAddress,
  otherAddress?: SocketAddress,
): StunAnswer | null {
  // A link-local address has a zone, which is ours and not the client's.
  const address = from.address.replace(/%.*$/, '');
  const family = ipFamilyOf(address);
  if (family === null) return null;
  const common = {
    transactionId: request.transactionId,
    fingerprint: request.hasFingerprint,
  };
  if (request.unknownRequired.length > 0) {
    const unknownAttributes = request.unknownRequired.slice(0, MAX_UNKNOWN_NAMED);
    return {
      kind: 'error',
      packet: encodeBindingError({ ...common, code: UNKNOWN_ATTRIBUTE, unknownAttributes }),
    };
  }
  const headerBytes = IP_HEADER_BYTES[family] + UDP_HEADER_BYTES;
  const maxBytes = MAX_AMPLIFICATION * (requestBytes + headerBytes) - headerBytes;
  const bare: BindingSuccess = { ...common, mappedAddress: { address, port: from.port } };
  const full = otherAddress && encodeBindingSuccess({ ...bare, otherAddress });
  const fits = full !== undefined && full.length <= maxBytes;
  return { kind: 'success', packet: fits ? full : encodeBindingSuccess(bare) };
}
