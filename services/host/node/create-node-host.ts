import type { Host } from '../host';
import { createFileStorage } from './file-storage';
import { createMemoryStorage } from './memory-storage';
import { nodeClock } from './node-clock';
import { createNodeCrypto } from './node-crypto';
import { createNodeNetwork } from './node-network';
import { nodeRandom } from './node-random';
import { createOpenUdpSocket } from './node-udp-socket';
import { createOpenWebSocket } from './node-web-socket';
import type { NodeWebSocketOptions } from './node-web-socket';

export interface NodeHostOptions {
  /** Where stored values are kept; without it they live as long as the process. */
  readonly storageFile?: string;
  readonly webSocket?: NodeWebSocketOptions;
}

/** What the engine needs, as a Node process offers it. */
export function createNodeHost(options: NodeHostOptions = {}): Required<Host> {
  return {
    clock: nodeClock,
    random: nodeRandom,
    storage:
      options.storageFile === undefined
        ? createMemoryStorage()
        : createFileStorage(options.storageFile),
    openWebSocket: createOpenWebSocket(options.webSocket),
    openUdpSocket: createOpenUdpSocket(),
    network: createNodeNetwork(),
    crypto: createNodeCrypto(),
  };
}
