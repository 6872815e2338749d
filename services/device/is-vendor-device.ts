import { IotError } from '../errors';
import { decodeXp2pInfo } from '../p2p/module';

/** Whether an `xp2pInfo` is of a camera that speaks the vendor's closed protocol. */
export function isVendorDevice(xp2pInfo: string): boolean {
  try {
    decodeXp2pInfo(xp2pInfo);
    return false;
  } catch (error) {
    return error instanceof IotError && error.reason === 'vendor-device';
  }
}
