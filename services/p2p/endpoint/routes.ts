import { formatIpAddress, formatSocketAddress, ipFamilyOf, parseIpAddress } from '../../host';
import type { CancelTimer, Host, IpFamily, SocketAddress, UdpSocket } from '../../host';
import { PathTier } from '../session';
import type { PeerAddressBytes, Route } from '../session';

/**
 * Routes remembered at once. Beyond it those that no path takes are forgotten, the ones not used for
 * the longest time first: whoever sends from a thousand addresses must not make us forget a viewer's.
 */
const MAX_ROUTES = 1024;
/** A socket that failed is opened anew after this long, ms. */
const REOPEN_MS = 1000;

interface Destination {
  readonly address: SocketAddress;
  readonly family: IpFamily;
}

export interface UdpRoutesEvents {
  /** One datagram. The bytes belong to the callee. */
  onDatagram(packet: Uint8Array, from: SocketAddress, family: IpFamily): void;
  /** A socket that could be used has ended; it is made anew by itself. */
  onSocketFailed(family: IpFamily, detail: string): void;
  /** Whether a path takes this route: it is not forgotten then. */
  isUsed(route: Route): boolean;
  /** The sockets that can be used, or their ports, have changed. */
  onSockets(): void;
}

/**
 * The endpoint's UDP sockets, one per address family, and the routes over them: a route is a remote
 * transport address. Where the host has no UDP there are none.
 */
export class UdpRoutes {
  private readonly host: Host;
  private readonly events: UdpRoutesEvents;
  private readonly sockets = new Map<IpFamily, UdpSocket>();
  private readonly bound = new Set<IpFamily>();
  /** Oldest use first. */
  private readonly routeOf = new Map<string, Route>();
  private readonly destinations = new Map<Route, Destination>();
  /** The route used last, by the text of its address. */
  private latest: { readonly ip: string; readonly port: number; readonly route: Route } | null =
    null;
  private nextRoute: Route;
  private opened = false;
  private readonly reopening = new Map<IpFamily, CancelTimer>();

  /** @param firstRoute numbers below it are the caller's. */
  constructor(host: Host, firstRoute: Route, events: UdpRoutesEvents) {
    this.host = host;
    this.events = events;
    this.nextRoute = firstRoute;
  }

  get isOpen(): boolean {
    return this.opened;
  }

  /** Opens a socket per address family; `onSockets` tells of each that can be used. */
  open(): void {
    this.opened = true;
    this.openSocket('ipv4');
    this.openSocket('ipv6');
  }

  /** Local ports by family, for host candidates. */
  ports(): ReadonlyMap<IpFamily, number> {
    const ports = new Map<IpFamily, number>();
    for (const family of this.bound) ports.set(family, this.sockets.get(family)!.localPort);
    return ports;
  }

  /** The route to an address; null when no socket of its family is open or it is no address. */
  route(address: SocketAddress): Route | null {
    // Most datagrams come from where the one before came from.
    const { latest } = this;
    if (latest?.port === address.port && latest.ip === address.address) return latest.route;
    const family = ipFamilyOf(address.address);
    if (family === null || !this.bound.has(family)) return null;
    const key = formatSocketAddress(address);
    const known = this.routeOf.get(key);
    if (known !== undefined) {
      this.routeOf.delete(key);
      this.routeOf.set(key, known);
      this.latest = { ip: address.address, port: address.port, route: known };
      return known;
    }
    if (this.routeOf.size >= MAX_ROUTES) this.forgetOldest();
    const route = this.nextRoute++;
    this.routeOf.set(key, route);
    this.destinations.set(route, { address, family });
    return route;
  }

  address(route: Route): SocketAddress | undefined {
    return this.destinations.get(route)?.address;
  }

  /** Sends by a route; a packet for one that was forgotten is lost, as on a network. */
  send(route: Route, packet: Uint8Array): void {
    const destination = this.destinations.get(route);
    if (destination !== undefined) this.sendBy(destination.family, packet, destination.address);
  }

  /** Sends by the socket of a family; `to` may hold a name where the host looks names up. */
  sendBy(family: IpFamily, packet: Uint8Array, to: SocketAddress): void {
    if (this.bound.has(family)) this.sockets.get(family)!.send(packet, to);
  }

  /** Makes the sockets anew; routes stay, and peers see us at another port. */
  reopen(): void {
    this.closeSockets();
    this.open();
  }

  /** Closes the sockets; routes stay. */
  close(): void {
    this.opened = false;
    this.closeSockets();
  }

  private closeSockets(): void {
    for (const cancel of this.reopening.values()) cancel();
    this.reopening.clear();
    for (const socket of this.sockets.values()) socket.close();
    this.sockets.clear();
    this.bound.clear();
    this.latest = null;
  }

  private openSocket(family: IpFamily): void {
    const { openUdpSocket, clock } = this.host;
    if (openUdpSocket === undefined || !this.opened) return;
    let failed = false;
    const socket = openUdpSocket(family, {
      onBound: () => {
        this.bound.add(family);
        this.events.onSockets();
      },
      onMessage: (packet, from) => this.events.onDatagram(packet, from, family),
      onError: (detail) => {
        failed = true;
        this.sockets.delete(family);
        this.latest = null;
        const wasBound = this.bound.delete(family);
        // One that could never be bound is a family the machine does not have.
        if (!wasBound) return;
        this.events.onSocketFailed(family, detail);
        this.events.onSockets();
        const reopen = clock.setTimer(REOPEN_MS, () => {
          this.reopening.delete(family);
          this.openSocket(family);
        });
        this.reopening.set(family, reopen);
      },
    });
    if (!failed) this.sockets.set(family, socket);
  }

  private forgetOldest(): void {
    let left = this.routeOf.size;
    for (const [key, route] of this.routeOf) {
      this.routeOf.delete(key);
      if (left-- > 0 && this.events.isUsed(route)) {
        this.routeOf.set(key, route);
        continue;
      }
      this.destinations.delete(route);
      this.latest = null;
      return;
    }
  }
}

/** How direct a way to an address is: neighbours have private or link-local ones. */
export function tierOf(address: string): PathTier {
  const ip = parseIpAddress(address);
  return ip !== null && isPrivate(ip) ? PathTier.Lan : PathTier.Direct;
}

/** RFC 1918, RFC 3927, RFC 4193, RFC 4291 §2.4 and loopback. */
function isPrivate(ip: Uint8Array): boolean {
  const [first = 0, second = 0] = ip;
  if (ip.length === 16) {
    const linkLocal = first === 0xfe && (second & 0xc0) === 0x80;
    const loopback = ip.subarray(0, 15).every((byte) => byte === 0) && ip[15] === 1;
    return (first & 0xfe) === 0xfc || linkLocal || loopback;
  }
  return (
    first === 10 ||
    first === 127 ||
    (first === 172 && second >= 16 && second < 32) ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254)
  );
}

/** @returns null for text that is no IP address. */
export function toAddressBytes({ address, port }: SocketAddress): PeerAddressBytes | null {
  const ip = parseIpAddress(address);
  return ip === null ? null : { ip, port };
}

export function fromAddressBytes({ ip, port }: PeerAddressBytes): SocketAddress {
  return { address: formatIpAddress(ip), port };
}
