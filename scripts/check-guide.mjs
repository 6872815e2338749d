import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { root } from './lib/root.mjs';

await main(async () => {
  await ensureInstalled();
  const { checkGuide } = await import('./lib/check-guide.mjs');
  const problems = checkGuide(root);
  problems.forEach((problem) => console.log(problem));
  console.log(`check:guide: ${problems.length === 0 ? 'every row has its test' : 'failed'}`);
  return problems.length === 0 ? 0 : 1;
});
