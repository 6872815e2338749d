import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * The lab's network. Every node is a network namespace; `~` is a wire with impairments.
 *
 *   a 192.168.1.2 -eth0- natA  203.0.113.101 ~ A  ~ ┐           ┌ ~ B ~ 203.0.113.102 natB ┬ b  192.168.2.2
 *     10.64.1.2   -eth1- natA2 203.0.113.103 ~ A2 ~ ┴ inet (br0) ┘                         └ b2 192.168.2.3
 *                                                        │
 *                                             srv 203.0.113.10, 203.0.113.11
 *
 * Hosts behind a NAT that does not translate ('none', 'firewall') have public addresses instead.
 * With IPv6 turned on, hosts of A and B have an address of 2001:db8:<site>::/64 each, and no NAT.
 */
export const NODES = ['inet', 'srv', 'natA', 'natA2', 'natB', 'a', 'b', 'b2'] as const;
export type LabNode = (typeof NODES)[number];

/** A place with a router, which is reached over a wire of the same name. */
export const SITES = ['A', 'A2', 'B'] as const;
export type LabSite = (typeof SITES)[number];

/** Where host a is. */
export type LabPlace = 'wifi' | '4g' | 'none';

export interface SiteHost {
  readonly node: LabNode;
  readonly device: string;
  /** Last byte of its address. */
  readonly number: number;
}

export interface SitePlan {
  readonly router: LabNode;
  readonly wan: string;
  readonly privateLan: string;
  readonly publicLan: string;
  /** A full cone lets everybody in to the first of them. */
  readonly hosts: readonly SiteHost[];
}

export const PLAN: Readonly<Record<LabSite, SitePlan>> = {
  A: {
    router: 'natA',
    wan: '203.0.113.101',
    privateLan: '192.168.1',
    publicLan: '198.51.100',
    hosts: [{ node: 'a', device: 'eth0', number: 2 }],
  },
  A2: {
    router: 'natA2',
    wan: '203.0.113.103',
    privateLan: '10.64.1',
    publicLan: '198.18.1',
    hosts: [{ node: 'a', device: 'eth1', number: 2 }],
  },
  B: {
    router: 'natB',
    wan: '203.0.113.102',
    privateLan: '192.168.2',
    publicLan: '192.0.2',
    hosts: [
      { node: 'b', device: 'eth0', number: 2 },
      { node: 'b2', device: 'eth0', number: 3 },
    ],
  },
};

/** IPv6 as a site's router hands it out, once it is turned on; no NAT is in its way. */
export const ipv6Of = {
  gateway: '2001:db8::1',
  wan: (site: LabSite): string => `2001:db8::1:${SITES.indexOf(site) + 1}`,
  lan: (site: LabSite): string => `2001:db8:${SITES.indexOf(site) + 1}:`,
};

export const GATEWAY = '203.0.113.1';
/** The server's addresses, for reflectors, relays and the like. */
export const SERVER_ADDRESSES = ['203.0.113.10', '203.0.113.11'] as const;

/** The hardware address of a node of the public network; the wires carry no ARP that could get lost. */
export const hardwareAddress = (address: string): string =>
  [
    '02',
    ...address.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0')),
    '00',
  ].join(':');

/** Every address of the public network, with the address its frames go to. */
export const PUBLIC_NEIGHBOURS: readonly (readonly [address: string, lladdr: string])[] = [
  [GATEWAY, hardwareAddress(GATEWAY)],
  ...SERVER_ADDRESSES.map((address) => [address, hardwareAddress(SERVER_ADDRESSES[0])] as const),
  ...SITES.map((site) => [PLAN[site].wan, hardwareAddress(PLAN[site].wan)] as const),
];

const PREFIX = 'tiv-lab';

/** What the names of a lab's namespaces begin with. */
export const namespacePrefix = (name: string): string => `${PREFIX}-${name}`;

export const namespaceOf = (name: string, node: LabNode): string =>
  `${namespacePrefix(name)}-${node}`;

/** Where a lab keeps its files. */
export const folderOf = (name: string): string => path.join(tmpdir(), namespacePrefix(name));
