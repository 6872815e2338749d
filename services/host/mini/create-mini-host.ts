import type { Host } from '../host';
import type { MiniApi } from './mini-api';
import { createMiniClock } from './mini-clock';
import { createMiniNetwork } from './mini-network';
import { createMiniRandom } from './mini-random';
import type { Entropy } from './mini-random';
import { createMiniStorage } from './mini-storage';
import { createOpenUdpSocket } from './mini-udp-socket';
import { createOpenWebSocket } from './mini-web-socket';

export interface MiniHostOptions {
  /** The global's name, for error messages: `wx`, `tt` … */
  readonly name: string;
  /** Seeds the generator where the host has no secure random source of its own; see `Entropy`. */
  readonly entropy?: Entropy;
}

/**
 * A mini-program as the engine's host, by an API like WeChat's. What the host lacks is left out; only a
 * secure random source must be there. It is asynchronous because that source is.
 * @throws IotError -2404 when there is no secure random source, or it does not answer.
 */
export async function createMiniHost(api: MiniApi, options: MiniHostOptions): Promise<Host> {
  const clock = createMiniClock();
  const random = await createMiniRandom(api, clock, options);
  const { connectSocket, createUDPSocket } = api;
  return {
    clock,
    random,
    storage: createMiniStorage(api),
    network: createMiniNetwork(api, clock),
    ...(typeof connectSocket === 'function' && {
      openWebSocket: createOpenWebSocket((option) => connectSocket.call(api, option), clock),
    }),
    ...(typeof createUDPSocket === 'function' && {
      openUdpSocket: createOpenUdpSocket((type) => createUDPSocket.call(api, type)),
    }),
  };
}
