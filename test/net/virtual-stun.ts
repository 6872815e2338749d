import type { IpFamily, SocketAddress, UdpSocket } from '../../services/host';
import {
  STUN_BINDING,
  decodeStunMessage,
  encodeBindingSuccess,
  isStunMessage,
} from '../../services/p2p/nat';
import type { VirtualAccess } from './virtual-access';
import type { VirtualNetwork } from './virtual-network';

/** Tells what a server at two addresses answers; null for what it ignores. */
export type StunAnswerer = (
  packet: Uint8Array,
  from: SocketAddress,
  /** Where the server is as well, at another address and another port. */
  other: SocketAddress,
) => Uint8Array | null;

/** Servers that tell who asks which address they are seen with: two addresses with two ports each. */
export interface VirtualStun {
  readonly ipv4: readonly SocketAddress[];
  readonly ipv6: readonly SocketAddress[];
  /** Where the two addresses are. */
  readonly accesses: readonly VirtualAccess[];
  readonly counters: { answered: number; ignored: number };
  /** Whether they answer; a test may turn them off. */
  answers: boolean;
}

const PORTS = [3478, 3479] as const;

/** A Binding request (RFC 8489 §6.3.1) is answered, with the server's other address (RFC 5780 §7.4). */
export const stunAnswer: StunAnswerer = (packet, mappedAddress, otherAddress) => {
  const request = isStunMessage(packet) ? decodeStunMessage(packet) : null;
  if (request?.messageClass !== 'request' || request.method !== STUN_BINDING) return null;
  const { transactionId, hasFingerprint: fingerprint } = request;
  return encodeBindingSuccess({ transactionId, fingerprint, mappedAddress, otherAddress });
};

/** Puts STUN servers into a network; each answers from the address and port that was asked. */
export function addStunServers(
  network: VirtualNetwork,
  answer: StunAnswerer = stunAnswer,
): VirtualStun {
  const accesses = [1, 2].map(() => network.addAccess({ ipv6: 'open' }));
  const hosts = accesses.map((access) => network.addHost({ access }));
  const addresses: Record<IpFamily, SocketAddress[]> = { ipv4: [], ipv6: [] };
  const counters = { answered: 0, ignored: 0 };
  const stun: VirtualStun = { ...addresses, accesses, counters, answers: true };

  for (const family of ['ipv4', 'ipv6'] as const) {
    const places = hosts.flatMap((host) =>
      PORTS.map((port) => ({ host, port, address: host.addresses[family]! })),
    );
    for (const { host, port, address } of places) {
      const { address: otherAddress, port: otherPort } = places.find(
        (place) => place.address !== address && place.port !== port,
      )!;
      const other = { address: otherAddress, port: otherPort };
      const socket: UdpSocket = host.openUdpSocketAt(family, port, {
        onBound: () => undefined,
        onMessage: (packet, from) => {
          const response = stun.answers ? answer(packet, from, other) : null;
          counters[response === null ? 'ignored' : 'answered']++;
          if (response !== null) socket.send(response, from);
        },
        onError: (detail) => {
          throw new Error(`a STUN server has no socket: ${detail}`);
        },
      });
      addresses[family].push({ address, port });
    }
  }
  return stun;
}
