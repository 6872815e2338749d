import { translates } from '../nat-box';
import type { NatKind } from '../nat-box';
import { cutRules, natRules } from './nat-rules';
import type { PortShift } from './nat-rules';
import { runCommand } from './run-command';
import {
  GATEWAY,
  NODES,
  PLAN,
  PUBLIC_NEIGHBOURS,
  SERVER_ADDRESSES,
  SITES,
  hardwareAddress,
  ipv6Of,
  namespaceOf,
} from './topology';
import type { LabNode, LabPlace, LabSite, SiteHost } from './topology';

/** What is set up at present; shared with whoever opens the lab later. */
export interface LabState {
  readonly kinds: Record<LabSite, NatKind>;
  readonly rebinds: Record<LabSite, number>;
  place: LabPlace;
}

/** Nothing but what a test sends is to be on the wires, hence no IPv6 by itself, and no redirects. */
const SETTINGS = {
  'net/ipv4/ip_forward': 1,
  'net/ipv4/conf/all/send_redirects': 0,
  'net/ipv4/conf/default/send_redirects': 0,
  'net/ipv4/conf/all/rp_filter': 0,
  'net/ipv4/conf/default/rp_filter': 0,
  'net/ipv6/conf/all/disable_ipv6': 1,
  'net/ipv6/conf/default/disable_ipv6': 1,
};

/** Without duplicate address detection, which takes a second before an address can be used. */
const ipv6Script = (isOn: boolean): string => `
echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
cd /proc/sys/net/ipv6/conf
for device in *; do
  echo 0 > $device/accept_dad
  echo 0 > $device/dad_transmits
done
echo ${isOn ? 0 : 1} > all/disable_ipv6
`;

const FIRST_PORT = 1024;
const PORTS = 0x1_0000 - FIRST_PORT;
/** Ports move by this much with each restart of a router; a prime, so that they do not return soon. */
const REBIND_SHIFT = 7919;

/** The namespaces of a lab: their devices, addresses, routes and NAT rules. */
export class LabNetwork {
  constructor(
    private readonly name: string,
    private readonly state: LabState,
  ) {}

  /** The arguments with which `ip` runs a program on a node. */
  inNamespace(node: LabNode, command: string, args: readonly string[]): string[] {
    return ['netns', 'exec', namespaceOf(this.name, node), command, ...args];
  }

  /** Runs a program on a node to its end. @returns its output. */
  run(node: LabNode, command: string, args: readonly string[], input?: string): Promise<string> {
    return runCommand('ip', this.inNamespace(node, command, args), input);
  }

  /** Makes the namespaces and all their links but the wires. */
  async create(): Promise<void> {
    const ns = (node: LabNode) => namespaceOf(this.name, node);
    const links = SITES.flatMap((site) => {
      const { router, hosts } = PLAN[site];
      return hosts.map(
        ({ node, device }) =>
          `link add name to-${node} netns ${ns(router)} type veth peer name ${device} netns ${ns(node)}`,
      );
    });
    const lines = [
      ...NODES.map((node) => `netns add ${ns(node)}`),
      `link add name s0 netns ${ns('inet')} type veth peer name eth0 netns ${ns('srv')}`,
      ...links,
    ];
    await runCommand('ip', ['-batch', '-'], lines.join('\n'));
    await Promise.all(NODES.map((node) => this.prepareNode(node)));
  }

  /** Gives all devices their addresses; the wires have to be there. */
  async connect(): Promise<void> {
    await this.connectInternet();
    for (const site of SITES) {
      await this.connectRouter(site);
      await this.configureSite(site);
    }
  }

  /** Gives a site the addresses its NAT asks for, and the NAT's rules. */
  async configureSite(site: LabSite): Promise<void> {
    const { router, wan, hosts, publicLan } = PLAN[site];
    const lan = this.lanOf(site);
    await this.ip(router, [
      'addr flush dev lan',
      `addr add ${lan}.1/24 dev lan`,
      // A host that has been away is not to wait for the next ARP request of a router that missed it.
      ...hosts.map(
        (host) =>
          `neigh replace ${this.hostAddress(site, host)} lladdr ${this.hostHardwareAddress(site, host)} dev lan nud permanent`,
      ),
    ]);
    for (const host of hosts) {
      await this.ip(host.node, [
        `addr flush dev ${host.device}`,
        `link set ${host.device} address ${this.hostHardwareAddress(site, host)}`,
        `addr add ${this.hostAddress(site, host)}/24 dev ${host.device}`,
        `link set ${host.device} up`,
      ]);
      if (host.node !== 'a') await this.ip(host.node, [`route replace default via ${lan}.1`]);
    }
    await this.ip('inet', [`route replace ${publicLan}.0/24 via ${wan}`]);
    await this.loadRules(site, []);
    await this.applyPlace();
  }

  /** Lets host a be in one of its networks, or in none. */
  async applyPlace(): Promise<void> {
    const { place } = this.state;
    const uplinks = [
      { place: 'wifi', device: 'eth0', site: 'A' },
      { place: '4g', device: 'eth1', site: 'A2' },
    ] as const;
    await this.ip(
      'a',
      uplinks.flatMap((uplink) =>
        uplink.place === place
          ? [
              `link set ${uplink.device} up`,
              `route replace default via ${this.lanOf(uplink.site)}.1`,
            ]
          : [`link set ${uplink.device} down`],
      ),
    );
  }

  /** Forgets all flows, and moves the ports of the sockets that had one. */
  async rebind(site: LabSite): Promise<void> {
    const sockets = await this.mappedSockets(site);
    const shift = ++this.state.rebinds[site] * REBIND_SHIFT;
    const shifts = sockets.map((socket) => ({
      ...socket,
      outside: FIRST_PORT + ((socket.inside - FIRST_PORT + shift) % PORTS),
    }));
    await this.loadRules(site, shifts);
  }

  /** Drops UDP between a site and everybody but the server, or lets it through again. */
  async cutDirect(site: LabSite, isCut: boolean): Promise<void> {
    const rules = cutRules(isCut ? SERVER_ADDRESSES : null);
    await this.run(PLAN[site].router, 'nft', ['-f', '-'], rules);
  }

  /** Gives sites A and B global IPv6 addresses, or takes them away again. */
  async setIpv6(isOn: boolean): Promise<void> {
    const sites = ['A', 'B'] as const;
    const nodes = ['inet', ...sites.flatMap((site) => this.nodesOf(site))] as const;
    await Promise.all(nodes.map((node) => this.run(node, 'sh', ['-e'], ipv6Script(isOn))));
    if (!isOn) return;
    const { gateway, wan, lan } = ipv6Of;
    await this.ip('inet', [`addr add ${gateway}/64 dev br0`]);
    for (const site of sites) {
      const { router, hosts } = PLAN[site];
      await this.ip(router, [
        `addr add ${wan(site)}/64 dev wan`,
        `addr add ${lan(site)}:1/64 dev lan`,
        `route replace default via ${gateway}`,
      ]);
      await this.ip('inet', [`route replace ${lan(site)}:/64 via ${wan(site)}`]);
      for (const { node, device, number } of hosts) {
        await this.ip(node, [
          `addr add ${lan(site)}:${number}/64 dev ${device}`,
          `route replace default via ${lan(site)}:1`,
        ]);
      }
    }
  }

  hostAddress(site: LabSite, { number }: SiteHost): string {
    return `${this.lanOf(site)}.${number}`;
  }

  private nodesOf(site: LabSite): LabNode[] {
    const { router, hosts } = PLAN[site];
    return [router, ...hosts.map(({ node }) => node)];
  }

  private hostHardwareAddress(site: LabSite, { number }: SiteHost): string {
    return hardwareAddress(`${PLAN[site].privateLan}.${number}`);
  }

  private async prepareNode(node: LabNode): Promise<void> {
    const script = Object.entries(SETTINGS)
      .map(([key, value]) => `[ ! -e /proc/sys/${key} ] || echo ${value} > /proc/sys/${key}`)
      .join('\n');
    await this.run(node, 'sh', ['-e'], script);
    await this.ip(node, ['link set lo up']);
  }

  private async connectInternet(): Promise<void> {
    const ports = ['s0', ...SITES.map((site) => `w${site}`)];
    await this.ip('inet', [
      `link add br0 address ${hardwareAddress(GATEWAY)} type bridge`,
      `addr add ${GATEWAY}/24 dev br0`,
      'link set br0 up',
      ...ports.map((device) => `link set ${device} master br0 up`),
      ...neighbours('br0', [GATEWAY]),
    ]);
    await this.ip('srv', [
      `link set eth0 address ${hardwareAddress(SERVER_ADDRESSES[0])}`,
      ...SERVER_ADDRESSES.map((address) => `addr add ${address}/24 dev eth0`),
      'link set eth0 up',
      `route add default via ${GATEWAY}`,
      ...neighbours('eth0', SERVER_ADDRESSES),
    ]);
  }

  private async connectRouter(site: LabSite): Promise<void> {
    const { router, wan, hosts } = PLAN[site];
    await this.ip(router, [
      `link set wan address ${hardwareAddress(wan)}`,
      `addr add ${wan}/24 dev wan`,
      'link set wan up',
      `route add default via ${GATEWAY}`,
      ...neighbours('wan', [wan]),
      'link add lan type bridge',
      'link set lan up',
      ...hosts.map(({ node }) => `link set to-${node} master lan up`),
    ]);
  }

  private async loadRules(site: LabSite, shifts: readonly PortShift[]): Promise<void> {
    const { router, wan, hosts } = PLAN[site];
    const host = this.hostAddress(site, hosts[0]!);
    const rules = natRules({ kind: this.state.kinds[site], wan, host, shifts });
    await this.run(router, 'nft', ['-f', '-'], rules);
    await this.run(router, 'conntrack', ['-F']);
  }

  /** UDP sockets behind a router that have sent something lately. */
  private async mappedSockets(site: LabSite): Promise<{ address: string; inside: number }[]> {
    const { router, hosts } = PLAN[site];
    const sockets = new Map<string, { address: string; inside: number }>();
    for (const host of hosts) {
      const address = this.hostAddress(site, host);
      const flows = await this.run(router, 'conntrack', ['-L', '-p', 'udp', '-s', address]);
      // The first port of a line is that of the flow's own direction.
      for (const [, port] of flows.matchAll(/^udp\s.*?\bsport=(\d+)/gm)) {
        sockets.set(`${address}:${port}`, { address, inside: Number(port) });
      }
    }
    return [...sockets.values()];
  }

  private lanOf(site: LabSite): string {
    const { privateLan, publicLan } = PLAN[site];
    return translates(this.state.kinds[site]) ? privateLan : publicLan;
  }

  private async ip(node: LabNode, lines: readonly string[]): Promise<void> {
    await runCommand('ip', ['-n', namespaceOf(this.name, node), '-batch', '-'], lines.join('\n'));
  }
}

const neighbours = (device: string, own: readonly string[]): string[] =>
  PUBLIC_NEIGHBOURS.filter(([address]) => !own.includes(address)).map(
    ([address, lladdr]) => `neigh replace ${address} lladdr ${lladdr} dev ${device} nud permanent`,
  );
