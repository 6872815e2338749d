import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { root } from './lib/root.mjs';
import { runNode } from './lib/run.mjs';

const PRETTIER = path.join(root, 'node_modules/prettier/bin/prettier.cjs');

async function eslint(targets, fix) {
  const { ESLint } = await import('eslint');
  const linter = new ESLint({ cwd: root, fix });
  const results = await linter.lintFiles(targets);
  if (fix) await ESLint.outputFixes(results);
  const formatter = await linter.loadFormatter('stylish');
  process.stdout.write(await formatter.format(results));
  // A warning counts like an error: nobody reads a list of warnings twice.
  const problems = results.reduce((sum, { messages }) => sum + messages.length, 0);
  console.log(`eslint: ${results.length} files, ${problems} problems`);
  return problems === 0;
}

async function prettier(targets, fix) {
  const code = await runNode([
    PRETTIER,
    fix ? '--write' : '--check',
    '--log-level=warn',
    ...targets,
  ]);
  console.log(`prettier: ${targets.join(' ')}: ${code === 0 ? 'all formatted' : 'failed'}`);
  return code === 0;
}

await main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { fix: { type: 'boolean', default: false } },
  });
  await ensureInstalled();
  const targets = positionals.length > 0 ? positionals : ['.'];
  const linted = await eslint(targets, values.fix);
  const formatted = await prettier(targets, values.fix);
  return linted && formatted ? 0 : 1;
});
