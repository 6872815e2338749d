/**
 * What a built app does about each fault, and how long it takes: the matrix of test/faults, whole, in
 * Chromium and in the emulator of WeChat.
 */
import { parseArgs } from 'node:util';
import { Demo } from '../test/e2e/lib/demo';
import { launchBrowser } from '../test/e2e/lib/browser';
import { FAULTS } from '../test/faults/faults';
import type { FaultHost } from '../test/faults/faults';
import { runFault } from '../test/faults/run-fault';
import type { Scene } from '../test/faults/viewer';

const HOSTS: readonly FaultHost[] = ['h5', 'weapp'];
const SCENES: readonly Scene[] = ['live', 'playback'];

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    host: { type: 'string' },
    scene: { type: 'string' },
    fast: { type: 'boolean', default: false },
  },
});

async function main(): Promise<number> {
  const demo = await Demo.start(['--seed-recordings', '2']);
  await demo.startPage();
  const browser = await launchBrowser();
  const rows: string[] = [];
  let failed = 0;
  for (const fault of FAULTS) {
    if (values.only !== undefined && !fault.name.includes(values.only)) continue;
    if (values.fast && fault.slow) continue;
    const cells: string[] = [];
    for (const host of HOSTS) {
      for (const scene of SCENES) {
        const applies =
          (fault.hosts ?? HOSTS).includes(host) && (fault.scenes ?? SCENES).includes(scene);
        const wanted = [undefined, host].includes(values.host as FaultHost | undefined);
        if (
          !applies ||
          !wanted ||
          ![undefined, scene].includes(values.scene as Scene | undefined)
        ) {
          cells.push('–');
          continue;
        }
        try {
          const { tookMs } = await runFault(fault, scene, host, demo, browser);
          const tookS = (tookMs / 1_000).toFixed(1);
          cells.push(`${fault.ends === 'plays' ? '' : 'message, '}${tookS} s`);
          console.error(`ok      ${host} ${scene}: ${fault.name}: ${tookS} s`);
        } catch (error) {
          failed++;
          cells.push('FAILED');
          console.error(`FAILED  ${host} ${scene}: ${fault.name}: ${String(error)}`);
        }
      }
    }
    rows.push(`| ${fault.name} | ${cells.join(' | ')} |`);
  }
  await browser.close();
  await demo.stop();
  console.log('| Fault | H5, live | H5, playback | WeChat, live | WeChat, playback |');
  console.log('| --- | --- | --- | --- | --- |');
  for (const row of rows) console.log(row);
  return failed;
}

main().then(
  // The demo's programs have ended; a host's sockets may still close.
  (failed) => process.exit(failed === 0 ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
