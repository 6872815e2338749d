import { existsSync } from 'node:fs';
import path from 'node:path';
import { anchorOf, markdownFiles, readMarkdown, ROOT } from './lib/markdown';
import type { Link } from './lib/markdown';

const isElsewhere = (target: string): boolean => /^(https?|mailto):/.test(target);

/** Why a link leads nowhere, or null. */
function problemOf(file: string, { target }: Link): string | null {
  if (isElsewhere(target)) return null;
  const [relative = '', anchor] = target.split('#');
  const linked = relative === '' ? file : path.posix.join(path.posix.dirname(file), relative);
  if (!existsSync(path.join(ROOT, linked))) return `there is no ${linked}`;
  if (anchor === undefined || !linked.endsWith('.md')) return null;
  const anchors = readMarkdown(linked).headings.map(({ text }) => anchorOf(text));
  return anchors.includes(anchor) ? null : `${linked} has no heading #${anchor}`;
}

describe.each(markdownFiles().map(({ file, links }) => [file, links] as const))(
  'the links of %s',
  (file, links) => {
    it('lead to files and headings that exist', () => {
      const problems = links.flatMap((link) => {
        const problem = problemOf(file, link);
        return problem === null ? [] : [`${file}:${link.line}: ${problem}`];
      });
      expect(problems).toEqual([]);
    });
  },
);
