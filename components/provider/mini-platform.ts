import type { Host } from '@services/host';
import { createMiniClock } from '@services/host/mini';
import { createP2PModule } from '@services/p2p/module';
import { lateNetwork } from './late-network';
import type { IotVideoPlatform } from './types';

/** A mini-program: our engine on what its host offers. */
export function miniPlatform(createHost: () => Promise<Host>): IotVideoPlatform {
  let made: Promise<Host> | null = null;
  /** Made once; again after a failure. */
  const host = (): Promise<Host> => {
    made ??= createHost().catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
  return {
    clock: createMiniClock(),
    // Spreads retries only; nothing secret is made of it here.
    random: { bytes: (length) => Uint8Array.from({ length }, () => Math.random() * 256) },
    network: lateNetwork(host),
    createModule: async () => createP2PModule(await host()),
  };
}
