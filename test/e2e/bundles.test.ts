import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { OTHER_HOSTS } from '../host/built-hosts';
import { ROOT } from './lib/program';

const dist = (host: string) => path.join(ROOT, 'dist', host);
const scriptsOf = (host: string): readonly string[] =>
  readdirSync(dist(host), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => path.join(dist(host), file));

/** Files of a host's output in which something occurs, with where. */
function findIn(host: string, wanted: RegExp): readonly string[] {
  return scriptsOf(host).flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const found = wanted.exec(text);
    if (found === null) return [];
    const around = text.slice(Math.max(0, found.index - 40), found.index + 60);
    return [`${path.relative(dist(host), file)}: …${around}…`];
  });
}

const BROWSER_ONLY =
  /mpegts|mediabunny|MediaSource|SourceBuffer|RTCPeerConnection|localStorage|AudioWorklet/i;
/** Taro itself names `requirePlugin` on every host. */
const WECHAT_ONLY = /\bwx\.\w|requirePlugin\(["']|p2p-player|__iotVideo/;

describe('what was built', () => {
  it.each(['weapp', ...OTHER_HOSTS])('has nothing of a browser in %s', (host) => {
    expect(scriptsOf(host).length).toBeGreaterThan(3);
    expect(findIn(host, BROWSER_ONLY)).toEqual([]);
  });

  it.each(OTHER_HOSTS)('has no player of WeChat’s in %s', (host) => {
    expect(findIn(host, WECHAT_ONLY)).toEqual([]);
  });

  it('has nothing of WeChat in the page for browsers', () => {
    // The libraries are there, so that the search is known to find something.
    for (const library of [/mpegts/i, /mediabunny/i, /AudioWorklet/]) {
      expect(findIn('h5', library).length).toBeGreaterThan(0);
    }
    expect(findIn('h5', WECHAT_ONLY)).toEqual([]);
  });

  it('binds each event of the player by the name that the plugin fires', () => {
    const template = readFileSync(path.join(dist('weapp'), 'base.wxml'), 'utf8');
    const tag = /<p2p-player [^>]*>/.exec(template)?.[0] ?? '';
    for (const name of ['playerReady', 'playerStartPull', 'playerClose', 'playerError']) {
      expect(tag).toContain(` bind${name}="eh"`);
    }
    for (const name of ['error', 'statechange', 'netstatus', 'fullscreenchange']) {
      expect(tag).toContain(` bind${name}="eh"`);
    }
  });
});

const COMPILERS = path.join(ROOT, 'node_modules/miniprogram-compiler/bin/linux');
const folder = mkdtempSync(path.join(os.tmpdir(), 'wcc-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** WeChat's compiler, made executable; null where it cannot run. */
function compiler(name: 'wcc' | 'wcsc'): string | null {
  const file = path.join(folder, name);
  copyFileSync(path.join(COMPILERS, name), file);
  chmodSync(file, 0o755);
  if (spawnSync(file, ['-h']).error === undefined) return file;
  console.warn(`WECHAT'S COMPILER ${name} CANNOT RUN HERE: what was built is not put to it`);
  return null;
}

function compile(name: 'wcc' | 'wcsc', cwd: string, files: readonly string[]) {
  const args = name === 'wcc' ? ['-d', '-cc', '0', ...files, '-gn', '$gwx'] : ['-db', ...files];
  const { status, stderr, stdout } = spawnSync(path.join(folder, name), args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  return { status, stderr, bytes: stdout.length };
}

const filesOf = (ending: RegExp) =>
  readdirSync(dist('weapp'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    ending.test(file),
  );

describe.each([
  { name: 'wcc', ending: /\.(wxml|wxs)$/, broken: '<view wx:if="{{a"></vie>' },
  { name: 'wcsc', ending: /\.wxss$/, broken: '.a { color: red' },
] as const)('WeChat’s compiler $name', ({ name, ending, broken }) => {
  const runs = compiler(name) !== null;
  const when = runs ? it : it.skip;

  when('takes what was built', () => {
    const files = filesOf(ending);
    expect(files.length).toBeGreaterThan(2);
    const { status, stderr, bytes } = compile(name, dist('weapp'), files);
    expect([status, stderr]).toEqual([0, '']);
    expect(bytes).toBeGreaterThan(0);
  });

  when('refuses what is broken', () => {
    const file = name === 'wcc' ? 'broken.wxml' : 'broken.wxss';
    writeFileSync(path.join(folder, file), broken);
    const { status, stderr } = compile(name, folder, [file]);
    expect(status !== 0 || stderr !== '').toBe(true);
  });
});
