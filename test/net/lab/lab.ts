import { spawn } from 'node:child_process';
import type { ChildProcess, ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Impairment } from '../impaired-link';
import type { NatKind } from '../nat-box';
import { LabNetwork } from './lab-network';
import type { LabState } from './lab-network';
import { LabWire, buildWire } from './lab-wire';
import type { WireImpairment, WireStats } from './lab-wire';
import { missingForLab } from './missing-for-lab';
import { runCommand } from './run-command';
import { PLAN, SITES, folderOf, namespaceOf, namespacePrefix } from './topology';
import type { LabNode, LabPlace, LabSite } from './topology';

export interface LabOptions {
  /** Tells labs apart that run at the same time (default: one that nobody has). */
  readonly name?: string;
  /** Default 'port-restricted', the common home router. */
  readonly natA?: NatKind;
  readonly natB?: NatKind;
  /** Default 'symmetric', as mobile networks are. */
  readonly natA2?: NatKind;
  readonly impairments?: Partial<Record<LabSite, Impairment | WireImpairment>>;
  /** What the wires roll their dice with (default 1). */
  readonly seed?: number;
  /** Whether the lab outlives this process (default not). */
  readonly stays?: boolean;
}

const CLEAN_UP = path.join(__dirname, 'clean-up.sh');
const STATE_FILE = 'state.json';
/** Without the hyphen that parts a lab's name from that of its node. */
const NAME = /^\w{1,32}$/;

let labs = 0;

/**
 * Hosts behind NATs, with real sockets: network namespaces, nftables and wires with impairments. See
 * `topology.ts` for the map. It needs root, and goes down with the process that started it.
 */
export class Lab {
  private readonly network: LabNetwork;
  private readonly wires = new Map<LabSite, LabWire>();

  private constructor(
    readonly name: string,
    private readonly state: LabState,
    private readonly janitor: ChildProcess | null,
  ) {
    this.network = new LabNetwork(name, state);
  }

  /** Builds a lab. @throws Error that tells what this machine lacks. */
  static async up(options: LabOptions = {}): Promise<Lab> {
    const missing = missingForLab();
    if (missing.length > 0) throw new Error(`the lab needs ${missing.join(', ')}`);
    const { name = `${process.pid.toString(36)}x${(++labs).toString(36)}` } = options;
    if (!NAME.test(name)) throw new Error('a lab is named with letters, digits and "_"');
    const { natA = 'port-restricted', natB = 'port-restricted', natA2 = 'symmetric' } = options;
    await Lab.remove(name);
    mkdirSync(folderOf(name), { recursive: true });
    const state: LabState = {
      kinds: { A: natA, A2: natA2, B: natB },
      rebinds: { A: 0, A2: 0, B: 0 },
      place: 'wifi',
    };
    const lab = new Lab(name, state, options.stays === true ? null : startJanitor(name));
    try {
      await lab.build(options);
    } catch (error) {
      await lab.down();
      throw error;
    }
    return lab;
  }

  /** A lab that another process has built. */
  static open(name: string): Lab {
    const file = path.join(folderOf(name), STATE_FILE);
    if (!existsSync(file)) throw new Error(`there is no lab "${name}"`);
    const lab = new Lab(name, JSON.parse(readFileSync(file, 'utf8')) as LabState, null);
    for (const site of SITES) lab.wires.set(site, LabWire.open(folderOf(name), site));
    return lab;
  }

  /** Names of the labs that are there. */
  static list(): string[] {
    const { dir, base } = path.parse(folderOf(''));
    return readdirSync(dir)
      .filter((name) => name.startsWith(base))
      .map((name) => name.slice(base.length));
  }

  /** Removes a lab, also one that was never finished, and ends everything that runs in it. */
  static async remove(name: string): Promise<void> {
    await runCommand('sh', [CLEAN_UP, namespacePrefix(name), folderOf(name)]);
  }

  /** Removes this lab. */
  async down(): Promise<void> {
    const { janitor, name } = this;
    if (janitor === null || janitor.exitCode !== null || janitor.signalCode !== null) {
      await Lab.remove(name);
      return;
    }
    const gone = new Promise((resolve) => janitor.once('exit', resolve));
    janitor.ref();
    janitor.stdin!.end();
    await gone;
  }

  /** A host's address, as its own network knows it. */
  addressOf(node: 'a' | 'b' | 'b2', site: LabSite = node === 'a' ? 'A' : 'B'): string {
    const host = PLAN[site].hosts.find((candidate) => candidate.node === node);
    if (host === undefined) throw new Error(`${node} is not at ${site}`);
    return this.network.hostAddress(site, host);
  }

  /** Starts a program on a node. */
  exec(node: LabNode, command: string, args: readonly string[]): ChildProcessWithoutNullStreams {
    return spawn('ip', this.network.inNamespace(node, command, args), { stdio: 'pipe' });
  }

  /** The same, on our own terminal. */
  execHere(node: LabNode, command: string, args: readonly string[]): ChildProcess {
    return spawn('ip', this.network.inNamespace(node, command, args), { stdio: 'inherit' });
  }

  /** Runs a program on a node to its end. @returns its output. */
  run(node: LabNode, command: string, args: readonly string[]): Promise<string> {
    return this.network.run(node, command, args);
  }

  /** Changes a wire; what is not named is off. One impairment alone holds for both directions. */
  async impair(site: LabSite, impairment: Impairment | WireImpairment): Promise<void> {
    await this.wires.get(site)!.impair(bothWays(impairment));
  }

  stats(site: LabSite): Promise<WireStats> {
    return this.wires.get(site)!.stats();
  }

  natOf(site: LabSite): NatKind {
    return this.state.kinds[site];
  }

  /** Puts another NAT in a router's place; hosts may get other addresses by that. */
  async setNat(site: LabSite, kind: NatKind): Promise<void> {
    this.state.kinds[site] = kind;
    this.saveState();
    await this.network.configureSite(site);
  }

  /** Host a goes to another network, or to none; sockets bound to all addresses live on. */
  async roam(place: LabPlace): Promise<void> {
    this.state.place = place;
    this.saveState();
    await this.network.applyPlace();
  }

  /** A router was restarted: it has forgotten all flows, and sockets get other ports than they had. */
  async rebind(site: LabSite): Promise<void> {
    await this.network.rebind(site);
    this.saveState();
  }

  /** Gives a, b and b2 global IPv6 addresses, or takes them away again. Host a has them on Wi-Fi only. */
  async setIpv6(isOn: boolean): Promise<void> {
    await this.network.setIpv6(isOn);
  }

  /** Drops UDP between a site and everybody but the server, or lets it through again. */
  async cutDirect(site: LabSite, isCut: boolean): Promise<void> {
    await this.network.cutDirect(site, isCut);
  }

  private async build({ impairments = {}, seed = 1 }: LabOptions): Promise<void> {
    this.saveState();
    const folder = folderOf(this.name);
    const program = await buildWire();
    await this.network.create();
    await Promise.all(
      SITES.map(async (site, number) => {
        const wire = await LabWire.start({
          program,
          folder,
          name: site,
          seed: seed * SITES.length + number,
          ends: [
            { namespace: namespaceOf(this.name, PLAN[site].router), device: 'wan' },
            { namespace: namespaceOf(this.name, 'inet'), device: `w${site}` },
          ],
          impairment: bothWays(impairments[site] ?? {}),
        });
        this.wires.set(site, wire);
      }),
    );
    await this.network.connect();
  }

  private saveState(): void {
    writeFileSync(path.join(folderOf(this.name), STATE_FILE), JSON.stringify(this.state));
  }
}

function bothWays(impairment: Impairment | WireImpairment): WireImpairment {
  if ('up' in impairment || 'down' in impairment) return impairment;
  return { up: impairment as Impairment, down: impairment as Impairment };
}

/** Removes the lab when we end, even if we are killed: its input closes then. */
function startJanitor(name: string): ChildProcess {
  const janitor = spawn('sh', [CLEAN_UP, namespacePrefix(name), folderOf(name), '--after-input'], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  janitor.unref();
  return janitor;
}
