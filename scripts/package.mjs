import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { writePackage } from './lib/package.mjs';
import { root } from './lib/root.mjs';

await main(async () => {
  const { values } = parseArgs({ options: { out: { type: 'string', default: 'dist/package' } } });
  await ensureInstalled();
  await writePackage(path.resolve(root, values.out));
  console.log(`The npm package is in ${values.out}; "npm pack" there makes a file of it`);
});
