import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Impairment } from '../impaired-link';
import { runCommand } from './run-command';

export interface WireImpairment {
  /** Towards the internet. */
  readonly up?: Impairment;
  /** From the internet. */
  readonly down?: Impairment;
}

/** Frames by what became of them, since the wire is there. */
export interface WireCounters {
  readonly sent: number;
  readonly lost: number;
  readonly overflowed: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly delivered: number;
}

export interface WireStats {
  readonly up: WireCounters;
  readonly down: WireCounters;
}

interface WireEnd {
  readonly namespace: string;
  readonly device: string;
}

const SOURCE = path.join(__dirname, 'wire.c');
const CACHE = path.join(__dirname, '../../../.cache/lab');
const ANSWER_DEADLINE_MS = 5000;
const POLL_MS = 2;

/** A running wire, known by its files: whoever has the folder can change it. */
export class LabWire {
  private constructor(
    private readonly base: string,
    readonly pid: number,
  ) {}

  /** Starts a wire between two devices, which it creates. It outlives us. */
  static async start(options: {
    /** See `buildWire`. */
    readonly program: string;
    readonly folder: string;
    readonly name: string;
    readonly seed: number;
    readonly ends: readonly [WireEnd, WireEnd];
    readonly impairment: WireImpairment;
  }): Promise<LabWire> {
    const { program, folder, name, seed, ends, impairment } = options;
    const base = path.join(folder, `wire-${name}`);
    writeFileSync(`${base}.config`, configText(impairment));
    const log = openSync(`${base}.log`, 'w');
    const child = spawn(
      program,
      [
        String(seed),
        `${base}.config`,
        `${base}.stats`,
        ...ends.flatMap(({ namespace, device }) => [namespace, device]),
      ],
      { detached: true, stdio: ['ignore', 'pipe', log] },
    );
    child.unref();
    const output = child.stdout!;
    await new Promise<void>((resolve, reject) => {
      output.once('data', () => resolve());
      child.once('error', reject);
      child.once('exit', () =>
        reject(new Error(`wire ${name} ended: ${readFileSync(`${base}.log`, 'utf8')}`)),
      );
    });
    output.destroy();
    child.removeAllListeners();
    writeFileSync(`${base}.pid`, String(child.pid));
    return new LabWire(base, child.pid!);
  }

  /** One that another process has started. */
  static open(folder: string, name: string): LabWire {
    const base = path.join(folder, `wire-${name}`);
    return new LabWire(base, Number(readFileSync(`${base}.pid`, 'utf8')));
  }

  /** Changes what the wire does; what is not named is off. */
  async impair(impairment: WireImpairment): Promise<void> {
    writeFileSync(`${this.base}.config`, configText(impairment));
    await this.stats();
  }

  async stats(): Promise<WireStats> {
    const before = this.readStats()?.serial;
    process.kill(this.pid, 'SIGHUP');
    for (let waitedMs = 0; waitedMs < ANSWER_DEADLINE_MS; waitedMs += POLL_MS) {
      const stats = this.readStats();
      if (stats !== null && stats.serial !== before) return stats;
      await sleep(POLL_MS);
    }
    throw new Error(`the wire does not answer: ${readFileSync(`${this.base}.log`, 'utf8')}`);
  }

  private readStats(): (WireStats & { readonly serial: number }) | null {
    try {
      return JSON.parse(readFileSync(`${this.base}.stats`, 'utf8')) as WireStats & {
        readonly serial: number;
      };
    } catch {
      return null;
    }
  }
}

/** Compiles the wire, unless this very source has been compiled before. @returns the program. */
export async function buildWire(): Promise<string> {
  const hash = createHash('sha256').update(readFileSync(SOURCE)).digest('hex').slice(0, 16);
  const program = path.join(CACHE, `wire-${hash}`);
  mkdirSync(CACHE, { recursive: true });
  try {
    readFileSync(program);
  } catch {
    // Renamed into place: several labs may start at once.
    const partial = `${program}.${process.pid}`;
    await runCommand('gcc', ['-O2', '-Wall', '-o', partial, SOURCE]);
    renameSync(partial, program);
  }
  return program;
}

function configText({ up = {}, down = {} }: WireImpairment): string {
  return Object.entries({ up, down })
    .flatMap(([direction, impairment]) =>
      Object.entries(impairment).map(([key, value]) => `${direction} ${key} ${Number(value)}\n`),
    )
    .join('');
}
