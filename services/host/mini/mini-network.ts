import type { Clock } from '../clock';
import { canonicalIpAddress, ipFamilyOf } from '../ip-address';
import type { LocalAddress, NetworkEvent, NetworkMonitor, NetworkType } from '../network';
import { shareWatch } from '../share-watch';
import type { MiniApi } from './mini-api';

type StatusResult = WechatMiniprogram.OnNetworkStatusChangeListenerResult;

const ADDRESS_TIMEOUT_MS = 2_000;

/**
 * The network and the life cycle of a mini-program: `wx.onNetworkStatusChange`, `wx.onAppHide` and
 * `wx.onAppShow`, each where the base library has it. A phone that moves from one Wi-Fi to another
 * may say nothing, since its kind of network stays the same.
 */
export function createMiniNetwork(wx: MiniApi, clock: Clock): NetworkMonitor {
  return {
    subscribe: shareWatch((emit) => watch(wx, clock, emit)),
    localAddresses: () => localAddresses(wx, clock),
  };
}

/** @returns what takes the listeners away again; where the host cannot, they fall silent. */
function watch(wx: MiniApi, clock: Clock, emit: (event: NetworkEvent) => void): () => void {
  let isWatching = true;
  let hiddenAtMs: number | null = null;

  const onStatus = (result: StatusResult): void => {
    if (isWatching) emit({ kind: 'changed', type: networkTypeOf(result) });
  };
  const onHide = (): void => {
    if (!isWatching || hiddenAtMs !== null) return;
    hiddenAtMs = clock.nowMs();
    emit({ kind: 'hidden' });
  };
  const onShow = (): void => {
    if (!isWatching || hiddenAtMs === null) return;
    const hiddenMs = clock.nowMs() - hiddenAtMs;
    hiddenAtMs = null;
    emit({ kind: 'shown', hiddenMs });
  };

  wx.onNetworkStatusChange?.(onStatus);
  wx.onAppHide?.(onHide);
  wx.onAppShow?.(onShow);
  return () => {
    isWatching = false;
    // Its typings have the listener take another argument than the one it is called with.
    wx.offNetworkStatusChange?.(onStatus as never);
    wx.offAppHide?.(onHide);
    wx.offAppShow?.(onShow);
  };
}

function networkTypeOf({ isConnected, networkType }: StatusResult): NetworkType {
  if (!isConnected) return 'none';
  // Alipay shouts: `WIFI`, `4G`.
  const type = String(networkType).toLowerCase();
  switch (type) {
    case 'wifi':
    case 'none':
      return type;
    case '2g':
    case '3g':
    case '4g':
    case '5g':
      return 'cellular';
    default:
      return 'unknown';
  }
}

/** `wx.getLocalIPAddress` (base library 2.20.1) tells one address; some phones that of another card. */
function localAddresses(wx: MiniApi, clock: Clock): Promise<readonly LocalAddress[]> {
  return new Promise((resolve) => {
    if (typeof wx.getLocalIPAddress !== 'function') return resolve([]);
    const finish = (addresses: readonly LocalAddress[]): void => {
      cancel();
      resolve(addresses);
    };
    const cancel = clock.setTimer(ADDRESS_TIMEOUT_MS, () => finish([]));
    try {
      wx.getLocalIPAddress({
        success: ({ localip }) => finish(usableAddress(localip)),
        fail: () => finish([]),
      });
    } catch {
      finish([]);
    }
  });
}

function usableAddress(text: unknown): readonly LocalAddress[] {
  const address = typeof text === 'string' ? canonicalIpAddress(text) : null;
  if (address === null || /^(127\.|0\.0\.0\.0$|::1?$|fe[89ab][\da-f]:)/.test(address)) return [];
  return [{ family: ipFamilyOf(address)!, address }];
}
