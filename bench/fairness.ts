import { parseArgs } from 'node:util';
import { Lab } from '../test/net/lab/lab';
import { report } from './lib/report';
import type { Row } from './lib/report';
import { SHARED_LINK } from './session/cells';
import type { TransportName } from './session/peer';
import { buildPeer, runPair, setTcpCongestion } from './session/runner';
import type { RunPlace, TcpCongestion } from './session/runner';
import { monotonicMs } from './session/workload';

/** Starting, connecting, and settling beside the others, before bytes count. */
const WARM_UP_MS = 10_000;

const FLOWS: readonly TransportName[] = ['engine', 'engine', 'tcp'];

/** Bytes that each flow got through while all of them sent as much as they could. */
async function share(place: RunPlace, seconds: number): Promise<number[]> {
  const fromMs = monotonicMs() + WARM_UP_MS;
  const work = { kind: 'bulk', fromMs, toMs: fromMs + seconds * 1000 } as const;
  const results = await Promise.all(FLOWS.map((transport) => runPair(place, transport, work)));
  return results.map(({ bytes = 0 }) => bytes);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '30' } } });
  const seconds = Number(values.seconds);
  await buildPeer();
  const lab = await Lab.up({ natA: 'none', natB: 'none' });
  const rows: Row[] = [];
  try {
    const place = { lab, camera: 'a', cameraAddress: lab.addressOf('a') } as const;
    await lab.impair('A', SHARED_LINK);
    const kinds: readonly TcpCongestion[] = ['bbr', 'cubic'];
    for (const congestion of kinds) {
      await setTcpCongestion(place, congestion);
      const bytes = await share(place, seconds);
      const total = bytes.reduce((sum, one) => sum + one, 0);
      FLOWS.forEach((transport, index) => {
        rows.push({
          beside: `TCP ${congestion}`,
          flow: `${transport} ${index + 1}`,
          Mbps: (bytes[index]! * 8) / seconds / 1e6,
          'share %': Math.round((bytes[index]! / total) * 100),
        });
      });
    }
  } finally {
    await lab.down();
  }
  report('fairness', ['beside', 'flow', 'Mbps', 'share %'], rows, { seconds, link: '5 Mbps' });
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
