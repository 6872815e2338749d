import type { ResponseWriter } from '../../../services/p2p/http';

/**
 * What the path to a viewer carries, in bit per second; null while nobody knows.
 * @param sentBps what is being sent: a path that was never filled carries that at the least.
 */
export function bandwidthOf(response: ResponseWriter, sentBps: number): number | null {
  const { rateBps, appLimited } = response.estimate();
  if (rateBps === null) return null;
  return appLimited ? Math.max(rateBps, sentBps) : rateBps;
}
