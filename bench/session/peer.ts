/*
 * A program for the lab's nodes: camera or viewer of one run. Its argument tells what to do (`PeerTask`);
 * a camera says "ready", a viewer its `PeerResult`, as a line of JSON. It ends with its input.
 */
import type { PeerAddresses, Pipe, Transport } from './pipe';
import { dataChannel } from './transports/data-channel';
import { engine } from './transports/engine';
import { tcp } from './transports/tcp';
import { udx } from './transports/udx';
import { LIVE_VIDEO, receiveBulk, receiveLive, sendBulk, sendLive } from './workload';

export const TRANSPORTS = {
  engine,
  tcp,
  'udx-native': udx,
  'data channel': dataChannel(1),
  'data channel × 4': dataChannel(4),
} satisfies Record<string, Transport>;

export type TransportName = keyof typeof TRANSPORTS;

export type Work =
  | { readonly kind: 'live'; readonly frames: number; readonly deadlineMs: number }
  /** The span of the monotonic clock in which bytes count. */
  | { readonly kind: 'bulk'; readonly fromMs: number; readonly toMs: number };

export interface PeerTask {
  readonly role: 'camera' | 'viewer';
  readonly transport: TransportName;
  readonly addresses: PeerAddresses;
  readonly work: Work;
}

export interface PeerResult {
  /** Live: a frame's way from camera to viewer, in ms each. */
  readonly latencies?: readonly number[];
  /** Bulk: bytes that arrived in the span. */
  readonly bytes?: number;
  readonly note: string;
}

const say = (value: unknown) => console.log(JSON.stringify(value));

function serve(pipe: Pipe, work: Work): void {
  let started = false;
  // The viewer's first byte asks for the video.
  pipe.onData = () => {
    if (started) return;
    started = true;
    if (work.kind === 'live') sendLive(pipe, LIVE_VIDEO, work.frames);
    else sendBulk(pipe);
  };
}

async function watch(pipe: Pipe, work: Work): Promise<PeerResult> {
  const received =
    work.kind === 'live'
      ? receiveLive(pipe, work.frames, work.deadlineMs)
      : receiveBulk(pipe, work.fromMs, work.toMs);
  pipe.write(Uint8Array.of(1));
  const result = await received;
  return typeof result === 'number'
    ? { bytes: result, note: pipe.note() }
    : { latencies: result, note: pipe.note() };
}

async function main(): Promise<void> {
  process.stdin.resume().on('end', () => process.exit(0));
  const { role, transport, addresses, work } = JSON.parse(process.argv[2]!) as PeerTask;
  if (role === 'camera') {
    await TRANSPORTS[transport].listen(addresses, (pipe) => serve(pipe, work));
    say('ready');
    return;
  }
  say(await watch(await TRANSPORTS[transport].connect(addresses), work));
  process.exit(0);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
