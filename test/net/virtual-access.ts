import type { Clock, IpFamily, NetworkType } from '../../services/host';
import { familyOf, headerBytes } from './datagram';
import type { Addresses, Datagram, DatagramFate, NetworkNode, Segment } from './datagram';
import { ImpairedLink } from './impaired-link';
import type { Impairment } from './impaired-link';
import { NatBox, translates } from './nat-box';
import type { NatBoxOptions, NatKind } from './nat-box';
import type { SeededRandom } from './seeded-random';

export interface AccessOptions {
  /** What stands between the hosts and the internet (default 'none': public addresses). */
  readonly nat?: NatKind | NatBoxOptions;
  /** IPv6, which is never translated: open to everybody, behind a firewall, or not there (default). */
  readonly ipv6?: 'open' | 'firewall';
  /** Towards the internet (default 10 ms delay). */
  readonly up?: Impairment;
  /** From the internet (default 10 ms delay). */
  readonly down?: Impairment;
  /** Between two hosts of this access (default 1 ms delay). */
  readonly lan?: Impairment;
  /** Hosts of this access cannot reach each other, as on many guest and all mobile networks. */
  readonly isolated?: boolean;
  /** First three bytes of the private addresses; one of its own by default, though homes share them. */
  readonly lanPrefix?: string;
  /** What hosts call this network (default 'wifi'). */
  readonly type?: NetworkType;
  /** Larger IP packets are dropped without a word (default 1500). */
  readonly mtuBytes?: number;
  /** Another access this one is behind, e.g. a carrier's NAT; WebSockets feel the inner links only. */
  readonly behind?: VirtualAccess;
}

/** What an access needs of the network it belongs to. */
export interface AccessContext {
  readonly clock: Clock;
  readonly outside: Segment;
  readonly newRandom: () => SeededRandom;
  readonly report: (fate: DatagramFate, datagram: Datagram) => void;
}

/** A home, an office or a mobile cell: its hosts share a LAN, a NAT and the links to the internet. */
export class VirtualAccess implements Segment, NetworkNode {
  readonly nat: NatBox;
  /** Guards IPv6 where there is any. */
  readonly ipv6: NatBox | null;
  readonly up: ImpairedLink;
  readonly down: ImpairedLink;
  readonly lan: ImpairedLink;
  readonly type: NetworkType;
  private readonly context: AccessContext;
  private readonly isolated: boolean;
  private readonly mtuBytes: number;
  private readonly lanPrefix: string;
  private readonly leases = new Map<NetworkNode, Addresses>();
  private readonly present = new Map<string, NetworkNode>();
  private privateAddresses = 1;

  constructor(context: AccessContext, number: number, options: AccessOptions) {
    const { clock, outside, newRandom } = context;
    const newLink = (impairment: Impairment) =>
      new ImpairedLink(clock, newRandom(), { ...impairment });
    this.context = context;
    this.type = options.type ?? 'wifi';
    this.isolated = options.isolated ?? false;
    this.mtuBytes = options.mtuBytes ?? 1500;
    this.lanPrefix = options.lanPrefix ?? privatePrefix(number);
    this.up = newLink(options.up ?? { delayMs: 10 });
    this.down = newLink(options.down ?? { delayMs: 10 });
    this.lan = newLink(options.lan ?? { delayMs: 1 });
    const { nat = 'none', ipv6 } = options;
    const natOptions = typeof nat === 'string' ? { kind: nat } : nat;
    const publicAddress = translates(natOptions.kind) ? outside.allocate(this, 'ipv4') : null;
    this.nat = new NatBox(clock, newRandom(), natOptions, publicAddress);
    const ipv6Kind = ipv6 === 'open' ? 'none' : 'firewall';
    this.ipv6 =
      ipv6 === undefined ? null : new NatBox(clock, newRandom(), { kind: ipv6Kind }, null);
  }

  /** Changes both links, or one of them; what is not named is off. */
  impair(impairment: Impairment, direction: 'up' | 'down' | 'both' = 'both'): void {
    if (direction !== 'down') this.up.impairment = impairment;
    if (direction !== 'up') this.down.impairment = impairment;
  }

  /** Gives a host its addresses, the same ones as when it was last here. */
  attach(host: NetworkNode): Addresses {
    const known = this.leases.get(host);
    const addresses = known ?? {
      ipv4: this.allocate(host, 'ipv4'),
      ipv6: this.allocate(host, 'ipv6'),
    };
    this.leases.set(host, addresses);
    for (const address of Object.values(addresses)) {
      if (address !== null) this.present.set(address, host);
    }
    return addresses;
  }

  detach(host: NetworkNode): void {
    const { ipv4 = null, ipv6 = null } = this.leases.get(host) ?? {};
    for (const address of [ipv4, ipv6]) if (address !== null) this.present.delete(address);
  }

  allocate(node: NetworkNode, family: IpFamily): string | null {
    const address = this.newAddress(family);
    if (address !== null) this.present.set(address, node);
    return address;
  }

  /** From a host of this access. */
  send(datagram: Datagram): void {
    const { report, outside } = this.context;
    const { from, to } = datagram;
    if (this.isTooBig(datagram)) return;
    if (this.isLocal(to.address)) {
      this.sendLocally(datagram);
      return;
    }
    const box = familyOf(to.address) === 'ipv4' ? this.nat : this.ipv6;
    const source = box?.outbound(from, to);
    if (source === undefined || source === null) {
      report(box === null ? 'unroutable' : 'blocked', datagram);
      return;
    }
    const translated = { ...datagram, from: source };
    this.carry(this.up, translated, () => outside.send(translated));
  }

  /** From the internet. */
  receive(datagram: Datagram): void {
    if (this.isTooBig(datagram)) return;
    this.carry(this.down, datagram, () => {
      const { from, to } = datagram;
      const box = familyOf(to.address) === 'ipv4' ? this.nat : this.ipv6;
      const inside = box?.inbound(from, to);
      if (inside === undefined || inside === null) this.context.report('filtered', datagram);
      else this.deliver({ ...datagram, to: inside });
    });
  }

  private sendLocally(datagram: Datagram): void {
    if (this.isolated || !this.present.has(datagram.to.address)) {
      this.context.report('unroutable', datagram);
      return;
    }
    this.carry(this.lan, datagram, () => this.deliver(datagram));
  }

  private deliver(datagram: Datagram): void {
    const node = this.present.get(datagram.to.address);
    if (node === undefined) this.context.report('unroutable', datagram);
    else node.receive(datagram);
  }

  private carry(link: ImpairedLink, datagram: Datagram, arrive: () => void): void {
    if (link.carry(sizeOnWire(datagram), arrive) !== 'carried') {
      this.context.report('lost', datagram);
    }
  }

  private isTooBig(datagram: Datagram): boolean {
    if (sizeOnWire(datagram) <= this.mtuBytes) return false;
    this.context.report('too-big', datagram);
    return true;
  }

  private isLocal(address: string): boolean {
    if (this.present.has(address)) return true;
    return this.nat.publicAddress !== null && address.startsWith(`${this.lanPrefix}.`);
  }

  private newAddress(family: IpFamily): string | null {
    const { outside } = this.context;
    if (family === 'ipv4' && this.nat.publicAddress !== null) {
      return `${this.lanPrefix}.${++this.privateAddresses}`;
    }
    if (family === 'ipv6' && this.ipv6 === null) return null;
    return outside.allocate(this, family);
  }
}

const sizeOnWire = ({ bytes, to }: Datagram): number =>
  bytes.length + headerBytes(familyOf(to.address));

const privatePrefix = (number: number): string =>
  number < 256 ? `192.168.${number}` : `10.${number >>> 8}.${number & 255}`;
