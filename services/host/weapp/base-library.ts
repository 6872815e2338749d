import { IotError, XP2PErrorCode } from '../../errors';
import type { WeappApi } from './weapp-api';

/** The least base library for each way of watching (guide, "基础库版本"). */
export const BaseLibrary = {
  /** One viewer and one camera. */
  OneToOne: '2.19.3',
  /** Viewers that share a stream: requests answered in chunks. */
  OneToMany: '2.20.2',
} as const;

/**
 * Makes sure that the base library is as new as `wanted`; one that does not tell its version passes, and
 * what it lacks shows where it is used.
 * @throws IotError -2404 `host-outdated`, not retryable: the user has to update WeChat.
 */
export function requireBaseLibrary(wx: WeappApi, wanted: string): void {
  const version = baseLibraryOf(wx);
  if (version === null || isAtLeast(version, wanted)) return;
  throw new IotError({
    code: XP2PErrorCode.HostUnsupported,
    phase: 'init',
    reason: 'host-outdated',
    message: `base library ${version} is older than ${wanted}: WeChat has to be updated`,
    retryable: false,
  });
}

function baseLibraryOf(wx: WeappApi): string | null {
  try {
    const { SDKVersion } = wx.getAppBaseInfo?.() ?? wx.getSystemInfoSync?.() ?? {};
    return typeof SDKVersion === 'string' && /^\d+(\.\d+)*$/.test(SDKVersion) ? SDKVersion : null;
  } catch {
    return null;
  }
}

function isAtLeast(version: string, wanted: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [at, least] of wanted.split('.').map(Number).entries()) {
    const part = parts[at] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
