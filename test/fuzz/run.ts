import { fork } from 'node:child_process';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { Fuzzer } from './fuzzer';
import type { FuzzReport } from './fuzzer';

const STEPS = 20;
/** What the heap may grow by from the first fifth of a run to its end. */
const MAX_GROWTH_BYTES = 32 * 1024 * 1024;

interface Result {
  readonly report: FuzzReport;
  /** After a collection, at a fifth of the run and at its end. */
  readonly heapBytes: { readonly early: number; readonly late: number };
}

function fuzz(seed: number, count: number): Result {
  const fuzzer = new Fuzzer(seed);
  let early = 0;
  for (let step = 1; step <= STEPS; step++) {
    try {
      fuzzer.run(Math.floor((count * step) / STEPS) - fuzzer.report.inputs);
    } catch (error) {
      console.error(`seed ${seed} broke something at input ${fuzzer.report.inputs}`);
      throw error;
    }
    if (step === STEPS / 5) early = heapBytes();
    console.error(`seed ${seed}: ${fuzzer.report.inputs} of ${count}, ${megabytes(heapBytes())}`);
  }
  const late = heapBytes();
  if (late - early > MAX_GROWTH_BYTES) {
    throw new Error(`the heap grew from ${megabytes(early)} to ${megabytes(late)}`);
  }
  return { report: fuzzer.report, heapBytes: { early, late } };
}

function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** Runs one part in a process of its own. */
function runChild(seed: number, count: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = fork(process.argv[1]!, ['--child', '--seed', `${seed}`, '--count', `${count}`]);
    let result: Result | null = null;
    child.on('message', (message) => {
      result = message as Result;
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0 && result !== null) resolve(result);
      else reject(new Error(`seed ${seed} failed (${signal ?? code})`));
    });
  });
}

function sum(parts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const part of parts) {
    for (const [key, value] of Object.entries(part)) total[key] = (total[key] ?? 0) + value;
  }
  return Object.fromEntries(Object.entries(total).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function print(results: readonly Result[], seconds: number): void {
  const reports = results.map(({ report }) => report);
  const total = reports.reduce((inputs, report) => inputs + report.inputs, 0);
  console.log(`seeds: ${reports.map(({ seed }) => seed).join(', ')}`);
  console.log(`inputs: ${total} in ${seconds.toFixed(0)} s on ${os.cpus()[0]?.model ?? 'unknown'}`);
  console.log('inputs by target:', sum(reports.map(({ targets }) => targets)));
  console.log('frames read in authentic packets:', sum(reports.map(({ frames }) => frames)));
  console.log(
    'authentic packets with malformed frames:',
    reports.reduce((malformed, report) => malformed + report.malformed, 0),
  );
  console.log('sessions by their end:', sum(reports.map(({ sessions }) => sessions)));
  const entries = Math.max(...reports.map(({ most }) => most.entries));
  const bytes = Math.max(...reports.map(({ most }) => most.bytes));
  console.log(`most held by one session: ${entries} entries, ${megabytes(bytes)}`);
  for (const { report, heapBytes: heap } of results) {
    console.log(
      `heap of seed ${report.seed}: ${megabytes(heap.early)} early, ${megabytes(heap.late)} at the end`,
    );
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      processes: { type: 'string', default: '1' },
      child: { type: 'boolean', default: false },
    },
  });
  const count = wholeNumber('count', values.count);
  const seed = wholeNumber('seed', values.seed);
  const processes = wholeNumber('processes', values.processes);
  if (values.child) {
    process.send!(fuzz(seed, count));
    return;
  }
  const startMs = Date.now();
  const parts = Array.from({ length: processes }, (_, at) =>
    runChild(seed + at, Math.ceil(count / processes)),
  );
  print(await Promise.all(parts), (Date.now() - startMs) / 1000);
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`--${name} is not a whole number above 0`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
