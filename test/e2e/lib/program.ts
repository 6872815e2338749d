import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';

export const ROOT = path.resolve(__dirname, '../../..');
const READY_DEADLINE_MS = 60_000;
const EVENT_DEADLINE_MS = 20_000;

type Event = Readonly<Record<string, unknown>> & { readonly event: string };

/** One of the agents, as `npm start` runs it; the test decides when it dies, and how. */
export class Program {
  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
    readonly ready: Event,
    private readonly events: readonly Event[],
    private readonly lines: Interface,
  ) {}

  /** Starts `agents/<name>` and waits for the event that tells that it does its work. */
  static async start(name: string, args: readonly string[], readyEvent: string): Promise<Program> {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', `agents/${name}/main.ts`, '--json', ...args],
      { cwd: ROOT, stdio: ['pipe', 'pipe', 'pipe', 'ipc'] },
    );
    const output: string[] = [];
    const events: Event[] = [];
    const lines = createInterface({ input: child.stdout! });
    child.stderr!.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    const ready = await new Promise<Event>((resolve, reject) => {
      const fail = (how: string) => reject(new Error(`${name} ${how}:\n${output.join('')}`));
      const deadline = setTimeout(() => fail('is not ready in time'), READY_DEADLINE_MS);
      child.once('exit', (code) => fail(`ended with ${code}`));
      lines.on('line', (line) => {
        output.push(`${line}\n`);
        const event = parse(line);
        if (event !== null) events.push(event);
        if (event?.event !== readyEvent) return;
        clearTimeout(deadline);
        resolve(event);
      });
    });
    return new Program(name, child, ready, events, lines);
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Ends it the way a power cut does. */
  async kill(): Promise<void> {
    if (!this.isRunning) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }

  /** Waits until the latest event of this name is as wanted. */
  async until(name: string, isWanted: (event: Event) => boolean): Promise<void> {
    const deadlineMs = performance.now() + EVENT_DEADLINE_MS;
    for (;;) {
      const latest = this.events.filter(({ event }) => event === name).at(-1);
      if (latest !== undefined && isWanted(latest)) return;
      const signal = AbortSignal.timeout(Math.max(1, Math.ceil(deadlineMs - performance.now())));
      await once(this.lines, 'line', { signal });
    }
  }

  /** As if somebody typed it. */
  async type(line: string): Promise<void> {
    await new Promise<void>((resolve, reject) =>
      this.child.stdin!.write(`${line}\n`, (error) => (error ? reject(error) : resolve())),
    );
  }

  /** Stops it where it is, as a system does that has no time for it, or lets it go on. */
  freeze(frozen: boolean): void {
    this.child.kill(frozen ? 'SIGSTOP' : 'SIGCONT');
  }

  text(field: string): string {
    const value = this.ready[field];
    if (typeof value !== 'string') throw new Error(`${this.name} told no ${field}`);
    return value;
  }
}

function parse(line: string): Event | null {
  try {
    const event = JSON.parse(line) as Event;
    return typeof event.event === 'string' ? event : null;
  } catch {
    return null;
  }
}
