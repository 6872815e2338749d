import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readMarkdown, ROOT } from './lib/markdown';

/** Where a folder is described on a page of another name. */
const PAGES: Readonly<Record<string, string>> = {
  'components/hooks': 'iot-player.md',
  'components/player-surface': 'iot-player.md',
  'components/player-view': 'iot-player.md',
  'components/provider': 'iot-video-provider.md',
  'components/templates': 'monitor-template.md',
  'services/call': 'iot-call.md',
  'services/encoding': 'flv.md',
  'services/media/flv': 'flv.md',
  'services/ptz': 'iot-ptz.md',
  'services/talk': 'iot-talk.md',
  'services/p2p': 'engine.md',
  'services/p2p-names': 'p2p-module.md',
  'services/p2p/module': 'p2p-module.md',
  'services/p2p/transport': 'relay.md',
  'agents/camera': 'camera-agent.md',
  'agents/page-server': 'camera-agent.md',
};

const isModule = (folder: string): boolean =>
  ['index.ts', 'main.ts'].some((name) => existsSync(path.join(ROOT, folder, name)));

/** A part, such as a host's adapter, is described with the whole. */
function pageOf(folder: string): string {
  const [layer, name, part] = folder.split('/');
  if (PAGES[folder] !== undefined) return PAGES[folder];
  const whole = `${layer}/${name}`;
  const isPart = part !== undefined && (isModule(whole) || PAGES[whole] !== undefined);
  return isPart ? pageOf(whole) : `${part ?? name}.md`;
}

/** Folders below one that can be imported, or run. */
function modulesBelow(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map((entry) => `${folder}/${entry.name}`)
    .flatMap((child) => [...(isModule(child) ? [child] : []), ...modulesBelow(child)]);
}

/** Component folders that the kit's index hands on; the others are for the kit itself. */
function publicComponents(): string[] {
  const index = readFileSync(path.join(ROOT, 'components/index.ts'), 'utf8');
  const names = [...index.matchAll(/from '\.\/([\w-]+)'/g)].map(([, name]) => `components/${name}`);
  return [...new Set(names)];
}

const programs = modulesBelow('agents').filter((folder) =>
  existsSync(path.join(ROOT, folder, 'main.ts')),
);
const folders = [...publicComponents(), ...modulesBelow('services'), ...programs];
const linked = new Set(readMarkdown('docs/README.md').links.map(({ target }) => target));

describe('docs/README.md', () => {
  it.each(folders)('links to the page of %s', (folder) => {
    const page = pageOf(folder);
    expect(existsSync(path.join(ROOT, 'docs', page)) ? page : 'no such page').toBe(page);
    expect([...linked]).toContain(page);
  });

  it('links to every page', () => {
    const pages = readdirSync(path.join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
    expect(pages.filter((page) => page !== 'README.md' && !linked.has(page))).toEqual([]);
  });

  it('has no folder in its map that is gone', () => {
    const gone = Object.keys(PAGES).filter((folder) => !existsSync(path.join(ROOT, folder)));
    expect(gone).toEqual([]);
  });
});
