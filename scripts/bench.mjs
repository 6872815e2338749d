import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { root } from './lib/root.mjs';
import { runNode } from './lib/run.mjs';

const folder = path.join(root, 'bench');

const benches = () =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.basename(name, '.ts'));

await main(async () => {
  const [name, ...args] = process.argv.slice(2);
  if (!name) {
    console.log('usage: npm run bench -- <name> [options]\n');
    console.log(
      benches()
        .map((bench) => `  ${bench}`)
        .join('\n') || '  (there are none yet)',
    );
    return 0;
  }
  if (!existsSync(path.join(folder, `${name}.ts`))) {
    throw new Error(`there is no bench "${name}"; there are: ${benches().join(', ') || 'none'}`);
  }
  await ensureInstalled();
  return runNode(['--import', 'tsx', `bench/${name}.ts`, ...args]);
});
