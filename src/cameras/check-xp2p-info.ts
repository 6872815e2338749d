import { IotError, XP2PErrorCode } from '@services/errors';

/**
 * Hosts without an engine cannot reach any camera.
 * @throws IotError -2404, always.
 */
export function checkXp2pInfo(_xp2pInfo: string): void {
  throw new IotError({
    code: XP2PErrorCode.HostUnsupported,
    phase: 'connect',
    reason: 'host-unsupported',
    message: 'no p2p engine for this host',
    retryable: false,
  });
}
