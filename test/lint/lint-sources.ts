import { spawnSync } from 'node:child_process';
import path from 'node:path';

export interface Source {
  /** Relative to the repository, or to the tree. */
  readonly filePath: string;
  readonly code: string;
}

/** Lints sources that need not exist; tells the rules that each breaks. */
export function lintSources(sources: readonly Source[], tree?: string): string[][] {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(__dirname, 'eslint-child.mjs')],
    { input: JSON.stringify({ sources, tree }), encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as string[][];
}
