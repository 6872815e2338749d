import path from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { buildSync } from 'esbuild';

/** The engine with everything it imports, as one script for a host without modules. */
function bundle(treeShaking: boolean): string {
  const { outputFiles } = buildSync({
    entryPoints: [path.join(__dirname, 'app.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2020',
    platform: 'neutral',
    treeShaking,
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}

// Development builds and some bundlers keep what is imported and not used.
describe.each([true, false])('the engine, bundled (tree-shaken: %s)', (treeShaking) => {
  const script = bundle(treeShaking);

  it('holds a session where there is neither TextEncoder nor crypto', () => {
    const reports: string[] = [];
    const context = createContext({
      setTimeout,
      clearTimeout,
      report: (text: string) => reports.push(text),
    });
    const missing = ['TextEncoder', 'TextDecoder', 'crypto', 'performance', 'process', 'Buffer'];
    for (const name of missing) expect(runInContext(`typeof ${name}`, context)).toBe('undefined');
    runInContext(script, context, { timeout: 20_000 });
    expect(reports).toEqual(['true 32 hello /ipc.flv 摄像头']);
  });

  it('brings nothing of Node', () => {
    expect(script).not.toMatch(/node:|createCipheriv|require\("/);
  });
});
