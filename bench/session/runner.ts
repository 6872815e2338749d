import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { build } from 'esbuild';
import type { Lab } from '../../test/net/lab/lab';
import type { LabNode } from '../../test/net/lab/topology';
import { SERVER_ADDRESSES } from '../../test/net/lab/topology';
import type { PeerResult, PeerTask, TransportName, Work } from './peer';

const PROGRAM = path.join(__dirname, '../../.cache/bench/session-peer.cjs');
/** Beyond the work itself: starting, connecting, finding the direct path. */
const GRACE_MS = 30_000;

let nextPort = 20_000;

/** Bundles the peers' program, so that what is measured is not a loader's code. */
export async function buildPeer(): Promise<void> {
  await build({
    entryPoints: [path.join(__dirname, 'peer.ts')],
    outfile: PROGRAM,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['udx-native', 'node-datachannel'],
    logLevel: 'error',
  });
}

/** Where a run takes place. */
export interface RunPlace {
  readonly lab: Lab;
  /** The camera's node; the viewer is at the server. */
  readonly camera: LabNode;
  readonly cameraAddress: string;
}

export type TcpCongestion = 'bbr' | 'cubic';

/**
 * Chooses the congestion control of the camera's TCP: by its route, since a network namespace may not
 * make any it likes its default.
 */
export async function setTcpCongestion(
  { lab, camera }: RunPlace,
  name: TcpCongestion,
): Promise<void> {
  const route = (await lab.run(camera, 'ip', ['route', 'show', 'default'])).trim();
  const [, via] = /^(default via \S+ dev \S+)/.exec(route) ?? [];
  if (via === undefined) throw new Error(`${camera} has no default route`);
  await lab.run(camera, 'ip', ['route', 'replace', ...via.split(' '), 'congctl', name]);
}

/** Runs one camera and one viewer to the end. */
export async function runPair(
  { lab, camera, cameraAddress }: RunPlace,
  transport: TransportName,
  work: Work,
): Promise<PeerResult> {
  const addresses = {
    camera: cameraAddress,
    viewer: SERVER_ADDRESSES[0],
    port: (nextPort += 10),
    privateKey: randomBytes(32).toString('hex'),
    accessSecret: randomBytes(16).toString('hex'),
  };
  const start = (node: LabNode, role: PeerTask['role']) => {
    const task: PeerTask = { role, transport, addresses, work };
    return lab.exec(node, process.execPath, [...peerFlags(role), PROGRAM, JSON.stringify(task)]);
  };
  const children: ChildProcessWithoutNullStreams[] = [];
  try {
    children.push(start(camera, 'camera'));
    await firstLine(children[0]!, `${transport} camera`);
    children.push(start('srv', 'viewer'));
    const result = JSON.parse(await firstLine(children[1]!, `${transport} viewer`)) as PeerResult;
    if (result.note !== '') console.log(`${transport}: ${result.note}`);
    return result;
  } finally {
    for (const child of children) child.stdin.end();
    await Promise.all(children.map(ended));
  }
}

/** Options for Node, e.g. `--cpu-prof`, from the environment variable BENCH_NODE_OPTIONS. */
const peerFlags = (role: string): string[] => {
  const options = process.env.BENCH_NODE_OPTIONS?.split(' ') ?? [];
  return options.map((option) => option.replace('%role', role));
};

function firstLine(child: ChildProcessWithoutNullStreams, who: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let complaints = '';
    const timer = setTimeout(() => reject(new Error(`${who} says nothing`)), GRACE_MS * 4);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints += text;
    });
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer);
      resolve(line);
    });
    child.once('close', () => {
      clearTimeout(timer);
      reject(new Error(`${who} has ended: ${complaints}`));
    });
  });
}

function ended(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), 2000);
    child.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
