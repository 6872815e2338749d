import { parseArgs } from 'node:util';
import { Lab } from '../test/net/lab/lab';
import { SERVER_ADDRESSES } from '../test/net/lab/topology';
import { formatTable, report } from './lib/report';
import type { Row } from './lib/report';
import { BULK_CELLS, CELLS } from './session/cells';
import type { TransportName } from './session/peer';
import { buildPeer, runPair, setTcpCongestion } from './session/runner';
import type { RunPlace, TcpCongestion } from './session/runner';
import { LIVE_VIDEO, monotonicMs } from './session/workload';

/** A transport as a row of the tables; TCP is measured with each congestion control. */
interface Contender {
  readonly name: string;
  readonly transport: TransportName;
  readonly tcpCongestion?: TcpCongestion;
}

const CONTENDERS: readonly Contender[] = [
  { name: 'engine', transport: 'engine' },
  { name: 'TCP (bbr)', transport: 'tcp', tcpCongestion: 'bbr' },
  { name: 'TCP (cubic)', transport: 'tcp', tcpCongestion: 'cubic' },
  { name: 'udx-native', transport: 'udx-native' },
  { name: 'data channel', transport: 'data channel' },
  { name: 'data channel × 4', transport: 'data channel × 4' },
];

/** What a late frame may take beyond the end of the video. */
const LATE_MS = 10_000;
/** Starting, connecting, and leaving startup, before bytes count. */
const WARM_UP_MS = 6000;

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

async function live(place: RunPlace, { transport }: Contender, seconds: number): Promise<Row> {
  const frames = seconds * LIVE_VIDEO.framesPerS;
  const work = { kind: 'live', frames, deadlineMs: seconds * 1000 + LATE_MS } as const;
  const { latencies = [] } = await runPair(place, transport, work);
  const sorted = [...latencies].sort((a, b) => a - b);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => Math.round(percentile(sorted, share)));
  return { 'p50 ms': p50!, 'p95 ms': p95!, 'p99 ms': p99!, missing: frames - latencies.length };
}

async function bulk(place: RunPlace, { transport }: Contender, seconds: number): Promise<number> {
  const fromMs = monotonicMs() + WARM_UP_MS;
  const work = { kind: 'bulk', fromMs, toMs: fromMs + seconds * 1000 } as const;
  const { bytes = 0 } = await runPair(place, transport, work);
  return bytes / seconds;
}

interface Plan {
  readonly contenders: readonly Contender[];
  readonly seconds: number;
  /** Part of the name of the cells to measure; all without it. */
  readonly cell: string | undefined;
}

/** Measures every contender in every cell, cell by cell, so that rows to compare are close in time. */
async function measureCells(
  place: RunPlace,
  cells: typeof CELLS,
  { contenders, cell }: Plan,
  measure: (contender: Contender) => Promise<Row>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [path, impairment] of Object.entries(cells)) {
    if (cell !== undefined && !path.includes(cell)) continue;
    await place.lab.impair('A', impairment);
    for (const contender of contenders) {
      const { name: transport, tcpCongestion } = contender;
      if (tcpCongestion !== undefined) await setTcpCongestion(place, tcpCongestion);
      rows.push({ path, transport, ...(await measure(contender)) });
      console.log(formatTable(Object.keys(rows.at(-1)!), [rows.at(-1)!]));
    }
  }
  return rows;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '20' },
      only: { type: 'string' },
      cell: { type: 'string' },
      part: { type: 'string', default: 'live,bulk,loopback' },
    },
  });
  const seconds = Number(values.seconds);
  const wanted = (values.only ?? '').split(',');
  const contenders = CONTENDERS.filter(({ name }) => wanted.some((part) => name.includes(part)));
  const plan = { contenders, seconds, cell: values.cell };
  const parts = values.part.split(',');
  await buildPeer();
  const lab = await Lab.up({ natA: 'none', natB: 'none' });
  try {
    const remote = { lab, camera: 'a', cameraAddress: lab.addressOf('a') } as const;
    if (parts.includes('live')) {
      const rows = await measureCells(remote, CELLS, plan, (one) => live(remote, one, seconds));
      const columns = ['path', 'transport', 'p50 ms', 'p95 ms', 'p99 ms', 'missing'];
      report('session', columns, rows, { seconds, ...LIVE_VIDEO });
    }
    if (parts.includes('bulk')) {
      const rows = await measureCells(remote, BULK_CELLS, plan, async (one) => ({
        Mbps: ((await bulk(remote, one, seconds)) * 8) / 1e6,
      }));
      report('session-bulk', ['path', 'transport', 'Mbps'], rows, { seconds, link: '20 Mbps' });
    }
    if (parts.includes('loopback')) {
      const local = { lab, camera: 'srv', cameraAddress: SERVER_ADDRESSES[0] } as const;
      const rows = await measureCells(
        local,
        { loopback: {} },
        { ...plan, cell: undefined },
        async (one) => ({
          'MB/s': (await bulk(local, one, seconds)) / 1e6,
        }),
      );
      report('session-loopback', ['transport', 'MB/s'], rows, { seconds });
    }
  } finally {
    await lab.down();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
