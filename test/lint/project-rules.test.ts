import { lintSources } from './lint-sources';

const cases: readonly (readonly [filePath: string, code: string, broken: string[]])[] = [
  ['services/p2p/a.ts', 'export const r = Math.random();', ['no-restricted-properties']],
  ['services/p2p/a.ts', 'export const t = Date.now();', ['no-restricted-properties']],
  ['services/p2p/a.ts', 'export const t = new Date();', ['no-restricted-syntax']],
  ['services/p2p/a.ts', 'export const t = new Date(0);', []],
  ['services/p2p/a.ts', 'export const t = performance.now();', ['no-restricted-globals']],
  ['services/p2p/a.ts', 'setTimeout(() => undefined, 1);', ['no-restricted-globals']],
  ['services/p2p/a.ts', 'globalThis.setInterval(() => 0, 1);', ['no-restricted-properties']],
  ['services/p2p/a.ts', "console.log('x');", ['no-console']],
  ['services/host/h5/a.ts', 'export const t = Date.now() + Math.random();', []],
  ['services/host/node/a.ts', 'setTimeout(() => undefined, 1);', []],
  ['components/iot-player/a.tsx', "console.log('x');", ['no-console']],
  ['components/iot-player/a.tsx', 'export default 1;', ['no-restricted-exports']],
  ['services/p2p/a.ts', 'const a = 1; export { a as default };', ['no-restricted-exports']],
  ['src/pages/live/index.tsx', 'export default function Page() { return null; }', []],
  ['services/p2p/a.ts', "import React from 'react'; void React;", ['boundaries/dependencies']],
];

describe("the project's ESLint configuration", () => {
  let found: string[][] = [];

  beforeAll(() => {
    found = lintSources(cases.map(([filePath, code]) => ({ filePath, code })));
  }, 60_000);

  it.each(cases.map(([filePath, code, broken], index) => ({ filePath, code, broken, index })))(
    'finds $broken in $filePath: $code',
    ({ broken, index }) => {
      expect(found[index]).toEqual(broken);
    },
  );
});
