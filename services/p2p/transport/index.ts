export {
  MAX_RELAY_MESSAGE_BYTES,
  MAX_RELAY_PACKET_BYTES,
  PEER_KEY_BYTES,
  RELAY_NONCE_BYTES,
  RELAY_PROTOCOL_VERSION,
  RelayMessageType,
  RelayRefusal,
  decodeRelayMessage,
  encodeRelayMessage,
  relayAuthority,
  relayProof,
} from './relay-protocol';
export type { RelayMessage, RelayProofInput } from './relay-protocol';
export { RelayClient } from './relay-client';
export type { RelayClientEvents, RelayClientOptions } from './relay-client';
