import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { requireBrowser } from './lib/browser.mjs';
import { buildHost, hosts } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { root } from './lib/root.mjs';
import { runNode } from './lib/run.mjs';

const JEST = path.join(root, 'node_modules/jest/bin/jest.js');
const resultsFile = path.join(root, '.cache/jest-results.json');

/** What end-to-end tests run; the others take their time, and are built and run with `--all-hosts`. */
const BUILT_HOSTS = ['h5', 'weapp', 'alipay', 'tt'];
const ALL_HOSTS = '--all-hosts';

/** Whether the arguments select a test that runs what was built. */
function selectsEndToEnd(args) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [JEST, '--listTests', '--json', '--passWithNoTests', ...args],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  if (status !== 0) throw new Error(`Jest cannot list its tests:\n${stderr}`);
  const e2e = path.join(root, 'test/e2e') + path.sep;
  return JSON.parse(stdout).some((file) => file.startsWith(e2e));
}

function readCounts() {
  try {
    const results = JSON.parse(readFileSync(resultsFile, 'utf8'));
    return {
      passed: results.numPassedTests,
      // A file that does not even load has failed, too.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

await main(async () => {
  const given = process.argv.slice(2);
  const args = given.filter((arg) => arg !== ALL_HOSTS);
  await ensureInstalled();
  const built = args.length < given.length ? hosts() : BUILT_HOSTS;
  const env = { BUILT_HOSTS: built.join() };
  if (selectsEndToEnd(args)) {
    env.CHROMIUM_PATH = requireBrowser();
    for (const host of built) await buildHost(host, { ifStale: true });
  }
  mkdirSync(path.dirname(resultsFile), { recursive: true });
  rmSync(resultsFile, { force: true });
  const code = await runNode([JEST, '--json', `--outputFile=${resultsFile}`, ...args], { env });
  const { passed, failed } = readCounts();
  console.log(`\n${passed} passed, ${failed} failed`);
  return code === 0 && failed > 0 ? 1 : code;
});
