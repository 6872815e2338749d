import { spawn } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { ROOT } from './program';

const SOURCE = path.resolve(__dirname, '../consumer-app');
/** Below the root, so that its build finds Taro where this repository has it. */
const FOLDER = path.join(ROOT, '.cache/consumer-app');
const KIT = path.join(FOLDER, 'node_modules/taro-iot-video');
const bin = (file: string) => path.join(ROOT, 'node_modules', file);

/** An app of somebody else's, with the kit's npm package installed and nothing set up but its plugin. */
export class ConsumerApp {
  static readonly kit = KIT;

  static async install(): Promise<ConsumerApp> {
    rmSync(FOLDER, { recursive: true, force: true });
    cpSync(SOURCE, FOLDER, { recursive: true });
    await run(ROOT, [path.join(ROOT, 'scripts/package.mjs'), '--out', KIT]);
    return new ConsumerApp();
  }

  /** @returns the folder of the output */
  async build(host: 'weapp' | 'h5'): Promise<string> {
    await run(FOLDER, [bin('@tarojs/cli/bin/taro'), 'build', '--type', host, '--no-check']);
    return path.join(FOLDER, 'dist', host);
  }

  /** What TypeScript says of the app and of the kit's declarations; Taro's own have errors, too. */
  async typeErrors(): Promise<readonly string[]> {
    const args = [bin('typescript/bin/tsc'), '-p', '.', '--pretty', 'false'];
    const { output } = await start(FOLDER, args);
    return output
      .split('\n')
      .filter((line) => /^(src|node_modules\/taro-iot-video)\/.*: error/.test(line));
  }
}

async function run(cwd: string, args: readonly string[]): Promise<void> {
  const { code, output } = await start(cwd, args);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${output}`);
}

async function start(
  cwd: string,
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly output: string }> {
  const env = { ...process.env, NODE_ENV: 'production' };
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  return { code, output: `${out}${err}` };
}
