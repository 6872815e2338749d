import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { Registry } from 'prom-client';
import type { Clock, Random } from '../../services/host';
import { createNodeHost } from '../../services/host/node';
import { MAX_RELAY_MESSAGE_BYTES, relayAuthority } from '../../services/p2p/transport';
import { AddressLimiter } from './address-limiter';
import { ChallengeKeys } from './challenge-keys';
import { PeerRegistry } from './peer-registry';
import { RelayCounters } from './relay-counters';
import { DEFAULT_RELAY_LIMITS } from './relay-limits';
import type { RelayLimits } from './relay-limits';
import { reachableAddress } from './reachable-address';
import { createRelayMetrics } from './relay-metrics';
import { RelaySession } from './relay-session';
import type { RelayContext } from './relay-session';

export interface RelayOptions {
  /** Address to listen at (default 127.0.0.1). */
  readonly host?: string;
  /** Port to listen at; 0 takes a free one (default 0). */
  readonly port?: number;
  /**
   * `host[:port]`, or the whole URL, under which peers reach the relay. Without it a proof is checked
   * against the request's Host header, which the one who passes a stolen proof on can choose.
   */
  readonly publicHost?: string;
  readonly limits?: Partial<RelayLimits>;
  /** Whether `GET /metrics` answers (default true). */
  readonly metrics?: boolean;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Told of peers that come and go. */
  readonly log?: RelayContext['log'];
}

const RELAY_PATH = '/relay';
const HEADERS_TIMEOUT_MS = 10_000;
/** How long a closing socket may take to send what is queued and to shake hands. */
const CLOSE_TIMEOUT_MS = 1_000;
const POLICY_VIOLATION = 1008;
/** Connections beyond the peers: health checks, scrapes, and requests that are being read. */
const SPARE_CONNECTIONS = 128;

/** Forwards sealed packets between peers that have proven their keys. It never sees what is inside. */
export class Relay {
  private readonly context: RelayContext;
  private readonly addresses: AddressLimiter;
  private readonly sessions = new Set<RelaySession>();
  private readonly http: Server;
  private readonly webSockets: WebSocketServer;
  private readonly metrics: Registry | null;
  private readonly fixedAuthority: string | null;
  private closing = false;

  /** @throws Error when `publicHost` is neither `host[:port]` nor a WebSocket URL. */
  constructor(private readonly options: RelayOptions = {}) {
    const host = createNodeHost();
    const clock = options.clock ?? host.clock;
    const random = options.random ?? host.random;
    const limits = { ...DEFAULT_RELAY_LIMITS, ...options.limits };
    this.fixedAuthority =
      options.publicHost === undefined ? null : publicAuthority(options.publicHost);
    this.context = {
      clock,
      random,
      limits,
      counters: new RelayCounters(),
      registry: new PeerRegistry(limits.maxPeers),
      challengeKeys: new ChallengeKeys(clock, random, host.crypto),
      crypto: host.crypto,
      log: options.log ?? (() => undefined),
    };
    this.addresses = new AddressLimiter(limits.maxPerAddress);
    this.metrics = options.metrics === false ? null : createRelayMetrics(this.counters);
    this.webSockets = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_RELAY_MESSAGE_BYTES,
      perMessageDeflate: false,
      clientTracking: false,
    });
    this.http = createServer({ headersTimeout: HEADERS_TIMEOUT_MS }, (request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
    this.http.maxConnections = limits.maxPeers + limits.maxUnproven + SPARE_CONNECTIONS;
    this.http.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
  }

  get counters(): RelayCounters {
    return this.context.counters;
  }

  /**
   * Starts listening.
   * @returns the URL at which this machine reaches the relay, and the port it listens at.
   */
  async start(): Promise<{ readonly url: string; readonly port: number }> {
    const { host = '127.0.0.1', port = 0 } = this.options;
    this.http.listen(port, host);
    try {
      await once(this.http, 'listening');
    } catch (error) {
      throw listenError(error, host, port);
    }
    const { port: actualPort } = this.http.address() as AddressInfo;
    return { url: `ws://${reachableHost(host)}:${actualPort}${RELAY_PATH}`, port: actualPort };
  }

  /** Tells every peer, closes their sockets and stops listening. */
  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    this.metrics?.clear();
    if (!this.http.listening) return;
    const closed = once(this.http, 'close');
    this.http.close();
    this.http.closeIdleConnections();
    for (const session of [...this.sessions]) session.shutDown();
    const cancel = this.context.clock.setTimer(CLOSE_TIMEOUT_MS, () =>
      this.http.closeAllConnections(),
    );
    await closed;
    cancel();
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Without a listener a peer that resets the connection now would end the process.
    socket.on('error', () => socket.destroy());
    const { limits, counters } = this.context;
    const authority = this.fixedAuthority ?? relayAuthority(`ws://${request.headers.host ?? ''}`);
    const address = request.socket.remoteAddress ?? '';
    if (pathOf(request) !== RELAY_PATH) return rejectUpgrade(socket, '404 Not Found');
    if (authority === null) return rejectUpgrade(socket, '400 Bad Request');
    if (this.closing) return rejectUpgrade(socket, '503 Service Unavailable');
    if (counters.sockets - counters.peers >= limits.maxUnproven) {
      counters.refused['too-many-sockets']++;
      return rejectUpgrade(socket, '503 Service Unavailable');
    }
    if (!this.addresses.acquire(address)) {
      counters.refused['too-many-per-address']++;
      return rejectUpgrade(socket, '429 Too Many Requests');
    }
    counters.sockets++;
    socket.once('close', () => {
      counters.sockets--;
      this.addresses.release(address);
    });
    this.webSockets.handleUpgrade(request, socket, head, (webSocket) =>
      this.accept(webSocket, authority),
    );
  }

  private accept(webSocket: WebSocket, authority: string): void {
    const { clock, counters } = this.context;
    const session = new RelaySession(
      this.context,
      {
        send: (message) => {
          if (webSocket.readyState === webSocket.OPEN) {
            webSocket.send(message, { binary: true, compress: false });
          }
        },
        bufferedBytes: () => webSocket.bufferedAmount,
        close: (reason) => {
          webSocket.close(POLICY_VIOLATION, reason);
          const cancel = clock.setTimer(CLOSE_TIMEOUT_MS, () => webSocket.terminate());
          webSocket.once('close', cancel);
        },
      },
      authority,
    );
    this.sessions.add(session);
    webSocket.on('message', (data, isBinary) => {
      if (isBinary) session.receive(data as Buffer);
      else session.refuseBadMessage();
    });
    webSocket.on('error', (error) => {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') counters.refused['too-large']++;
    });
    webSocket.on('close', () => {
      this.sessions.delete(session);
      session.closed();
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    const plain = { 'content-type': 'text/plain; charset=utf-8' };
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { ...plain, allow: 'GET, HEAD' }).end('Use GET.\n');
    } else if (path === '/healthz') {
      response.writeHead(this.closing ? 503 : 200, plain).end(this.closing ? 'closing\n' : 'ok\n');
    } else if (path === '/metrics' && this.metrics) {
      const text = await this.metrics.metrics();
      response.writeHead(200, { 'content-type': this.metrics.contentType }).end(text);
    } else if (path === RELAY_PATH) {
      response.writeHead(426, { ...plain, upgrade: 'websocket' }).end('Connect by WebSocket.\n');
    } else {
      response.writeHead(404, plain).end('Not found.\n');
    }
  }
}

function listenError(error: unknown, host: string, port: number): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return new Error(`port ${port} at ${host} is taken; choose another one, or 0 for a free one`);
  }
  if (code === 'EACCES') {
    return new Error(`this user may not listen at port ${port}; choose one above 1023`);
  }
  return error;
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0]!;
}

function rejectUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function publicAuthority(publicHost: string): string {
  const isUrl = publicHost.includes('://');
  // A bare host may name either default port: peers drop the one of the scheme they dial.
  const bare = isUrl ? publicHost : `ws://${publicHost.replace(/:(80|443)$/, '')}`;
  const authority = relayAuthority(bare);
  if (authority === null) {
    throw new Error(
      `"${publicHost}" is no public host: give host[:port] or the relay's ws: or wss: URL.`,
    );
  }
  return authority;
}

function reachableHost(host: string): string {
  const address = reachableAddress(host);
  return address.includes(':') ? `[${address}]` : address;
}
