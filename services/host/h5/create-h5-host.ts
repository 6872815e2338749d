import type { Host } from '../host';
import { createH5Clock } from './h5-clock';
import { createH5Network } from './h5-network';
import { createH5Random } from './h5-random';
import { createH5Storage } from './h5-storage';
import { openH5WebSocket } from './h5-web-socket';

/** A browser as the engine's host. No global is touched before one of its members is used. */
export function createH5Host(): Host {
  const clock = createH5Clock();
  return {
    clock,
    random: createH5Random(),
    storage: createH5Storage(),
    openWebSocket: openH5WebSocket,
    network: createH5Network(clock),
  };
}
