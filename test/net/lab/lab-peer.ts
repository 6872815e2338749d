/*
 * A program for the lab's nodes. `lab-peer.ts reflect` is the server's, `lab-peer.ts peer` takes
 * commands: a line of JSON each on standard input, answered by a line of JSON.
 */
import { createSocket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SocketAddress } from '../../../services/host';
import { createNodeHost, createOpenUdpSocket } from '../../../services/host/node';
import { NaivePuncher, reflect } from '../naive-puncher';
import { serveCommands } from './serve-commands';
import { SERVER_ADDRESSES } from './topology';

/** What a peer can be told to do. */
export type PeerCommand =
  /** Asks the reflectors; from a fresh socket unless `keepsSocket`. */
  | { readonly do: 'map'; readonly keepsSocket?: boolean }
  /** Tries to reach another peer from the socket that was mapped last. */
  | { readonly do: 'punch'; readonly candidates: readonly SocketAddress[] }
  /** Measures the way to the server. */
  | { readonly do: 'probe'; readonly count: number; readonly intervalMs: number };

/** In the order of the reflectors, two addresses with two ports each; null where none answered. */
export type MapResult = readonly (SocketAddress | null)[];

export interface PunchResult {
  readonly connected: SocketAddress | null;
  readonly isPeerReflexive: boolean;
}

export interface ProbeResult {
  readonly sent: number;
  readonly received: number;
  readonly minRttMs: number;
  readonly medianRttMs: number;
}

const REFLECTORS = SERVER_ADDRESSES.flatMap((address) =>
  [3478, 3479].map((port) => ({ address, port })),
);
const MAP_DEADLINE_MS = 1000;
const PUNCH_DEADLINE_MS = 2000;
const PROBE_GRACE_MS = 500;
const POLL_MS = 5;

const { clock } = createNodeHost();
const openUdpSocket = createOpenUdpSocket();
let puncher: NaivePuncher | null = null;

async function until(done: () => boolean, deadlineMs: number): Promise<void> {
  const startedMs = clock.nowMs();
  while (!done() && clock.nowMs() - startedMs < deadlineMs) await sleep(POLL_MS);
}

async function answer(command: PeerCommand): Promise<MapResult | PunchResult | ProbeResult> {
  switch (command.do) {
    case 'map':
      return map(command.keepsSocket ?? false);
    case 'punch':
      return punch(command.candidates);
    case 'probe':
      return probe(command.count, command.intervalMs);
  }
}

async function map(keepsSocket: boolean): Promise<MapResult> {
  if (puncher === null || !keepsSocket) {
    puncher?.close();
    puncher = new NaivePuncher(openUdpSocket, clock, REFLECTORS);
  } else puncher.askAgain();
  const asking = puncher;
  await until(() => asking.isMapped, MAP_DEADLINE_MS);
  return REFLECTORS.map((_, i) => asking.mapped[i] ?? null);
}

async function punch(candidates: readonly SocketAddress[]): Promise<PunchResult> {
  if (puncher === null) throw new Error('there is no socket: map first');
  const punching = puncher;
  punching.punch(candidates);
  await until(() => punching.connected !== null, PUNCH_DEADLINE_MS);
  return { connected: punching.connected, isPeerReflexive: punching.isPeerReflexive };
}

async function probe(count: number, intervalMs: number): Promise<ProbeResult> {
  const { address, port } = REFLECTORS[0]!;
  const sentAtMs: number[] = [];
  const rttsMs: number[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (packet) => {
    const id = Number(packet.toString().split(' ').at(-1));
    rttsMs.push(clock.nowMs() - sentAtMs[id]!);
  });
  for (let id = 0; id < count; id++) {
    sentAtMs.push(clock.nowMs());
    socket.send(`? ${id}`, port, address);
    await sleep(intervalMs);
  }
  await sleep(PROBE_GRACE_MS);
  socket.close();
  rttsMs.sort((a, b) => a - b);
  return {
    sent: count,
    received: rttsMs.length,
    minRttMs: rttsMs[0] ?? NaN,
    medianRttMs: rttsMs[rttsMs.length >> 1] ?? NaN,
  };
}

async function serveReflectors(): Promise<void> {
  for (const { address, port } of REFLECTORS) {
    const socket = createSocket('udp4');
    socket.on('message', (packet, from) => {
      const reflection = reflect(packet, from);
      if (reflection !== null) socket.send(reflection, from.port, from.address);
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(port, address, resolve);
    });
  }
}

async function main(): Promise<void> {
  if (process.argv[2] === 'reflect') await serveReflectors();
  serveCommands('ready', answer);
}

void main();
