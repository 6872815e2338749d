import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

export const ROOT = path.resolve(__dirname, '../../..');
const READY_DEADLINE_MS = 60_000;

type Event = Readonly<Record<string, unknown>> & { readonly event: string };

/** One of the agents, as `npm start` runs it; the test decides when it dies, and how. */
export class Program {
  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
    readonly ready: Event,
  ) {}

  /** Starts `agents/<name>` and waits for the event that tells that it does its work. */
  static async start(name: string, args: readonly string[], readyEvent: string): Promise<Program> {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', `agents/${name}/main.ts`, '--json', ...args],
      { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
    );
    const output: string[] = [];
    child.stderr!.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    const ready = await new Promise<Event>((resolve, reject) => {
      const fail = (how: string) => reject(new Error(`${name} ${how}:\n${output.join('')}`));
      const deadline = setTimeout(() => fail('is not ready in time'), READY_DEADLINE_MS);
      child.once('exit', (code) => fail(`ended with ${code}`));
      createInterface({ input: child.stdout! }).on('line', (line) => {
        output.push(`${line}\n`);
        const event = parse(line);
        if (event?.event !== readyEvent) return;
        clearTimeout(deadline);
        resolve(event);
      });
    });
    return new Program(name, child, ready);
  }

  /** Ends it the way a power cut does. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }

  /** It hangs, as firmware does: connections stay and nobody answers. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
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
