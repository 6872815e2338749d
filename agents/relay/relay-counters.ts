export const DROP_REASONS = ['unknown-destination', 'rate', 'back-pressure'] as const;
export type DropReason = (typeof DROP_REASONS)[number];

export const REFUSE_REASONS = [
  'bad-proof',
  'bad-message',
  'too-large',
  'too-many-peers',
  'too-many-sockets',
  'too-many-per-address',
  'superseded',
  'shutting-down',
  'no-proof',
  'silent',
] as const;
export type RefuseReason = (typeof REFUSE_REASONS)[number];

export const STUN_IGNORE_REASONS = ['not-stun', 'not-a-request', 'rate'] as const;
export type StunIgnoreReason = (typeof STUN_IGNORE_REASONS)[number];

const zeros = <Reason extends string>(reasons: readonly Reason[]): Record<Reason, number> =>
  Object.fromEntries(reasons.map((reason) => [reason, 0])) as Record<Reason, number>;

/** What a relay has done since it started. */
export class RelayCounters {
  peers = 0;
  sockets = 0;
  packetsForwarded = 0;
  /** Bytes of packets without the relay's own framing. */
  bytesForwarded = 0;
  readonly dropped = zeros(DROP_REASONS);
  readonly refused = zeros(REFUSE_REASONS);
  /** Binding requests answered with the address they came from. */
  stunAnswered = 0;
  /** Binding requests answered with an error, since they ask for what this server does not do. */
  stunRefused = 0;
  readonly stunIgnored = zeros(STUN_IGNORE_REASONS);
}
