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
}

/** Counters since the session began. */
export interface SessionStats {
  readonly packetsSent: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly rttMs: number | null;
}
