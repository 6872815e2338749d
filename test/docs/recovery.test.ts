import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './lib/markdown';

const page = readFileSync(path.join(ROOT, 'docs/recovery.md'), 'utf8');

/** Cells that name a test: `file`: title. */
const named = [...page.matchAll(/\| `([^`]+\.test\.tsx?)`: ([^|\n]+?) *\|/g)].map(
  ([, file = '', title = '']) => [file, title] as const,
);

describe('docs/recovery.md', () => {
  it('names tests', () => {
    expect(named.length).toBeGreaterThan(50);
  });

  it.each(named)('%s has the test “%s”', (file, title) => {
    const whole = file.startsWith('test/') ? file : `test/services/player/${file}`;
    const at = path.join(ROOT, whole);
    expect(existsSync(at)).toBe(true);
    expect(readFileSync(at, 'utf8')).toContain(`'${title}'`);
  });
});
