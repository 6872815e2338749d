import type { Clock, SocketAddress } from '../../services/host';
import { addressKey } from './datagram';
import type { SeededRandom } from './seeded-random';

/** How a NAT maps and filters (RFC 4787 §4, §5); the names are those of RFC 3489. */
export type NatKind =
  /** A router: hosts have public addresses, everybody reaches them. */
  | 'none'
  /** Public addresses behind a firewall that lets answers in only. */
  | 'firewall'
  /** One port per socket; lets everybody in. */
  | 'full'
  /** One port per socket; lets in whom the socket has sent to, from any port. */
  | 'address-restricted'
  /** One port per socket; lets in the very address and port the socket has sent to. */
  | 'port-restricted'
  /** A random port per socket and destination; filters as port-restricted does. */
  | 'symmetric'
  /** No UDP at all. */
  | 'udp-blocked';

interface Behaviour {
  readonly mapping: 'identity' | 'per-socket' | 'per-destination';
  readonly filtering: 'none' | 'mapped' | 'address' | 'address-and-port';
}

const BEHAVIOURS: Readonly<Record<Exclude<NatKind, 'udp-blocked'>, Behaviour>> = {
  none: { mapping: 'identity', filtering: 'none' },
  firewall: { mapping: 'identity', filtering: 'address-and-port' },
  full: { mapping: 'per-socket', filtering: 'mapped' },
  'address-restricted': { mapping: 'per-socket', filtering: 'address' },
  'port-restricted': { mapping: 'per-socket', filtering: 'address-and-port' },
  symmetric: { mapping: 'per-destination', filtering: 'address-and-port' },
};

/** Whether hosts behind such a box have private addresses. */
export const translates = (kind: NatKind): boolean => kind !== 'none' && kind !== 'firewall';

const FIRST_PORT = 1024;
const PORTS = 0x1_0000 - FIRST_PORT;

export interface NatBoxOptions {
  readonly kind: NatKind;
  /** How long a flow without an answer is remembered (default 30 s, as Linux does). */
  readonly unrepliedTimeoutMs?: number;
  /** How long an answered flow is remembered after its last datagram (default 120 s). */
  readonly repliedTimeoutMs?: number;
  /** Whether a socket keeps its port while that is free (default); a symmetric NAT never does. */
  readonly preservesPorts?: boolean;
}

/** One remote a mapping has sent to. */
interface Flow {
  untilMs: number;
  replied: boolean;
}

interface Mapping {
  readonly key: string;
  readonly inside: SocketAddress;
  readonly outside: SocketAddress;
  readonly flows: Map<string, Flow>;
  /** Until when each remote address is let in, whatever its port. */
  readonly addresses: Map<string, number>;
  untilMs: number;
}

/**
 * A NAT for UDP, as a state machine without links. State is made by what goes out alone: a datagram
 * from outside that nobody asked for leaves no trace. There is no hairpinning.
 */
export class NatBox {
  readonly kind: NatKind;
  /** The address all hosts behind it share; null where hosts keep their own. */
  readonly publicAddress: string | null;
  readonly counters = { out: 0, in: 0, mapped: 0, blocked: 0, hairpinned: 0, filtered: 0 };
  /** Rises with each `rebind`; a TCP connection does not outlive it. */
  generation = 0;
  private readonly clock: Clock;
  private readonly random: SeededRandom;
  private readonly behaviour: Behaviour | null;
  private readonly unrepliedTimeoutMs: number;
  private readonly repliedTimeoutMs: number;
  private preservesPorts: boolean;
  private readonly byInside = new Map<string, Mapping>();
  private readonly byOutside = new Map<string, Mapping>();

  /** @param publicAddress of a NAT that translates; null for the others. */
  constructor(
    clock: Clock,
    random: SeededRandom,
    options: NatBoxOptions,
    publicAddress: string | null,
  ) {
    const { kind } = options;
    this.clock = clock;
    this.random = random;
    this.kind = kind;
    this.behaviour = kind === 'udp-blocked' ? null : BEHAVIOURS[kind];
    this.publicAddress = publicAddress;
    this.unrepliedTimeoutMs = options.unrepliedTimeoutMs ?? 30_000;
    this.repliedTimeoutMs = options.repliedTimeoutMs ?? 120_000;
    this.preservesPorts = options.preservesPorts ?? true;
  }

  /** Mappings that are alive. */
  get mappings(): number {
    let count = 0;
    for (const mapping of this.byInside.values()) if (this.isAlive(mapping)) count++;
    return count;
  }

  /** A datagram from a host behind the NAT. @returns the source it leaves with; null: it does not. */
  outbound(from: SocketAddress, to: SocketAddress): SocketAddress | null {
    if (this.behaviour === null) {
      this.counters.blocked++;
      return null;
    }
    if (to.address === this.publicAddress) {
      this.counters.hairpinned++;
      return null;
    }
    this.counters.out++;
    if (this.behaviour.filtering === 'none') return from;
    const mapping = this.mappingFor(from, to);
    const remote = addressKey(to);
    const flow = mapping.flows.get(remote);
    const isKnown = flow !== undefined && flow.untilMs > this.clock.nowMs();
    this.touch(mapping, to, isKnown ? flow : { untilMs: 0, replied: false });
    return mapping.outside;
  }

  /** A datagram from outside. @returns whom it is for; null when it is dropped. */
  inbound(from: SocketAddress, to: SocketAddress): SocketAddress | null {
    const inside = this.behaviour === null ? null : this.admit(from, to, this.behaviour);
    if (inside === null) this.counters.filtered++;
    else this.counters.in++;
    return inside;
  }

  /** The box was restarted: all mappings are gone, and sockets get other ports than they had. */
  rebind(): void {
    this.byInside.clear();
    this.byOutside.clear();
    this.preservesPorts = false;
    if (this.behaviour?.filtering !== 'none') this.generation++;
  }

  private admit(
    from: SocketAddress,
    to: SocketAddress,
    { filtering }: Behaviour,
  ): SocketAddress | null {
    if (filtering === 'none') return to;
    const mapping = this.byOutside.get(addressKey(to));
    if (mapping === undefined || !this.isAlive(mapping)) return null;
    const nowMs = this.clock.nowMs();
    const flow = mapping.flows.get(addressKey(from));
    if (flow !== undefined && flow.untilMs > nowMs) {
      flow.replied = true;
      this.touch(mapping, from, flow);
      return mapping.inside;
    }
    const isAdmitted =
      filtering === 'mapped' ||
      (filtering === 'address' && (mapping.addresses.get(from.address) ?? 0) > nowMs);
    return isAdmitted ? mapping.inside : null;
  }

  private mappingFor(from: SocketAddress, to: SocketAddress): Mapping {
    const { mapping: mode } = this.behaviour!;
    const key =
      mode === 'per-destination' ? `${addressKey(from)}>${addressKey(to)}` : addressKey(from);
    const known = this.byInside.get(key);
    if (known !== undefined) {
      if (this.isAlive(known)) return known;
      this.forget(known);
    }
    const mapping: Mapping = {
      key,
      inside: from,
      outside:
        this.publicAddress === null
          ? from
          : { address: this.publicAddress, port: this.choosePort(from.port) },
      flows: new Map(),
      addresses: new Map(),
      untilMs: 0,
    };
    this.byInside.set(key, mapping);
    this.byOutside.set(addressKey(mapping.outside), mapping);
    this.counters.mapped++;
    return mapping;
  }

  private choosePort(wanted: number): number {
    const mayPreserve = this.preservesPorts && this.behaviour?.mapping === 'per-socket';
    if (mayPreserve && this.isFree(wanted)) return wanted;
    for (;;) {
      const port = FIRST_PORT + Math.floor(this.random.next() * PORTS);
      if (port !== wanted && this.isFree(port)) return port;
    }
  }

  private isFree(port: number): boolean {
    const holder = this.byOutside.get(addressKey({ address: this.publicAddress!, port }));
    if (holder === undefined) return true;
    if (this.isAlive(holder)) return false;
    this.forget(holder);
    return true;
  }

  private touch(mapping: Mapping, remote: SocketAddress, flow: Flow): void {
    const timeoutMs = flow.replied ? this.repliedTimeoutMs : this.unrepliedTimeoutMs;
    flow.untilMs = this.clock.nowMs() + timeoutMs;
    mapping.flows.set(addressKey(remote), flow);
    const addressUntilMs = mapping.addresses.get(remote.address) ?? 0;
    mapping.addresses.set(remote.address, Math.max(addressUntilMs, flow.untilMs));
    mapping.untilMs = Math.max(mapping.untilMs, flow.untilMs);
  }

  private isAlive(mapping: Mapping): boolean {
    return mapping.untilMs > this.clock.nowMs();
  }

  private forget(mapping: Mapping): void {
    this.byInside.delete(mapping.key);
    this.byOutside.delete(addressKey(mapping.outside));
  }
}
