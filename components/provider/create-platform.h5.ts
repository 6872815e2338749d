import { createH5Host } from '@services/host/h5';
import { createP2PModule } from '@services/p2p/module';
import type { CreatePlatform } from './types';

/** The browser: our engine over WebSocket. */
export const createPlatform: CreatePlatform = () => {
  const host = createH5Host();
  const { clock, random, network } = host;
  return { clock, random, network, createModule: () => createP2PModule(host) };
};
