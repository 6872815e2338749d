import type { Host, SocketAddress, UdpSocketEvents } from '../../services/host';
import { addressKey } from './datagram';

/** What passed between a host and one address, in datagrams and bytes of their payload. */
export interface Traffic {
  received: number;
  receivedBytes: number;
  sent: number;
  sentBytes: number;
  largestSent: number;
  /** First bytes of what was sent: packet type and connection id, in hex. */
  readonly heads: Set<string>;
}

/**
 * Stands at a host's network card: sees every datagram, lets it pass, drops it or copies it, and sends
 * to the host from whatever address it likes.
 */
export class PathAttacker {
  /** Called for what arrives; the datagram passes where this returns true (default: all). */
  onArriving: (packet: Uint8Array, from: SocketAddress) => boolean = () => true;
  /** Called for what the host sends; it goes on to its destination where this returns true. */
  onLeaving: (packet: Uint8Array, to: SocketAddress) => boolean = () => true;
  private readonly traffic = new Map<string, Traffic>();
  private events: UdpSocketEvents | null = null;

  /** The host as its applications see it, with the attacker in between; IPv4 only. */
  tap(host: Host): Host {
    const { openUdpSocket } = host;
    return {
      ...host,
      openUdpSocket: (family, events) => {
        if (family === 'ipv4') this.events = events;
        const socket = openUdpSocket!(family, {
          ...events,
          onMessage: (packet, from) => {
            if (this.onArriving(packet, from)) this.inject(packet, from);
          },
        });
        return {
          family,
          send: (packet, to) => {
            this.count(packet, to);
            if (this.onLeaving(packet, to)) socket.send(packet, to);
          },
          close: () => socket.close(),
          get localPort() {
            return socket.localPort;
          },
        };
      },
    };
  }

  /** Hands the host a datagram that seems to come from an address. */
  inject(packet: Uint8Array, from: SocketAddress): void {
    const traffic = this.of(from);
    traffic.received++;
    traffic.receivedBytes += packet.length;
    this.events?.onMessage(packet.slice(), from);
  }

  of(address: SocketAddress): Traffic {
    const key = addressKey(address);
    let traffic = this.traffic.get(key);
    if (traffic === undefined) {
      const nothing = { received: 0, receivedBytes: 0, sent: 0, sentBytes: 0, largestSent: 0 };
      traffic = { ...nothing, heads: new Set() };
      this.traffic.set(key, traffic);
    }
    return traffic;
  }

  private count(packet: Uint8Array, to: SocketAddress): void {
    const traffic = this.of(to);
    traffic.sent++;
    traffic.sentBytes += packet.length;
    traffic.largestSent = Math.max(traffic.largestSent, packet.length);
    traffic.heads.add(Buffer.from(packet.subarray(0, 9)).toString('hex'));
  }
}
