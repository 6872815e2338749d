/** What a relay lets its peers do. */
export interface RelayLimits {
  /** Registered peers (default 10 000). */
  readonly maxPeers: number;
  /** Sockets that have not proven their key yet (default 256). */
  readonly maxUnproven: number;
  /** Sockets per network address, 0 for no limit (default 256). */
  readonly maxPerAddress: number;
  /** How long a new socket may take to prove its key, in ms (default 5 000). */
  readonly proofTimeoutMs: number;
  /** Bytes that may wait for a slow peer before packets to it are dropped (default 1 MiB). */
  readonly maxQueueBytes: number;
  /** Bytes per second from one peer (default 12 500 000, which is 100 Mbit/s). */
  readonly maxBytesPerS: number;
  /** Messages per second from one peer (default 25 000). */
  readonly maxMessagesPerS: number;
  /** Time between keep-alives, in whole seconds (default 15). */
  readonly keepAliveS: number;
  /** Keep-alives that may go unanswered (default 3). */
  readonly maxMissedKeepAlives: number;
}

export const DEFAULT_RELAY_LIMITS: RelayLimits = {
  maxPeers: 10_000,
  maxUnproven: 256,
  maxPerAddress: 256,
  proofTimeoutMs: 5_000,
  maxQueueBytes: 1024 * 1024,
  maxBytesPerS: 12_500_000,
  maxMessagesPerS: 25_000,
  keepAliveS: 15,
  maxMissedKeepAlives: 3,
};
