import type { Host, IpFamily, SocketAddress } from '../../host';
import { ipFamilyOf } from '../../host';
import { isStunMessage, NatProber, parseStunUrl } from '../nat';
import type { NatError, NatProbeResult } from '../nat';
import { relayAuthority } from '../transport';
import type { UdpRoutes } from './routes';

/** What the endpoint learns of the NAT in front of it; `detail` as the seed's `eventHandler` has it. */
export interface NatEvents {
  /** A probe has ended. */
  onNatProbed?(result: NatProbeResult): void;
  onNatChanged?(change: { readonly before: NatProbeResult; readonly after: NatProbeResult }): void;
  onNatError?(error: NatError): void;
}

export interface StunCandidatesOptions {
  readonly host: Host;
  readonly routes: UdpRoutes;
  /** Servers that are asked before any relay is known, and besides it. */
  readonly servers: readonly SocketAddress[];
  readonly events: NatEvents;
  /** The addresses we are seen with have changed. */
  readonly onChange: () => void;
}

/** Many NATs forget a mapping after 30 s without traffic. */
const FRESH_MS = 15_000;
/** Between two probes that silent paths cause. */
const MIN_BETWEEN_DOUBTS_MS = 2000;

const FAMILIES = ['ipv4', 'ipv6'] as const;

/**
 * Learns by which addresses the internet sees our sockets (server-reflexive candidates, RFC 8445
 * §5.1.1.2). A relay answers STUN at its own port and the next, so knowing a relay is enough.
 */
export class StunCandidates {
  private readonly options: StunCandidatesOptions;
  private readonly servers: SocketAddress[];
  private readonly probers = new Map<IpFamily, NatProber>();
  private probedAtMs = -Infinity;
  private doubtedAtMs = -Infinity;
  private readonly seen = new Map<IpFamily, readonly SocketAddress[]>();

  constructor(options: StunCandidatesOptions) {
    this.options = options;
    this.servers = [...options.servers];
    for (const family of FAMILIES) this.probers.set(family, this.createProber(family));
  }

  addresses(): readonly SocketAddress[] {
    return [...this.seen.values()].flat();
  }

  get isProbing(): boolean {
    return [...this.probers.values()].some((prober) => prober.isProbing);
  }

  /** Asks this relay's STUN too, and probes if it is a new one. */
  addRelay(url: string): void {
    const authority = relayAuthority(url);
    if (authority === null) return;
    const hasPort = /:\d+$/.test(authority);
    const defaultPort = /^wss:/i.test(url) ? 443 : 80;
    const first = parseStunUrl(`stun:${hasPort ? authority : `${authority}:${defaultPort}`}`);
    if (first === null || this.servers.some((one) => isSame(one, first))) return;
    this.servers.push(first, { ...first, port: Math.min(first.port + 1, 65_535) });
    this.probe();
  }

  /** Asks again unless that was done lately: a mapping nobody has used since may be another by now. */
  refresh(): void {
    if (this.options.host.clock.nowMs() - this.probedAtMs >= FRESH_MS) this.probe();
  }

  /** Asks again, however short ago that was: a NAT may have forgotten us since. */
  doubt(): void {
    const nowMs = this.options.host.clock.nowMs();
    if (nowMs - this.doubtedAtMs < MIN_BETWEEN_DOUBTS_MS) return;
    this.doubtedAtMs = nowMs;
    this.probe();
  }

  /** Asks all servers, from each socket that is bound. */
  probe(): void {
    this.probedAtMs = this.options.host.clock.nowMs();
    for (const [family, prober] of this.probers) {
      if (this.options.routes.ports().has(family)) void prober.probe();
    }
  }

  /** The network has changed: what is under way is of no more use. */
  restart(): void {
    this.probedAtMs = this.options.host.clock.nowMs();
    this.seen.clear();
    for (const [family, prober] of this.probers) {
      if (this.options.routes.ports().has(family)) void prober.restart();
    }
  }

  /** @returns whether the datagram was an answer of a server. */
  receive(packet: Uint8Array, from: SocketAddress, family: IpFamily): boolean {
    return isStunMessage(packet) && this.probers.get(family)!.receive(packet, from);
  }

  /** The socket of a family has ended with this detail. */
  socketFailed(family: IpFamily, detail: string): void {
    this.probers.get(family)!.socketFailed(detail);
  }

  /** The sockets are given up: what they were seen as means nothing any more. */
  pause(): void {
    this.seen.clear();
    for (const prober of this.probers.values()) prober.cancel();
  }

  close(): void {
    for (const prober of this.probers.values()) prober.close();
  }

  private createProber(family: IpFamily): NatProber {
    const { host, routes, events } = this.options;
    return new NatProber({
      clock: host.clock,
      random: host.random,
      targets: () => this.servers.filter((server) => familyOf(server) === family),
      localPort: () => routes.ports().get(family) ?? 0,
      send: (packet, to) => routes.sendBy(family, packet, to),
      events: {
        onObservation: ({ mapped }) => this.onMapped(family, mapped),
        onResult: (result) => {
          this.onProbed(family, result.mappedAddresses);
          events.onNatProbed?.(result);
        },
        onNatChanged: (change) => events.onNatChanged?.(change),
        // IPv6 is missing in most places; that is no error of the NAT.
        onNatError: (error) => {
          if (family === 'ipv4') events.onNatError?.(error);
        },
      },
    });
  }

  private onProbed(family: IpFamily, mapped: readonly SocketAddress[]): void {
    const known = this.seen.get(family) ?? [];
    this.seen.set(family, mapped);
    const isSameSet =
      known.length === mapped.length && known.every((one) => mapped.some((m) => isSame(one, m)));
    if (!isSameSet) this.options.onChange();
  }

  private onMapped(family: IpFamily, mapped: SocketAddress): void {
    const known = this.seen.get(family) ?? [];
    if (known.some((one) => isSame(one, mapped))) return;
    this.seen.set(family, [...known, mapped]);
    this.options.onChange();
  }
}

/** A name is looked up by the IPv4 socket: that is what nearly every relay has. */
function familyOf(server: SocketAddress): IpFamily {
  return ipFamilyOf(server.address) ?? 'ipv4';
}

function isSame(a: SocketAddress, b: SocketAddress): boolean {
  return a.address === b.address && a.port === b.port;
}
