import type { Host } from '../host';
import type { WeappApi } from './weapp-api';
import { createWeappClock } from './weapp-clock';
import { createWeappNetwork } from './weapp-network';
import { createWeappRandom } from './weapp-random';
import { createWeappStorage } from './weapp-storage';
import { createOpenUdpSocket } from './weapp-udp-socket';
import { createOpenWebSocket } from './weapp-web-socket';

/**
 * A WeChat mini-program as the engine's host. What the base library lacks, the host lacks; only a
 * secure random source must be there. It is asynchronous because that source is.
 * @param wx the mini-program's global of that name.
 * @throws IotError -2404 when `wx.getRandomValues` is missing or does not answer.
 */
export async function createWeappHost(wx: WeappApi): Promise<Host> {
  const clock = createWeappClock();
  const random = await createWeappRandom(wx, clock);
  const { connectSocket, createUDPSocket } = wx;
  return {
    clock,
    random,
    storage: createWeappStorage(wx),
    network: createWeappNetwork(wx, clock),
    ...(typeof connectSocket === 'function' && {
      openWebSocket: createOpenWebSocket((option) => connectSocket.call(wx, option), clock),
    }),
    ...(typeof createUDPSocket === 'function' && {
      openUdpSocket: createOpenUdpSocket((type) => createUDPSocket.call(wx, type)),
    }),
  };
}
