import { parseArgs } from 'node:util';
import { EngineLab } from '../test/net/lab/engine-lab';
import { play, SCENARIOS } from '../test/net/lab/engine-scenarios';
import type { Scenario } from '../test/net/lab/engine-scenarios';
import { FRAME_MS } from '../test/net/lab/live-frames';
import { report } from './lib/report';
import type { Row } from './lib/report';

/** One way, to the middle of the internet. */
const DELAYS = { A: { delayMs: 10 }, A2: { delayMs: 30 }, B: { delayMs: 10 } };
const TIMES = { quietMs: 1000, watchMs: 3000 };

interface Measured {
  readonly gapsMs: number[];
  readonly kinds: Set<string>;
  sessions: number;
  lost: number;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

async function measure(engine: EngineLab, scenario: Scenario, runs: number): Promise<Row[]> {
  const measured: Measured[] = scenario.incidents.map(() => ({
    gapsMs: [],
    kinds: new Set(),
    sessions: 0,
    lost: 0,
  }));
  for (let run = 0; run < runs; run++) {
    const { incidents, outcome } = await play(engine, scenario, TIMES);
    const frames = outcome.framesSent - outcome.framesReceived + outcome.framesSkipped;
    const bytes = outcome.bulkSent - outcome.bulkReceived;
    for (const [index, incident] of incidents.entries()) {
      const one = measured[index]!;
      one.gapsMs.push(incident.report.gapMs - FRAME_MS);
      one.kinds.add(incident.kind);
      one.sessions = Math.max(one.sessions, outcome.sessions);
      one.lost += frames + bytes;
    }
  }
  return measured.map(({ gapsMs, kinds, sessions, lost }, index) => ({
    scenario: scenario.name,
    incident: scenario.incidents[index]!.name,
    'median ms': Math.round(median(gapsMs)),
    'min ms': Math.round(Math.min(...gapsMs)),
    'max ms': Math.round(Math.max(...gapsMs)),
    then: [...kinds].join(' or '),
    sessions,
    lost,
  }));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { runs: { type: 'string', default: '10' }, only: { type: 'string' } },
  });
  const runs = Number(values.runs);
  const names = Object.keys(SCENARIOS) as (keyof typeof SCENARIOS)[];
  const chosen = values.only === undefined ? names : names.filter((name) => name === values.only);
  if (chosen.length === 0 || !(runs >= 1)) {
    throw new Error(`--runs takes a number from 1, --only one of ${names.join(', ')}`);
  }
  const engine = await EngineLab.up({ impairments: DELAYS });
  try {
    const rows: Row[] = [];
    for (const name of chosen) rows.push(...(await measure(engine, SCENARIOS[name], runs)));
    report(
      'lab',
      ['scenario', 'incident', 'median ms', 'min ms', 'max ms', 'then', 'sessions', 'lost'],
      rows,
      {
        runs,
      },
    );
  } finally {
    await engine.down();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
