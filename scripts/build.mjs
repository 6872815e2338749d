import { parseArgs } from 'node:util';
import { buildHost, hosts } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';

await main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'if-stale': { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
    },
  });
  await ensureInstalled();
  const wanted = values.all ? hosts() : positionals;
  if (wanted.length === 0) {
    throw new Error(`usage: build.mjs <host…|--all> [--if-stale]; hosts: ${hosts().join(', ')}`);
  }
  for (const host of wanted) await buildHost(host, { ifStale: values['if-stale'] });
});
