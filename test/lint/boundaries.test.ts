import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { lintSources } from './lint-sources';

type Import = readonly [importer: string, statement: string, imported?: string];

const allowed: readonly Import[] = [
  // Downwards, through the index.
  [
    'src/pages/live/index.tsx',
    "import '@components/iot-player'",
    'components/iot-player/index.tsx',
  ],
  ['src/app.ts', "import '../services/player'", 'services/player/index.ts'],
  ['src/app.ts', "import '../components'", 'components/index.ts'],
  ['src/app.ts', "import './app.scss'", 'src/app.scss'],
  ['src/app.ts', "import 'react'"],
  ['components/iot-player/a.tsx', "import '@services/player'", 'services/player/index.ts'],
  ['components/iot-player/a.tsx', "import '../theme'", 'components/theme/index.ts'],
  ['components/iot-player/a.tsx', "import './a.scss'", 'components/iot-player/a.scss'],
  ['components/iot-player/a.tsx', "import '../../services/host/h5'", 'services/host/h5/index.ts'],
  ['components/player-surface/a.tsx', "void import('mpegts.js')"],
  ['components/iot-player/a.tsx', "import { View } from '@tarojs/components'"],
  ['services/player/a.ts', "import '../device'", 'services/device/index.ts'],
  ['services/player/a.ts', "import '../p2p'", 'services/p2p/index.ts'],
  ['services/player/a.ts', "import '../p2p/module'", 'services/p2p/module/index.ts'],
  ['services/player/a.ts', "import type { Clock } from '../host'", 'services/host/index.ts'],
  ['services/player/a.ts', "import '../media/flv'", 'services/media/flv/index.ts'],
  ['services/player/a.ts', "import { makeAutoObservable } from 'mobx'"],
  ['services/device/a.ts', "import '../plugin'", 'services/plugin/index.ts'],
  [
    'services/plugin/a.ts',
    "import type { M } from '../p2p/module'",
    'services/p2p/module/index.ts',
  ],
  ['services/media/flv/a.ts', "import '../../errors'", 'services/errors/index.ts'],
  // Inside the engine.
  ['services/p2p/index.ts', "export * from './endpoint'", 'services/p2p/endpoint/index.ts'],
  ['services/p2p/module/a.ts', "import '../session'", 'services/p2p/session/index.ts'],
  ['services/p2p/session/a.ts', "import '../transport'", 'services/p2p/transport/index.ts'],
  ['services/p2p/session/a.ts', "import '../../host'", 'services/host/index.ts'],
  ['services/p2p/session/a.ts', "import './paths/b'", 'services/p2p/session/paths/b.ts'],
  ['services/p2p/session/a.ts', "import { x25519 } from '@noble/curves/ed25519.js'"],
  // Host adapters.
  ['services/host/node/a.ts', "import type { Clock } from '../clock'", 'services/host/clock.ts'],
  ['services/host/node/a.ts', "import ws from 'ws'; import fs from 'node:fs'"],
  ['services/host/weapp/a.ts', "import '../mini'", 'services/host/mini/index.ts'],
  // Agents are programs of their own over the services.
  ['agents/camera/main.ts', "import '../../services/host/node'", 'services/host/node/index.ts'],
  [
    'agents/relay/main.ts',
    "import '../../services/p2p/transport'",
    'services/p2p/transport/index.ts',
  ],
  ['agents/camera/main.ts', "import '../cli'", 'agents/cli/index.ts'],
  ['agents/camera/main.ts', "import fs from 'node:fs'; import { Command } from 'commander'"],
  // Tests and benches are free.
  ['test/p2p.test.ts', "import '../services/p2p/session/b'", 'services/p2p/session/b.ts'],
  [
    'bench/p2p.ts',
    "import '../services/p2p/session/b'; import 'react'",
    'services/p2p/session/b.ts',
  ],
];

const forbidden: readonly Import[] = [
  // Upwards.
  ['services/player/a.ts', "import '@components/iot-player'", 'components/iot-player/index.tsx'],
  ['services/player/a.ts', "import type { P } from '../../components/x'", 'components/x/index.ts'],
  ['components/iot-player/a.tsx', "import '@/app'", 'src/app.ts'],
  ['services/device/a.ts', "import '../player'", 'services/player/index.ts'],
  ['services/p2p/module/a.ts', "import '../../device'", 'services/device/index.ts'],
  ['services/host/node/a.ts', "import '../../p2p/transport'", 'services/p2p/transport/index.ts'],
  ['services/errors/a.ts', "import '../log'", 'services/log/index.ts'],
  ['services/media/a.ts', "import '../host'", 'services/host/index.ts'],
  ['services/p2p/session/a.ts', "import '../module'", 'services/p2p/module/index.ts'],
  ['services/p2p/transport/a.ts', "import '../session'", 'services/p2p/session/index.ts'],
  // Sideways.
  ['services/player/a.ts', "import '../talk'", 'services/talk/index.ts'],
  ['services/p2p/module/a.ts', "import '../../plugin'", 'services/plugin/index.ts'],
  ['services/plugin/a.ts', "import { m } from '../p2p/module'", 'services/p2p/module/index.ts'],
  // Past an index.
  ['services/player/a.ts', "import '../p2p/session/b'", 'services/p2p/session/b.ts'],
  ['services/player/a.ts', "import '../p2p/session'", 'services/p2p/session/index.ts'],
  ['services/player/a.ts', "export * from '../errors/b'", 'services/errors/b.ts'],
  ['services/player/a.ts', "void import('../device/b')", 'services/device/b.ts'],
  ['services/p2p/session/a.ts', "import '../../host/clock'", 'services/host/clock.ts'],
  ['services/p2p/session/a.ts', "import '../transport/b'", 'services/p2p/transport/b.ts'],
  ['components/iot-player/a.tsx', "import '../theme/b'", 'components/theme/b.ts'],
  ['components/iot-player/a.tsx', "import '@services/player/b'", 'services/player/b.ts'],
  ['src/app.ts', "import '@components/iot-player/b'", 'components/iot-player/b.tsx'],
  ['agents/camera/main.ts', "import '../../services/p2p/http/b'", 'services/p2p/http/b.ts'],
  // Hosts and frameworks.
  ['services/p2p/session/a.ts', "import '../../host/node'", 'services/host/node/index.ts'],
  ['services/p2p/session/a.ts', "import '../../host/h5'", 'services/host/h5/index.ts'],
  ['services/player/a.ts', "import '../host/weapp'", 'services/host/weapp/index.ts'],
  ['components/iot-player/a.tsx', "import '@services/host/node'", 'services/host/node/index.ts'],
  ['services/player/a.ts', "import { useMemo } from 'react'"],
  ['services/player/a.ts', "import Taro from '@tarojs/taro'"],
  ['services/host/h5/a.ts', "import Taro from '@tarojs/taro'"],
  ['services/host/node/a.ts', "import { useMemo } from 'react'"],
  ['services/p2p/session/a.ts', "import fs from 'node:fs'"],
  ['services/p2p/session/a.ts', "import ws from 'ws'"],
  ['services/p2p/session/a.ts', "const fs = require('fs')"],
  ['components/iot-player/a.tsx', "import fs from 'node:fs'"],
  // Agents.
  ['agents/camera/main.ts', "import '../../components/x'", 'components/x/index.ts'],
  ['agents/camera/main.ts', "import '../../src/app'", 'src/app.ts'],
  ['agents/camera/main.ts', "import Taro from '@tarojs/taro'"],
  // Code of the kit does not lean on its tests.
  ['services/player/a.ts', "import '../../test/helper'", 'test/helper.ts'],
  // A folder that nobody has given a place.
  ['services/misc/a.ts', "import '../errors'", 'services/errors/index.ts'],
  ['services/player/a.ts', "import '../misc'", 'services/misc/index.ts'],
  ['services/p2p/misc/a.ts', "import '../transport'", 'services/p2p/transport/index.ts'],
];

describe('import boundaries', () => {
  const tree = fs.mkdtempSync(path.join(os.tmpdir(), 'boundaries-'));
  const cases = [...allowed, ...forbidden];
  let broken: string[][] = [];

  const write = (file: string, content: string) => {
    fs.mkdirSync(path.join(tree, path.dirname(file)), { recursive: true });
    fs.writeFileSync(path.join(tree, file), content);
  };

  beforeAll(() => {
    const repository = path.resolve(__dirname, '../..');
    for (const file of ['tsconfig.json', 'tsconfig.base.json']) {
      write(file, fs.readFileSync(path.join(repository, file), 'utf8'));
    }
    for (const [, , imported] of cases) if (imported) write(imported, 'export {};\n');
    broken = lintSources(
      cases.map(([filePath, code]) => ({ filePath, code })),
      tree,
    );
  }, 60_000);

  afterAll(() => fs.rmSync(tree, { recursive: true }));

  it.each(allowed.map((item, index) => ({ item, index })))(
    'let $item.0 say $item.1',
    ({ index }) => {
      expect(broken[index]).toEqual([]);
    },
  );

  it.each(forbidden.map((item, index) => ({ item, index })))(
    'do not let $item.0 say $item.1',
    ({ index }) => {
      expect(broken[allowed.length + index]).toEqual(['boundaries/dependencies']);
    },
  );
});
