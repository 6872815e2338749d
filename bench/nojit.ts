import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { report } from './lib/report';
import type { Row } from './lib/report';

const SHELLS = ['/usr/bin/jsc', '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.0/jsc'];

/** One engine: a command that runs a script and prints the measurement as JSON. */
interface Engine {
  readonly engine: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

function engines(): Engine[] {
  const node = process.execPath;
  const jsc = SHELLS.find(existsSync);
  const known: Engine[] = [
    { engine: 'V8', command: node, args: [], env: {} },
    { engine: 'V8, no JIT', command: node, args: ['--jitless'], env: {} },
  ];
  if (jsc === undefined) {
    console.log('JavaScriptCore is missing; apt-get install libjavascriptcoregtk-4.0-bin\n');
    return known;
  }
  return [
    { engine: 'JavaScriptCore, no JIT', command: jsc, args: [], env: { JSC_useJIT: '0' } },
    { engine: 'JavaScriptCore', command: jsc, args: [], env: {} },
    ...known,
  ];
}

/** What one kind of packet costs. */
interface Cost {
  readonly packets: string;
  readonly sendUs: number;
  readonly receiveUs: number;
  readonly sealUs: number;
  readonly openUs: number;
  readonly handshakeMs: number;
}

function measure({ engine, command, args, env }: Engine, script: string): Row[] {
  const { stdout, stderr, status } = spawnSync(command, [...args, script], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    timeout: 120_000,
  });
  if (status !== 0) throw new Error(`${engine} failed:\n${stdout}${stderr}`);
  return (JSON.parse(stdout) as Cost[]).map((cost) => ({
    engine,
    packets: cost.packets,
    'send µs': Math.round(cost.sendUs),
    'of it seal µs': Math.round(cost.sealUs),
    'receive µs': Math.round(cost.receiveUs),
    'of it open µs': Math.round(cost.openUs),
    'handshake, both ends ms': Math.round(cost.handshakeMs * 10) / 10,
  }));
}

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'nojit-'));
  try {
    const { outputFiles } = await build({
      entryPoints: [path.join(__dirname, 'nojit/measure.ts')],
      bundle: true,
      write: false,
      format: 'iife',
      target: 'es2020',
    });
    const script = path.join(folder, 'measure.js');
    writeFileSync(script, outputFiles[0]!.text);
    report(
      'nojit',
      [
        'engine',
        'packets',
        'send µs',
        'of it seal µs',
        'receive µs',
        'of it open µs',
        'handshake, both ends ms',
      ],
      engines().flatMap((engine) => measure(engine, script)),
      { 'packet bytes': 1200 },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
