import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';
import type { KitPluginOptions } from '../taro-plugin/types';
import { report } from './lib/report';
import type { Row } from './lib/report';

const ROOT = path.resolve(__dirname, '..');
/** JavaScript, as Taro's plugins are. */
const { compactClasses } = createRequire(__filename)(
  path.join(ROOT, 'taro-plugin/compact-classes.js'),
) as { readonly compactClasses: (source: string, filename: string) => string };
const TARO = path.join(ROOT, 'node_modules/@tarojs/cli/bin/taro');
/** What a host unpacks beside the package; it is never sent to a phone. */
const NOT_SHIPPED = /\.LICENSE\.txt$|^project\.|\.map$|^\.browserslistrc$/;

interface Size {
  readonly raw: number;
  readonly gz: number;
}

const NOTHING: Size = { raw: 0, gz: 0 };
const plus = (a: Size, b: Size): Size => ({ raw: a.raw + b.raw, gz: a.gz + b.gz });
const sizeOf = (bytes: Uint8Array): Size => ({ raw: bytes.length, gz: gzipSync(bytes).length });
const kB = (bytes: number): number => Math.round(bytes / 100) / 10;

/** Sizes of a built host: what the first page loads, and the rest. */
function sizesOf(folder: string): { readonly main: Size; readonly sub: Size } {
  const roots = subpackageRoots(folder);
  let main = NOTHING;
  let sub = NOTHING;
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const full = path.join(folder, file);
    if (!statSync(full).isFile() || NOT_SHIPPED.test(path.basename(file))) continue;
    const size = sizeOf(readFileSync(full));
    if (roots.some((root) => file.startsWith(`${root}/`))) sub = plus(sub, size);
    else main = plus(main, size);
  }
  return { main, sub };
}

interface AppJson {
  readonly subPackages?: readonly { readonly root: string }[];
}

function subpackageRoots(folder: string): readonly string[] {
  const file = path.join(folder, 'app.json');
  if (!existsSync(file)) return [];
  const { subPackages = [] } = JSON.parse(readFileSync(file, 'utf8')) as AppJson;
  return subPackages.map(({ root }) => root.replace(/\/$/, ''));
}

/** Builds one of the apps beside this file, and weighs it. */
function sizeOfApp(
  app: 'bare-app' | 'kit-app',
  host: string,
  options: KitPluginOptions = {},
): Size {
  const cwd = path.join(__dirname, app);
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [TARO, 'build', '--type', host, '--no-check'],
    {
      cwd,
      env: { ...process.env, NODE_ENV: 'production', KIT_OPTIONS: JSON.stringify(options) },
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`${app} for ${host} failed:\n${stdout}${stderr}`);
  const { main } = sizesOf(path.join(cwd, 'dist', host));
  rmSync(path.join(cwd, 'dist'), { recursive: true });
  return main;
}

/** One page with player, talk and PTZ, as far as options of the plugin change its size. */
const PAGES: readonly { readonly what: string; readonly options: KitPluginOptions }[] = [
  { what: 'page', options: { features: ['player'] } },
  { what: 'page, zh-CN', options: { features: ['player'], languages: ['zh-CN'] } },
];

/** What the kit's plugin does to the kit's sources. */
const compact: Plugin = {
  name: 'compact',
  setup(bundler) {
    bundler.onLoad({ filter: /[\\/]services[\\/].*\.ts$/ }, ({ path: file }) => ({
      contents: compactClasses(readFileSync(file, 'utf8'), file),
      loader: 'ts',
    }));
  },
};

/** Code as an app's build would take it in: what is imported and used, minified. */
async function bundled(entry: string): Promise<Size> {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2020',
    plugins: [compact],
  });
  return sizeOf(outputFiles[0]!.contents);
}

const ENGINE = `export { createP2PModule } from './services/p2p/module';`;
const SESSION = `export { Endpoint } from './services/p2p/endpoint';`;

/** What an app weighs, and what the kit and the app's own pages are of it. */
function rowOf(what: string, main: Size, sub: Size, bare: Size): Row {
  const all = plus(main, sub);
  return {
    what,
    'main kB': kB(main.raw),
    'main gz': kB(main.gz),
    'sub kB': kB(sub.raw),
    'sub gz': kB(sub.gz),
    'bare app kB': kB(bare.raw),
    'above it kB': kB(all.raw - bare.raw),
    'above it gz': kB(all.gz - bare.gz),
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { hosts: { type: 'string' } } });
  const wanted = values.hosts?.split(',');
  const built = readdirSync(path.join(ROOT, 'dist'))
    .filter((file) => file.endsWith('.stamp'))
    .map((file) => file.slice(0, -'.stamp'.length))
    .filter((host) => wanted?.includes(host) ?? true);
  if (built.length === 0) throw new Error('build the hosts first: npm run build:hosts');
  const rows: Row[] = built.flatMap((host) => {
    const { main: first, sub } = sizesOf(path.join(ROOT, 'dist', host));
    const bare = sizeOfApp('bare-app', host);
    const pages = PAGES.map(({ what, options }) =>
      rowOf(`${host}: ${what}`, sizeOfApp('kit-app', host, options), NOTHING, bare),
    );
    return [rowOf(`${host}: demo`, first, sub, bare), ...pages];
  });
  for (const [what, entry] of [
    ['module', ENGINE],
    ['endpoint', SESSION],
  ] as const) {
    const size = await bundled(entry);
    rows.push({ what: `engine: ${what}`, 'main kB': kB(size.raw), 'main gz': kB(size.gz) });
  }
  const columns = Object.keys(rows[0]!);
  report('size', columns, rows, { unit: '1000 bytes' });
}

void main();
