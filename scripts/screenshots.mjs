import { requireBrowser } from './lib/browser.mjs';
import { buildHost } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { runNode } from './lib/run.mjs';

await main(async () => {
  await ensureInstalled();
  const env = { CHROMIUM_PATH: requireBrowser() };
  for (const host of ['h5', 'weapp']) await buildHost(host, { ifStale: true });
  return runNode(['--import', 'tsx', 'scripts/take-screenshots.ts'], { env });
});
