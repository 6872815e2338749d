import { networkInterfaces } from 'node:os';
import type { NetworkInterfaceInfo } from 'node:os';
import type { Clock } from '../clock';
import { canonicalIpAddress } from '../ip-address';
import type { LocalAddress, NetworkEvent, NetworkMonitor } from '../network';
import { shareWatch } from '../share-watch';
import { backgroundClock } from './node-clock';

export interface NodeNetworkOptions {
  /** Runs the polls (default: real time, without keeping the process alive). */
  readonly clock?: Pick<Clock, 'setTimer'>;
  /** Time between two polls, in ms (default 250). */
  readonly intervalMs?: number;
  /** Reads the interfaces (default: those of the system). */
  readonly readInterfaces?: () => NodeJS.Dict<NetworkInterfaceInfo[]>;
}

/** A video stands still until a move is noticed; a look at the interfaces takes some 50 µs. */
const DEFAULT_INTERVAL_MS = 250;
/** A machine with more is a host of containers, none of whose addresses a peer can reach anyway. */
const MAX_ADDRESSES = 32;

/**
 * Watches a Node machine's addresses by polling, since Node offers no event; only while someone
 * listens. What kind of network an interface is on, Node does not tell.
 */
export function createNodeNetwork(options: NodeNetworkOptions = {}): NetworkMonitor {
  const { clock = backgroundClock, intervalMs = DEFAULT_INTERVAL_MS } = options;
  const read = options.readInterfaces ?? networkInterfaces;

  const watch = (emit: (event: NetworkEvent) => void): (() => void) => {
    let known = fingerprintOf(readAddresses(read) ?? []);
    const poll = (): void => {
      cancel = clock.setTimer(intervalMs, poll);
      const addresses = readAddresses(read);
      // Interfaces that cannot be read now are not interfaces that have gone.
      if (addresses === null) return;
      const now = fingerprintOf(addresses);
      if (now === known) return;
      known = now;
      emit({ kind: 'changed', type: addresses.length === 0 ? 'none' : 'unknown' });
    };
    let cancel = clock.setTimer(intervalMs, poll);
    return () => cancel();
  };

  return {
    subscribe: shareWatch(watch),
    localAddresses: async () => readAddresses(read) ?? [],
  };
}

/** @returns null when the system does not tell. */
function readAddresses(
  read: () => NodeJS.Dict<NetworkInterfaceInfo[]>,
): readonly LocalAddress[] | null {
  let interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>;
  try {
    interfaces = read();
  } catch {
    return null;
  }
  const addresses: LocalAddress[] = [];
  for (const info of Object.values(interfaces).flatMap((infos) => infos ?? [])) {
    if (info.internal) continue;
    // A zone id, and with it a link-local IPv6 address, means nothing on another machine.
    const address = canonicalIpAddress(info.address.replace(/%.*$/, ''));
    if (address === null || isLinkLocalV6(address)) continue;
    addresses.push({ family: info.family === 'IPv6' ? 'ipv6' : 'ipv4', address });
  }
  return addresses.slice(0, MAX_ADDRESSES);
}

/** fe80::/10, RFC 4291 §2.5.6. */
function isLinkLocalV6(address: string): boolean {
  return /^fe[89ab][\da-f]:/.test(address);
}

function fingerprintOf(addresses: readonly LocalAddress[]): string {
  return addresses
    .map(({ address }) => address)
    .sort()
    .join(' ');
}
