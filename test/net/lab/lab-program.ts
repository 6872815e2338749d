import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Lab } from './lab';
import type { LabNode } from './topology';

const TSX = require.resolve('tsx');
const ROOT = path.resolve(__dirname, '../../..');

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * A TypeScript program that runs on a node, and goes with the lab. It tells a line of JSON when it is
 * ready, and answers each line of JSON with another; see `serve-commands.ts`.
 */
export class LabProgram<Ready = unknown> {
  private readonly waiting: Waiting[] = [];
  private complaints = '';
  private ended = false;

  private constructor(
    private readonly child: ChildProcessWithoutNullStreams,
    private readonly name: string,
  ) {
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => this.waiting.shift()?.resolve(JSON.parse(line)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.complaints += text;
    });
    // A program that has ended reads no more; 'close' tells of it.
    child.stdin.on('error', () => undefined);
    child.on('close', () => {
      this.ended = true;
      for (const { reject } of this.waiting.splice(0)) reject(this.endError());
    });
  }

  /** What it told when it was ready. */
  ready!: Ready;

  /** Starts a program and waits until it is ready. @param file its path in the repository. */
  static async start<Ready>(
    lab: Lab,
    node: LabNode,
    file: string,
    args: readonly string[] = [],
  ): Promise<LabProgram<Ready>> {
    const child = lab.exec(node, process.execPath, [
      '--import',
      TSX,
      path.join(ROOT, file),
      ...args,
    ]);
    const program = new LabProgram<Ready>(child, `${path.basename(file)} on ${node}`);
    program.ready = (await program.nextLine()) as Ready;
    return program;
  }

  /** @throws Error with what the program complained of when it fails or has ended. */
  async tell(command: unknown): Promise<unknown> {
    this.child.stdin.write(`${JSON.stringify(command)}\n`);
    const answer = await this.nextLine();
    if (isError(answer)) throw new Error(`${this.name}: ${answer.error}`);
    return answer;
  }

  /** Ends it the way a power cut does. */
  async kill(): Promise<void> {
    if (this.ended) return;
    const closed = once(this.child, 'close');
    this.child.kill('SIGKILL');
    await closed;
  }

  private nextLine(): Promise<unknown> {
    if (this.ended) return Promise.reject(this.endError());
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  private endError(): Error {
    return new Error(`${this.name} has ended: ${this.complaints}`);
  }
}

function isError(answer: unknown): answer is { readonly error: string } {
  return typeof answer === 'object' && answer !== null && 'error' in answer;
}
