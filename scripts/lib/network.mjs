import net from 'node:net';
import os from 'node:os';

/** Listens for a moment; resolves to the port, or to null when it is taken. */
function probe(host, port) {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(null));
    server.listen(port, host, () => {
      const { port: actual } = server.address();
      server.close(() => resolve(actual));
    });
  });
}

/** The wanted port if it is free, else any free one. */
export async function freePort(host, wanted = 0) {
  const port = (await probe(host, wanted)) ?? (await probe(host, 0));
  if (port === null) throw new Error(`cannot listen on ${host}`);
  return port;
}

/** The address by which others reach a server that listens on `host`, as it stands in a URL. */
export function reachableHost(host) {
  if (host !== '0.0.0.0' && host !== '::') return host.includes(':') ? `[${host}]` : host;
  const outside = Object.values(os.networkInterfaces())
    .flat()
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  return outside?.address ?? '127.0.0.1';
}
