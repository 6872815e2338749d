export { Acceptor } from './acceptor';
export type { AcceptedInitial, AcceptorOptions, AcceptResult } from './acceptor';
export { equalBytes } from './bytes';
export { EventLog } from './event-log';
export type { LoggedEvent, SessionEvent } from './event-log';
export { keyPairOf, NOISE_KEY_BYTES } from './noise';
export type { KeyPair } from './noise';
export {
  CONNECTION_ID_BYTES,
  MAX_PACKET_BYTES,
  PacketType,
  readPacketHead,
  isOneRtt,
} from './packet';
export { IDLE_TIMEOUT_MS, Session } from './session';
export type { ConnectOptions } from './session';
export type {
  BandwidthEstimate,
  OutgoingPacket,
  PathSummary,
  SessionClose,
  SessionObserver,
  SessionStats,
} from './session-types';
export { connectionIdKey } from './connection-ids';
export type { PeerAddressBytes } from './frames';
export { PathTier } from './path';
export type { Route } from './path';
export { Stream, StreamPriority } from './stream';
export { TransportErrorCode } from './transport-error';
