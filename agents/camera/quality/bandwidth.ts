import type { ResponseWriter } from '../../../services/p2p/http';

/** What a response offers whose transport measures its path. */
interface OffersBandwidth {
  /** What the path to the viewer carries, in bit per second; null while unknown. */
  readonly bandwidth?: () => number | null;
}

/** The path's estimate in bit per second; null where there is none. */
export function bandwidthOf(response: ResponseWriter & OffersBandwidth): number | null {
  const bps = response.bandwidth?.() ?? null;
  return bps !== null && Number.isFinite(bps) && bps > 0 ? bps : null;
}
