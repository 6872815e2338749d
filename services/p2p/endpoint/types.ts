import type { IotError } from '../../errors';
import type { RequestHandler } from '../http';
import type { EventLog } from '../session';

/** What a viewer must know of a camera to reach it. */
export interface PeerAddress {
  /** Static X25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Access secret, 16 bytes; who holds it may open a session. */
  readonly accessSecret: Uint8Array;
  /** `ws:` or `wss:` URL of the relay at which the camera registers. */
  readonly relayUrl: string;
}

export type PathState =
  /** Being set up; nothing has come through yet. */
  | 'connecting'
  /** Packets flow. */
  | 'up'
  /** Nothing comes through at present; the session waits for it. */
  | 'down';

/** How the session reaches its peer at present: the path that carries new data. */
export interface PathInfo {
  readonly kind: 'lan' | 'direct' | 'relay';
  readonly state: PathState;
  /** Why the path is down; null while it is not. */
  readonly reason: 'relay-unreachable' | 'peer-offline' | 'silent' | null;
  /** Smoothed round-trip time in ms, null before the first sample (RFC 9002 §5.3). */
  readonly rttMs: number | null;
  /** Share of the path's packets that were lost, 0 to 1; null before the first was sent. */
  readonly loss: number | null;
  /** When the state began, monotonic ms of the host's clock. */
  readonly sinceMs: number;
}

export interface ConnectionEvents {
  /** The session stands: the peer is who it should be, and we may talk to it. */
  onConnected(): void;
  /** The path's state has changed. */
  onPath(path: PathInfo): void;
  /** The end of the connection; null for a `close` of our own. Nothing follows. */
  onClosed(error: IotError | null): void;
}

export interface ListenOptions {
  readonly relayUrl: string;
  readonly accessSecret: Uint8Array;
  /** Sessions at once; further viewers are refused (default 64). */
  readonly maxSessions?: number;
  /** Handles each request of each viewer. */
  readonly onRequest: RequestHandler;
  /**
   * Whether a viewer may ask for bodies in the clear with `_crypto=off` (default true); where it may
   * not, they are sealed all the same. Nobody but the viewer can ask: its request is sealed.
   */
  readonly allowClear?: boolean;
  /** Tells how the registration at the relay stands. */
  readonly onRelay?: (state: 'connecting' | 'registered' | 'lost', detail: string) => void;
  /** Tells the number of open sessions after each change. */
  readonly onSessions?: (count: number) => void;
  /** The last open session of a viewer has ended; its static public key, as in its requests. */
  readonly onViewerGone?: (peerKey: Uint8Array) => void;
  /** Makes a log for each new session: it takes down why paths are chosen and packets sent again. */
  readonly createLog?: () => EventLog;
}

/** A camera's open door. */
export interface Listener {
  /** Ends all sessions and leaves the relay. */
  close(): void;
}
