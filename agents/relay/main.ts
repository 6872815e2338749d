import { Command, Option } from 'commander';
import {
  LOG_LEVELS,
  closeOnExit,
  createOutput,
  exitWithParent,
  fail,
  parseCount,
  parsePort,
} from '../cli';
import type { LogLevel } from '../cli';
import { createNodeHost } from '../../services/host/node';
import { Relay } from './relay';
import { DEFAULT_RELAY_LIMITS } from './relay-limits';
import { StunServer } from './stun-server';

interface Options {
  readonly host: string;
  readonly port: number;
  readonly publicHost?: string;
  readonly maxPeers: number;
  readonly maxPerIp: number;
  readonly maxMbps: number;
  readonly stun: boolean;
  readonly stunPort?: number;
  readonly stunHost2?: string;
  readonly metrics: boolean;
  readonly json: boolean;
  readonly logLevel?: LogLevel;
  readonly exitWithParent: boolean;
}

const BYTES_PER_MEGABIT = 125_000;

const options = new Command('relay')
  .description('Forwards sealed packets between cameras and viewers that cannot reach each other.')
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--port <number>', 'port to listen on, 0 for a free one', parsePort, 8700)
  .option(
    '--public-host <authority>',
    'host[:port] or URL by which peers reach the relay; give it on a public server',
  )
  .option(
    '--max-peers <number>',
    'peers registered at a time',
    parseCount(1),
    DEFAULT_RELAY_LIMITS.maxPeers,
  )
  .option(
    '--max-per-ip <number>',
    'sockets per network address, 0 for no limit (behind a proxy)',
    parseCount(0),
    DEFAULT_RELAY_LIMITS.maxPerAddress,
  )
  .option(
    '--max-mbps <number>',
    'megabits per second from one peer',
    parseCount(1),
    DEFAULT_RELAY_LIMITS.maxBytesPerS / BYTES_PER_MEGABIT,
  )
  .option(
    '--stun-port <number>',
    'first of two UDP ports for STUN, 0 for free ones (default: as --port, or others if taken)',
    parsePort,
  )
  .option(
    '--stun-host2 <address>',
    'second address of this machine for STUN, so that peers can tell every kind of NAT',
  )
  .option('--no-stun', 'do not tell peers the address they are seen with')
  .option('--no-metrics', 'do not answer GET /metrics')
  .option('--json', 'print events as lines of JSON', false)
  .addOption(new Option('--log-level <level>', 'how much to log').choices(LOG_LEVELS))
  .option('--exit-with-parent', 'end when standard input closes', false)
  .parse()
  .opts<Options>();

const output = createOutput({ json: options.json, name: 'relay' });
if (options.logLevel) output.log.level = options.logLevel;

function createRelay(): Relay {
  return new Relay({
    host: options.host,
    port: options.port,
    publicHost: options.publicHost,
    metrics: options.metrics,
    limits: {
      maxPeers: options.maxPeers,
      maxPerAddress: options.maxPerIp,
      maxBytesPerS: options.maxMbps * BYTES_PER_MEGABIT,
    },
    log: (event, detail) => output.log.debug(detail, event),
  });
}

async function run(): Promise<void> {
  const relay = createRelay();
  if (options.publicHost === undefined && !isLoopback(options.host)) {
    output.log.warn(
      'Without --public-host a hostile relay can register as a peer that was lured to it. ' +
        'Give the host name of this relay.',
    );
  }
  const { url, port } = await relay.start();
  closeOnExit(() => relay.close());
  const stun = options.stun ? await startStun(relay, port) : [];
  const sentence = stun.length > 0 ? `, STUN at ${stun.join(', ')}` : '';
  output.announce({ event: 'listening', url, stun }, `The relay is at ${url}${sentence}`);
  if (options.exitWithParent) exitWithParent();
}

/** @param relayPort the first choice, since peers that know it need not be told another one. */
async function startStun(relay: Relay, relayPort: number): Promise<readonly string[]> {
  const isAskedFor = options.stunPort !== undefined || options.stunHost2 !== undefined;
  const server = new StunServer({
    clock: createNodeHost().clock,
    counters: relay.counters,
    host: options.host,
    host2: options.stunHost2,
    port: options.stunPort ?? relayPort,
    mayMove: options.stunPort === undefined,
  });
  try {
    const { urls } = await server.start();
    closeOnExit(() => server.close());
    return urls;
  } catch (error) {
    if (isAskedFor) throw error;
    // A relay is of use without it.
    output.log.warn(error, 'STUN does not work here');
    return [];
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

run().catch(fail);
