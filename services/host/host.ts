import type { Clock } from './clock';
import type { Crypto } from './crypto';
import type { Random } from './random';
import type { KeyValueStorage } from './storage';
import type { NetworkMonitor } from './network';
import type { OpenUdpSocket } from './udp-socket';
import type { OpenWebSocket } from './web-socket';

/** What the engine needs of the place it runs in. Optional members are features a host may lack. */
export interface Host {
  readonly clock: Clock;
  readonly random: Random;
  readonly storage: KeyValueStorage;
  readonly openWebSocket?: OpenWebSocket;
  readonly openUdpSocket?: OpenUdpSocket;
  readonly network?: NetworkMonitor;
  /** Faster primitives than `nobleCrypto`, which stands in for it. */
  readonly crypto?: Crypto;
}
