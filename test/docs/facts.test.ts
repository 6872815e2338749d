import { readFileSync } from 'node:fs';
import path from 'node:path';
import { XP2PErrorCode } from '../../services/errors';
import { kitCatalogue } from '../../services/i18n';
import { PLAYER_TIMINGS } from '../../services/player/player-timings';
import { ROOT } from './lib/markdown';

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

/** The cells of each row of every table of a page. */
const rowsOf = (page: string): string[][] =>
  read(page)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()));

const texts: Readonly<Record<string, string>> = kitCatalogue.en;
const keysMatching = (pattern: RegExp): string[] =>
  Object.keys(texts).filter((key) => pattern.test(key));

describe('docs/errors.md', () => {
  const rows = rowsOf('docs/errors.md');

  it.each(keysMatching(/^error\..+\.title$/))('quotes %s', (key) => {
    const reason = key.split('.')[1]!;
    const row = rows.find((cells) => cells[1] === `\`${reason}\``);
    expect(row?.[5]).toBe(texts[key]);
  });

  it('lists every code', () => {
    const listed = rows.flatMap(([, code, name]) =>
      /^`\w+`$/.test(name ?? '') && /^-?\d+$/.test(code ?? '') ? [[name, Number(code)]] : [],
    );
    expect(listed).toEqual(
      Object.entries(XP2PErrorCode).map(([name, code]) => [`\`${name}\``, code]),
    );
  });
});

describe('docs/iot-player.md', () => {
  const page = read('docs/iot-player.md');

  it.each(keysMatching(/^status\./))('quotes %s', (key) => {
    expect(page).toContain(texts[key]);
  });

  it('names every variable of the theme', () => {
    const declared = read('components/theme/theme.scss').matchAll(/^\s+(--iot-[\w-]+):/gm);
    const names = new Set([...declared].map(([, name]) => name!));
    expect(names.size).toBeGreaterThan(0);
    expect([...names].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('docs/player.md', () => {
  it('tells the times that the player has', () => {
    const rows = rowsOf('docs/player.md').flatMap(([, name = '', time = '']) =>
      /^`\w+Ms`$/.test(name) ? [[name.slice(1, -1), time] as const] : [],
    );
    const real = Object.entries(PLAYER_TIMINGS).map(([name, ms]) => [name, `${ms / 1000} s`]);
    expect(rows).toEqual(real);
  });
});

describe('README.md', () => {
  it('tells of every script but npm’s own hooks', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const hooks = ['prepare'];
    const readme = read('README.md');
    const told = (name: string) => new RegExp(`npm (run )?${name}\\b`).test(readme);
    const others = Object.keys(scripts).filter((name) => !hooks.includes(name));
    expect(others.filter((name) => !told(name))).toEqual([]);
  });
});
