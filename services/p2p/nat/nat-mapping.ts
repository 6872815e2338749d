import type { SocketAddress } from '../../host';

/**
 * How a NAT maps one local port towards different destinations (RFC 4787 §4.1, RFC 5780 §4.3):
 * always alike, by the destination's address, or by its address and port. `blocked` when no server
 * answered at all, `unknown` when too few did to tell.
 */
export type NatMapping =
  | 'endpoint-independent'
  | 'address-dependent'
  | 'address-and-port-dependent'
  | 'blocked'
  | 'unknown';

/** What one server saw. */
export interface NatObservation {
  readonly target: SocketAddress;
  readonly mapped: SocketAddress;
  /** Time from the first request to its answer, in ms; too long by a retransmission or more if one was lost. */
  readonly rttMs: number;
  /** A second address and port of that server, which would make the next probe more precise. */
  readonly otherAddress: SocketAddress | null;
}

export interface NatClassification {
  readonly mapping: NatMapping;
  /**
   * Whether the observations leave no other mapping open. Without a second address an
   * `endpoint-independent` NAT may be an address-dependent one, without a second port an
   * `address-dependent` one may depend on ports too.
   */
  readonly precise: boolean;
}

/** Tells the mapping from what servers at different addresses and ports saw of one local port. */
export function classifyMapping(observations: readonly NatObservation[]): NatClassification {
  const { compared: portsCompared, differs: byPort } = compare(
    observations,
    (a, b) => a.target.address === b.target.address,
  );
  const { compared: addressesCompared, differs: byAddress } = compare(
    observations,
    (a, b) => a.target.address !== b.target.address,
  );
  if (byPort) return { mapping: 'address-and-port-dependent', precise: true };
  if (byAddress) return { mapping: 'address-dependent', precise: portsCompared };
  if (portsCompared || addressesCompared) {
    return { mapping: 'endpoint-independent', precise: addressesCompared };
  }
  return { mapping: 'unknown', precise: false };
}

export function isSameSocketAddress(a: SocketAddress, b: SocketAddress): boolean {
  return a.port === b.port && a.address === b.address;
}

/** Whether any two observations that belong together were compared, and whether any two differ. */
function compare(
  observations: readonly NatObservation[],
  belongTogether: (a: NatObservation, b: NatObservation) => boolean,
): { readonly compared: boolean; readonly differs: boolean } {
  const pairs = observations.flatMap((a, at) =>
    observations
      .slice(at + 1)
      .filter((b) => belongTogether(a, b))
      .map((b) => [a, b] as const),
  );
  return {
    compared: pairs.length > 0,
    differs: pairs.some(([a, b]) => !isSameSocketAddress(a.mapped, b.mapped)),
  };
}
