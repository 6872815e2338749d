import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { hashOf, isStamped } from './hash.mjs';
import { root } from './root.mjs';
import { runNode } from './run.mjs';

/** Whatever changes the output when it changes. */
const INPUTS = [
  'src',
  'components',
  'services',
  'config',
  'taro-plugin',
  'babel.config.js',
  'package-lock.json',
  'project.config.json',
  'tsconfig.json',
];

const TARO = path.join(root, 'node_modules/@tarojs/cli/bin/taro');
const PLATFORM = /^plugin-platform-([a-z0-9]+)$/;

/** The hosts whose platform package is installed, and those that the kit builds for by itself. */
export const hosts = () => [
  ...readdirSync(path.join(root, 'node_modules/@tarojs')).flatMap(
    (name) => PLATFORM.exec(name)?.[1] ?? [],
  ),
  ...Object.keys(JSON.parse(readFileSync(path.join(root, 'taro-plugin/hosts/hosts.json'), 'utf8'))),
];

/** Builds for one host into dist/<host>. Returns whether it had to. */
export async function buildHost(host, { ifStale = false } = {}) {
  if (!hosts().includes(host)) {
    throw new Error(`there is no host "${host}"; installed are: ${hosts().join(', ')}`);
  }
  // Beside the output folder, which Taro empties.
  const stamp = path.join(root, `dist/${host}.stamp`);
  const hash = hashOf(INPUTS);
  if (ifStale && isStamped(stamp, hash)) {
    console.log(`dist/${host} is up to date`);
    return false;
  }
  console.log(`Building dist/${host} ...`);
  rmSync(stamp, { force: true });
  const startedMs = Date.now();
  // Without the check, which fetches its rules from the network on every build.
  const code = await runNode([TARO, 'build', '--type', host, '--no-check'], {
    env: { NODE_ENV: 'production' },
  });
  if (code !== 0) throw new Error(`the build for ${host} failed with exit code ${code}`);
  mkdirSync(path.join(root, 'dist'), { recursive: true });
  writeFileSync(stamp, `${hash}\n`);
  const tookS = ((Date.now() - startedMs) / 1000).toFixed(1);
  console.log(`Built dist/${host} in ${tookS} s`);
  return true;
}
