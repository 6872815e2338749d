import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { hashOf, isStamped } from './hash.mjs';
import { root } from './root.mjs';
import { run, runNode } from './run.mjs';

const MIN_NODE_MAJOR = 20;
const modules = path.join(root, 'node_modules');
const stamp = path.join(modules, '.taro-iot-video-stamp');

const lockHash = () => hashOf(['package-lock.json']);

/** Remembers which lock file node_modules was made from. */
export function stampInstall() {
  if (existsSync(modules)) writeFileSync(stamp, `${lockHash()}\n`);
}

function npmCi() {
  const args = ['ci', '--no-audit', '--no-fund'];
  // Under "npm run" the same npm is used again; called directly, the one on the PATH.
  const { npm_execpath: npm } = process.env;
  return npm?.endsWith('.js') ? runNode([npm, ...args]) : run('npm', args);
}

/** Installs the packages unless node_modules was made from the present lock file. */
export async function ensureInstalled() {
  if (Number(process.versions.node.split('.')[0]) < MIN_NODE_MAJOR) {
    throw new Error(`Node ${MIN_NODE_MAJOR} or newer is needed; this is ${process.versions.node}`);
  }
  if (isStamped(stamp, lockHash())) return;
  const reason = existsSync(modules) ? 'package-lock.json has changed' : 'nothing is installed yet';
  console.log(`Installing packages with "npm ci" (${reason}); this may take a minute or two ...`);
  const startedMs = Date.now();
  const code = await npmCi();
  if (code !== 0) throw new Error(`"npm ci" failed with exit code ${code}`);
  stampInstall();
  console.log(`Packages installed in ${Math.round((Date.now() - startedMs) / 1000)} s`);
}
