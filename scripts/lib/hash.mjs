import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from './root.mjs';

function filesOf(entry) {
  if (!existsSync(path.join(root, entry))) return [];
  if (statSync(path.join(root, entry)).isFile()) return [entry];
  return readdirSync(path.join(root, entry))
    .sort()
    .flatMap((name) => filesOf(`${entry}/${name}`));
}

/** One hash over the names and contents of files and folders, given relative to the root. */
export function hashOf(entries) {
  const hash = createHash('sha256');
  for (const file of entries.flatMap(filesOf)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Whether a stamp file holds this hash. */
export const isStamped = (stamp, hash) =>
  existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === hash;
