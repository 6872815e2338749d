import type { Host, IpFamily, SocketAddress } from '../../host';
import { connectionIdKey, isOneRtt, readPacketHead } from '../session';
import type { PeerAddressBytes, Route } from '../session';
import { toAddressBytes, UdpRoutes } from './routes';
import { StunCandidates } from './stun-candidates';
import type { NatEvents } from './stun-candidates';

/** The relay's route in every session; the numbers above it are UDP's. */
export const RELAY_ROUTE: Route = 0;

/** A session as the network sees it. */
export interface DatagramTarget {
  onDatagram(packet: Uint8Array, route: Route): void;
  /** Whether one of the session's paths takes this route. */
  usesRoute(route: Route): boolean;
  /** Our own candidates have changed. */
  onCandidates(): void;
  /** The network under the sockets has changed. */
  onNetworkChanged(): void;
}

/**
 * The part of an endpoint that all its sessions share on UDP: sockets, which session a datagram belongs
 * to, and where this machine may be reached. It has no sockets before `open`.
 */
export class DirectNetwork {
  readonly routes: UdpRoutes;
  private readonly host: Host;
  private readonly targets = new Map<string, DatagramTarget>();
  private local: readonly SocketAddress[] = [];
  private readonly stun: StunCandidates;
  private closed = false;

  /** @param stunServers servers to ask besides the relays, which answer STUN too. */
  constructor(host: Host, stunServers: readonly SocketAddress[], natEvents: NatEvents) {
    this.host = host;
    this.routes = new UdpRoutes(host, RELAY_ROUTE + 1, {
      onDatagram: (packet, from, family) => this.onDatagram(packet, from, family),
      onSocketFailed: (family, detail) => this.stun.socketFailed(family, detail),
      isUsed: (route) => this.isUsed(route),
      onSockets: () => {
        void this.gather();
        this.stun.probe();
      },
    });
    this.stun = new StunCandidates({
      host,
      routes: this.routes,
      servers: stunServers,
      events: natEvents,
      onChange: () => this.tellTargets(),
    });
  }

  /** Whether there are sockets, or would be where they can be bound. */
  get isOpen(): boolean {
    return this.routes.isOpen;
  }

  /** Whether the NAT is being probed. */
  get isProbing(): boolean {
    return this.stun.isProbing;
  }

  /** Opens the sockets, unless they are. */
  open(): void {
    if (!this.isOpen) this.routes.open();
  }

  /** Closes the sockets until `open`; what is known of the NAT is kept, to be compared with. */
  pause(): void {
    this.stun.pause();
    this.routes.close();
    this.local = [];
  }

  /** Where this machine may be reached, as far as it knows. */
  candidates(): readonly PeerAddressBytes[] {
    const all = [...this.local, ...this.stun.addresses()];
    return all.map(toAddressBytes).filter((address) => address !== null);
  }

  /** A way is about to be looked for: makes sure that the candidates hold. */
  refresh(): void {
    this.stun.refresh();
  }

  /** A path has fallen silent: a NAT may have forgotten us. */
  doubt(): void {
    this.stun.doubt();
  }

  /** A relay is in use: it tells us how the internet sees us. */
  addRelay(url: string): void {
    this.stun.addRelay(url);
  }

  /** Datagrams to these connection ids go to `target` from now on, others of it no more. */
  register(target: DatagramTarget, connectionIdKeys: readonly string[]): void {
    this.unregister(target);
    for (const key of connectionIdKeys) this.targets.set(key, target);
  }

  unregister(target: DatagramTarget): void {
    for (const [key, other] of this.targets) if (other === target) this.targets.delete(key);
  }

  /**
   * The network has changed, or the app was away long enough for its sockets to have died.
   * @param reopen whether the sockets are to be made anew.
   */
  onNetworkChanged(reopen: boolean): void {
    if (reopen) this.routes.reopen();
    else void this.gather();
    this.stun.restart();
    for (const target of new Set(this.targets.values())) target.onNetworkChanged();
  }

  close(): void {
    this.closed = true;
    this.stun.close();
    this.routes.close();
    this.targets.clear();
  }

  private onDatagram(packet: Uint8Array, from: SocketAddress, family: IpFamily): void {
    if (this.stun.receive(packet, from, family)) return;
    const head = readPacketHead(packet);
    // Sessions begin over the relay: nothing else is answered here, and strangers get no memory.
    if (head === null || !isOneRtt(head.type)) return;
    const target = this.targets.get(connectionIdKey(head.connectionId));
    if (target === undefined) return;
    const route = this.routes.route(from);
    if (route !== null) target.onDatagram(packet, route);
  }

  private isUsed(route: Route): boolean {
    for (const target of this.targets.values()) if (target.usesRoute(route)) return true;
    return false;
  }

  /** Local addresses, each with the port of its family's socket. */
  private async gather(): Promise<void> {
    const addresses = (await this.host.network?.localAddresses()) ?? [];
    if (this.closed || !this.isOpen) return;
    const ports = this.routes.ports();
    this.local = addresses.flatMap(({ family, address }) => {
      const port = ports.get(family);
      return port === undefined ? [] : [{ address, port }];
    });
    this.tellTargets();
  }

  private tellTargets(): void {
    for (const target of new Set(this.targets.values())) target.onCandidates();
  }
}
