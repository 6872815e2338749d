import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { RelayCounters } from './relay-counters';

/**
 * Shows the counters to Prometheus, beside Node's own figures. They are read when scraped, so that
 * forwarding a packet costs an addition and not a look-up by label.
 */
export function createRelayMetrics(counters: RelayCounters): Registry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  const counter = (name: string, help: string, read: () => number): void => {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  };
  const byReason = (name: string, help: string, counts: Readonly<Record<string, number>>): void => {
    new Counter({
      name,
      help,
      registers,
      labelNames: ['reason'],
      collect() {
        this.reset();
        for (const [reason, count] of Object.entries(counts)) this.inc({ reason }, count);
      },
    });
  };

  gauge('relay_peers', 'Peers registered at present', () => counters.peers);
  gauge('relay_sockets', 'WebSockets open at present', () => counters.sockets);
  counter('relay_packets_forwarded_total', 'Packets passed on', () => counters.packetsForwarded);
  counter('relay_bytes_forwarded_total', 'Bytes passed on', () => counters.bytesForwarded);
  byReason('relay_packets_dropped_total', 'Packets not passed on', counters.dropped);
  byReason('relay_refused_total', 'Sockets refused or closed', counters.refused);
  counter('relay_stun_answered_total', 'STUN requests answered', () => counters.stunAnswered);
  counter('relay_stun_refused_total', 'STUN requests refused', () => counters.stunRefused);
  byReason('relay_stun_ignored_total', 'Datagrams not answered', counters.stunIgnored);
  return registry;
}
