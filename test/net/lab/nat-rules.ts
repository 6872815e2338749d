import type { NatKind } from '../nat-box';

/** A socket whose port the router has changed. */
export interface PortShift {
  readonly address: string;
  readonly inside: number;
  readonly outside: number;
}

export interface NatRulesOptions {
  readonly kind: NatKind;
  /** The router's public address. */
  readonly wan: string;
  /** The host that a full cone lets everybody in to. */
  readonly host: string;
  readonly shifts: readonly PortShift[];
}

/** Ports that masquerading hands out. */
const NAT_PORTS = '1024-65535';

/**
 * The nftables rules of a router with the devices `lan` and `wan`.
 *
 * Linux keeps a socket's port while that is free, so plain masquerading maps per socket; it filters
 * by address and port, since only the answer to a known flow is translated back. The wider cones
 * translate more of what comes in, the symmetric NAT takes a random port per flow.
 */
export function natRules(options: NatRulesOptions): string {
  const { kind } = options;
  return `
table ip lab
delete table ip lab
table ip lab {
  set contacted {
    type ipv4_addr
    flags dynamic,timeout
    timeout 120s
  }
  chain prerouting {
    type nat hook prerouting priority dstnat
    ${inboundRules(options).join('\n    ')}
  }
  chain postrouting {
    type nat hook postrouting priority srcnat
    ${outboundRules(options).join('\n    ')}
  }
  chain forward {
    type filter hook forward priority filter
    ${forwardRules(kind).join('\n    ')}
  }
  chain input {
    # As home routers do. A stray datagram that the kernel took for its own would also occupy its
    # port, and the host inside would be mapped to another one.
    type filter hook input priority filter
    iifname wan meta l4proto { tcp, udp } ct state new drop
  }
}
`;
}

/**
 * Rules by which a router drops UDP to and from everybody but the servers, until `null` takes them
 * back. Its NAT's rules and flows stay as they are.
 */
export function cutRules(servers: readonly string[] | null): string {
  const clear = 'table inet cut\ndelete table inet cut\n';
  if (servers === null) return clear;
  const set = `{ ${servers.join(', ')} }`;
  return `${clear}
table inet cut {
  chain forward {
    type filter hook forward priority filter - 1
    meta l4proto udp ip saddr != ${set} ip daddr != ${set} drop
    meta l4proto udp ip6 saddr ::/0 drop
  }
}
`;
}

function inboundRules({ kind, host, shifts }: NatRulesOptions): string[] {
  const who = kind === 'full' ? '' : kind === 'address-restricted' ? 'ip saddr @contacted ' : null;
  if (who === null) return [];
  return [
    ...shifts.map(
      ({ address, inside, outside }) =>
        `iifname wan ${who}udp dport ${outside} dnat to ${address}:${inside}`,
    ),
    // The port that it had before the shift leads nowhere.
    ...shifts.map(({ inside }) => `iifname wan udp dport ${inside} accept`),
    `iifname wan ${who}udp dport ${NAT_PORTS} dnat to ${host}`,
  ];
}

function outboundRules({ kind, wan, shifts }: NatRulesOptions): string[] {
  switch (kind) {
    case 'none':
    case 'firewall':
      return [];
    case 'symmetric':
    case 'udp-blocked':
      return ['oifname wan masquerade fully-random'];
    case 'full':
    case 'address-restricted':
    case 'port-restricted':
      return [
        ...shifts.map(
          ({ address, inside, outside }) =>
            `oifname wan ip saddr ${address} udp sport ${inside} snat to ${wan}:${outside}`,
        ),
        'oifname wan masquerade',
      ];
  }
}

function forwardRules(kind: NatKind): string[] {
  switch (kind) {
    case 'none':
    case 'full':
    case 'symmetric':
    case 'port-restricted':
      return [];
    case 'firewall':
      return ['iifname wan ct state new drop'];
    case 'udp-blocked':
      return ['meta l4proto udp drop'];
    case 'address-restricted':
      return ['iifname lan meta l4proto udp update @contacted { ip daddr }'];
  }
}
