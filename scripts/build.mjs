import { parseArgs } from 'node:util';
import { buildHost, hosts } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';

await main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'if-stale': { type: 'boolean', default: false } },
  });
  await ensureInstalled();
  if (positionals.length !== 1) {
    throw new Error(`usage: build.mjs <host> [--if-stale]; hosts: ${hosts().join(', ')}`);
  }
  await buildHost(positionals[0], { ifStale: values['if-stale'] });
});
