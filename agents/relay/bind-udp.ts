import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';

export interface UdpAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** A port that is free at one address may be taken at another. */
const FREE_PORT_ATTEMPTS = 5;

/** What to bind to for a host: `::` stands for all addresses, of IPv4 too, as it does for TCP. */
export async function udpAddressesOf(host: string): Promise<UdpAddress[]> {
  if (host === '::') {
    return [
      { address: '::', family: 6 },
      { address: '0.0.0.0', family: 4 },
    ];
  }
  const { address, family } = await lookup(host);
  return [{ address, family: family === 6 ? 6 : 4 }];
}

/**
 * Binds one socket for each address, all to the same port.
 * @param port 0 for a free one.
 * @param mayMove whether a free port will do when that one is taken.
 * @throws Error saying what to do when there is no such port.
 */
export async function bindUdp(
  addresses: readonly UdpAddress[],
  port: number,
  mayMove: boolean,
): Promise<Socket[]> {
  try {
    return await bindFreePort(addresses, port);
  } catch (error) {
    if (mayMove && port !== 0 && codeOf(error) === 'EADDRINUSE') return bindFreePort(addresses, 0);
    throw bindError(error, port);
  }
}

export async function closeUdp(sockets: Iterable<Socket>): Promise<void> {
  await Promise.all(
    [...sockets].map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))),
  );
}

async function bindFreePort(addresses: readonly UdpAddress[], port: number): Promise<Socket[]> {
  for (let attempt = 1; ; attempt++) {
    const sockets: Socket[] = [];
    try {
      for (const address of addresses) {
        const taken = sockets[0]?.address().port ?? port;
        sockets.push(await bindOne(address, taken));
      }
      return sockets;
    } catch (error) {
      await closeUdp(sockets);
      const mayRetry = port === 0 && codeOf(error) === 'EADDRINUSE';
      if (!mayRetry || attempt >= FREE_PORT_ATTEMPTS) throw error;
    }
  }
}

async function bindOne({ address, family }: UdpAddress, port: number): Promise<Socket> {
  const socket = createSocket({ type: family === 6 ? 'udp6' : 'udp4', ipv6Only: family === 6 });
  socket.bind({ address, port, exclusive: true });
  try {
    await once(socket, 'listening');
  } catch (error) {
    socket.close();
    throw error;
  }
  return socket;
}

function bindError(error: unknown, port: number): unknown {
  const { address } = error as { readonly address?: string };
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new Error(
        `UDP port ${port} at ${address} is taken; choose another one, or 0 for free ones`,
      );
    case 'EACCES':
      return new Error(`this user may not listen at UDP port ${port}; choose one above 1023`);
    case 'EADDRNOTAVAIL':
      return new Error(`${address} is no address of this machine`);
    default:
      return error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
