import { createWeappClock, createWeappHost } from '@services/host/weapp';
import type { WeappApi } from '@services/host/weapp';
import { createP2PModule } from '@services/p2p/module';
import type { IotVideoPlatform } from './types';

declare const wx: WeappApi;

/** WeChat: our engine over UDP and WebSocket. */
export function createPlatform(): IotVideoPlatform {
  return {
    clock: createWeappClock(),
    // Spreads retries only; nothing secret is made of it here.
    random: { bytes: (length) => Uint8Array.from({ length }, () => Math.random() * 256) },
    createModule: async () => createP2PModule(await createWeappHost(wx)),
  };
}
