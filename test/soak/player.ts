import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import {
  leave,
  machineOptions,
  retryUntilPlaying,
  run,
  sequences,
} from '../services/player/machine-model';

const BATCH = 10_000;

interface Report {
  readonly sequences: number;
  readonly events: number;
}

/** Random sequences against the player's machine: each is checked on its way, then left or retried. */
function soak(seed: number, count: number): Report {
  let events = 0;
  for (let done = 0; done < count; done += BATCH) {
    const numRuns = Math.min(BATCH, count - done);
    fc.assert(
      fc.property(sequences, machineOptions, (steps, options) => {
        events += steps.length + 1;
        const [player, world] = run(steps, options);
        if (steps.length % 2 === 0) leave(player, world);
        else retryUntilPlaying(player);
      }),
      { numRuns, seed: seed + done },
    );
    console.error(`seed ${seed}: ${done + numRuns} of ${count}`);
  }
  return { sequences: count, events };
}

function runChild(seed: number, count: number): Promise<Report> {
  return new Promise((resolve, reject) => {
    const child = fork(process.argv[1]!, ['--child', '--seed', `${seed}`, '--count', `${count}`]);
    let report: Report | null = null;
    child.on('message', (message) => {
      report = message as Report;
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0 && report !== null) resolve(report);
      else reject(new Error(`seed ${seed} failed (${signal ?? code})`));
    });
  });
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Error(`--${name} is not a whole number above 0`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: '1' },
      processes: { type: 'string', default: '1' },
      child: { type: 'boolean', default: false },
    },
  });
  const count = wholeNumber('count', values.count);
  const seed = wholeNumber('seed', values.seed);
  const processes = wholeNumber('processes', values.processes);
  if (values.child) {
    process.send!(soak(seed, count));
    return;
  }
  const startMs = Date.now();
  const each = Math.ceil(count / processes);
  const reports = await Promise.all(
    Array.from({ length: processes }, (_, at) => runChild(seed + at * 2 * count, each)),
  );
  const total = (key: keyof Report): number =>
    reports.reduce((sum, report) => sum + report[key], 0);
  const seconds = ((Date.now() - startMs) / 1000).toFixed(0);
  console.log(
    `${total('sequences')} sequences, ${total('events')} events in ${seconds} s: all held`,
  );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
