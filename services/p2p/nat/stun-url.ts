import { formatSocketAddress, isPort, parseIpAddress } from '../../host';
import type { SocketAddress } from '../../host';

/** RFC 7064 §3.2. */
const DEFAULT_STUN_PORT = 3478;
const MAX_URL_LENGTH = 300;

/**
 * Reads `stun:host[:port]` (RFC 7064). The host may be a name; `formatIpAddress` forms only are
 * certain to work everywhere, a name where the host's sockets resolve it (Node, WeChat).
 * @returns null when it is no such URL.
 */
export function parseStunUrl(url: string): SocketAddress | null {
  if (url.length > MAX_URL_LENGTH) return null;
  const match = /^stun:(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(url);
  if (match === null) return null;
  const [, v6, name, portText] = match;
  if (v6 !== undefined && parseIpAddress(v6)?.length !== 16) return null;
  const port = portText === undefined ? DEFAULT_STUN_PORT : Number(portText);
  return isPort(port) ? { address: (v6 ?? name!).toLowerCase(), port } : null;
}

/** Writes `stun:192.0.2.1:3478`. */
export function formatStunUrl(server: SocketAddress): string {
  return `stun:${formatSocketAddress(server)}`;
}
