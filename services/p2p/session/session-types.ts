import type { PeerAddressBytes } from './frames';
import type { PathTier, Route } from './path';
import type { Stream } from './stream';

/** How a session ended. */
export type SessionClose =
  | { readonly kind: 'local' }
  | { readonly kind: 'peer'; readonly errorCode: number; readonly reason: string }
  | { readonly kind: 'refused'; readonly errorCode: number; readonly reason: string }
  | { readonly kind: 'handshake-timeout'; readonly answered: boolean }
  | { readonly kind: 'idle' }
  | { readonly kind: 'stateless-reset' }
  | { readonly kind: 'violation'; readonly errorCode: number; readonly reason: string };

export interface SessionObserver {
  /** Both sides hold the keys. */
  onConnected(): void;
  /** The peer opened a stream; its handlers must be set before this returns. */
  onStream(stream: Stream): void;
  /** The end; every stream has been told. Nothing follows. */
  onClosed(close: SessionClose): void;
  /** Something is to be sent: `nextPacket` should be called soon. */
  onWake(): void;
  /** An authentic packet came by this route. */
  onReceived?(route: Route, nowMs: number): void;
  /** The ids at which the session can be reached have changed; see `connectionIdKeys`. */
  onConnectionIds?(): void;
  /** Which tier a route is of that the peer has opened a path on (default: direct). */
  tierOf?(route: Route): PathTier;
  /** New data takes another path from now on. */
  onActivePath?(path: PathSummary): void;
  /** A path was given up. */
  onPathLost?(route: Route): void;
  /** A direct path has fallen silent: what either side is mapped to may be another by now. */
  onPathSilent?(): void;
  /** The peer probes this route. */
  onProbed?(route: Route): void;
  /** This route works both ways. */
  onProbeAnswered?(route: Route, rttMs: number): void;
  /** The peer's candidates have changed. */
  onPeerAddresses?(addresses: readonly PeerAddressBytes[]): void;
  /** The peer is about to punch: do so too. */
  onPunch?(round: number): void;
}

export interface PathSummary {
  readonly route: Route;
  readonly tier: PathTier;
  /** Whether it carries packets as far as we know. */
  readonly works: boolean;
  /** Smoothed round-trip time in ms, null before the first sample. */
  readonly rttMs: number | null;
  /** Packets sent on it, and lost. */
  readonly packetsSent: number;
  readonly packetsLost: number;
}

/** A packet and the way it is to take. */
export interface OutgoingPacket {
  readonly route: Route;
  readonly bytes: Uint8Array;
}

/** What the active path carries towards the peer, as far as acknowledgements have told. */
export interface BandwidthEstimate {
  /**
   * Payload the path delivers, in bits per second: the largest delivery rate of late, less the packets'
   * heads (draft-cheng-iccrg-delivery-rate-estimation). All streams of the session share it. Null until
   * the first data have been acknowledged, and after a change of paths.
   */
  readonly rateBps: number | null;
  /** There was too little to send to find out: the path may carry more than `rateBps`. */
  readonly appLimited: boolean;
  /** Smoothed round-trip time in ms, null before the first sample (RFC 9002 §5.3). */
  readonly rttMs: number | null;
  /** The smallest round trip of the path in ms; what `rttMs` exceeds it by waits in queues. */
  readonly minRttMs: number | null;
}

/** Counters since the session began. */
export interface SessionStats {
  readonly packetsSent: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Round trip of the active path in ms, null before the first sample. */
  readonly rttMs: number | null;
}
