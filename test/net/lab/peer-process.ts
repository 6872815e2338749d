import type { Lab } from './lab';
import type { MapResult, PeerCommand, ProbeResult, PunchResult } from './lab-peer';
import { LabProgram } from './lab-program';
import type { LabNode } from './topology';

const PROGRAM = 'test/net/lab/lab-peer.ts';

/** A `lab-peer` that runs on a node, and goes with the lab. */
export class PeerProcess {
  private constructor(private readonly program: LabProgram) {}

  static async start(lab: Lab, node: LabNode, role: 'reflect' | 'peer'): Promise<PeerProcess> {
    return new PeerProcess(await LabProgram.start(lab, node, PROGRAM, [role]));
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
    return this.program.tell(command);
  }
}
