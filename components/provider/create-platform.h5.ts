import { createH5Host } from '@services/host/h5';
import { createP2PModule } from '@services/p2p/module';
import type { IotVideoPlatform } from './types';

/** The browser: our engine over WebSocket. */
export function createPlatform(): IotVideoPlatform {
  const host = createH5Host();
  const { clock, random } = host;
  return { clock, random, createModule: () => createP2PModule(host) };
}
