import type { IncomingRequest } from '../../services/p2p/http';

/** Who asks: the same for all requests of one viewer. */
export function peerName({ peerKey }: Pick<IncomingRequest, 'peerKey'>): string {
  return Buffer.from(peerKey).toString('hex');
}
