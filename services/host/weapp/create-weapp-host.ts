import type { Host } from '../host';
import { createMiniHost } from '../mini';
import { BaseLibrary, requireBaseLibrary } from './base-library';
import type { WeappApi } from './weapp-api';

/**
 * A WeChat mini-program as the engine's host.
 * @param wx the mini-program's global of that name.
 * @throws IotError -2404 `host-outdated` below base library 2.19.3, `host-unsupported` when
 * `wx.getRandomValues` is missing or does not answer.
 */
export async function createWeappHost(wx: WeappApi): Promise<Host> {
  requireBaseLibrary(wx, BaseLibrary.OneToOne);
  return createMiniHost(wx, { name: 'wx' });
}
