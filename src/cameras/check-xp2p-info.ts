import { decodeXp2pInfo } from '@services/p2p/module';

/** @throws IotError when the xp2pInfo is malformed, too old, or of a vendor's camera. */
export function checkXp2pInfo(xp2pInfo: string): void {
  decodeXp2pInfo(xp2pInfo);
}
