import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Lab } from './lab';
import type { MapResult, PeerCommand, ProbeResult, PunchResult } from './lab-peer';
import type { LabNode } from './topology';

const PROGRAM = path.join(__dirname, 'lab-peer.ts');
const TSX = require.resolve('tsx');

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** A `lab-peer` that runs on a node, and goes with the lab. */
export class PeerProcess {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly waiting: Waiting[] = [];
  private complaints = '';

  private constructor(lab: Lab, node: LabNode, role: 'reflect' | 'peer') {
    this.child = lab.exec(node, process.execPath, ['--import', TSX, PROGRAM, role]);
    const lines = createInterface({ input: this.child.stdout });
    lines.on('line', (line) => this.waiting.shift()?.resolve(JSON.parse(line)));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.complaints += text;
    });
    this.child.on('close', () => {
      const error = new Error(`the peer on ${node} has ended: ${this.complaints}`);
      for (const { reject } of this.waiting.splice(0)) reject(error);
    });
  }

  static async start(lab: Lab, node: LabNode, role: 'reflect' | 'peer'): Promise<PeerProcess> {
    const peer = new PeerProcess(lab, node, role);
    await peer.nextLine();
    return peer;
  }

  map(options: { readonly keepsSocket?: boolean } = {}): Promise<MapResult> {
    return this.tell({ do: 'map', ...options }) as Promise<MapResult>;
  }

  punch(candidates: MapResult): Promise<PunchResult> {
    const known = candidates.flatMap((candidate) => candidate ?? []);
    return this.tell({ do: 'punch', candidates: known }) as Promise<PunchResult>;
  }

  probe(count: number, intervalMs: number): Promise<ProbeResult> {
    return this.tell({ do: 'probe', count, intervalMs }) as Promise<ProbeResult>;
  }

  private tell(command: PeerCommand): Promise<unknown> {
    this.child.stdin.write(`${JSON.stringify(command)}\n`);
    return this.nextLine();
  }

  private nextLine(): Promise<unknown> {
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }
}
