import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { root } from './lib/root.mjs';

const PROJECTS = [
  'services/tsconfig.json',
  'components/tsconfig.json',
  'taro-plugin/tsconfig.json',
  'tsconfig.json',
];
const TSC = path.join(root, 'node_modules/typescript/bin/tsc');

async function check(project) {
  const child = spawn(process.execPath, [TSC, '-p', project, '--listFiles', '--pretty', 'false'], {
    cwd: root,
  });
  const [output, code] = await Promise.all([
    text(child.stdout),
    new Promise((resolve) => child.once('close', resolve)),
  ]);
  const lines = output.split('\n').filter(Boolean);
  const isListed = (line) => path.isAbsolute(line) && !line.includes(': error ');
  return {
    project,
    code,
    files: lines.filter((line) => isListed(line) && !line.includes('/node_modules/')).length,
    problems: lines.filter((line) => !isListed(line)),
  };
}

await main(async () => {
  await ensureInstalled();
  const results = await Promise.all(PROJECTS.map(check));
  // A file is in more than one project; its problem is worth telling once.
  const problems = new Set(results.flatMap((result) => result.problems));
  problems.forEach((problem) => console.log(problem));
  for (const { project, files, code } of results) {
    console.log(`typecheck: ${project}: ${files} files, ${code === 0 ? 'ok' : 'failed'}`);
  }
  return results.some(({ code }) => code !== 0) ? 1 : 0;
});
