import type { NatKind } from './nat-box';

/**
 * How two peers find each other: at the address a server has seen, at a port that only the peer itself
 * has seen (a peer-reflexive candidate), or not at all.
 */
export type PunchOutcome = 'direct' | 'reflexive' | 'none';

export const PUNCH_KINDS = [
  'none',
  'full',
  'address-restricted',
  'port-restricted',
  'symmetric',
] as const satisfies readonly NatKind[];

const OUTCOMES: Readonly<Record<(typeof PUNCH_KINDS)[number], readonly PunchOutcome[]>> = {
  none: ['direct', 'direct', 'direct', 'direct', 'reflexive'],
  full: ['direct', 'direct', 'direct', 'direct', 'reflexive'],
  'address-restricted': ['direct', 'direct', 'direct', 'direct', 'reflexive'],
  'port-restricted': ['direct', 'direct', 'direct', 'direct', 'none'],
  symmetric: ['reflexive', 'reflexive', 'reflexive', 'none', 'none'],
};

/** All pairs of NATs, with what hole punching comes to between them. */
export const PUNCH_MATRIX: readonly (readonly [NatKind, NatKind, PunchOutcome])[] =
  PUNCH_KINDS.flatMap((natA) =>
    PUNCH_KINDS.map((natB, column) => [natA, natB, OUTCOMES[natA][column]!] as const),
  );
