import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

interface CompactClasses {
  compactClasses(source: string, filename: string): string;
  shortenPrivateNames(source: string, filename: string): string;
}
const { compactClasses, shortenPrivateNames } = jest.requireActual<CompactClasses>(
  '../../taro-plugin/compact-classes',
);

const compact = (source: string) => compactClasses(source, 'file.ts');

describe('compactClasses', () => {
  it('shortens what only the class can mean', () => {
    expect(compact('class A { private count = 0; next() { return () => ++this.count; } }')).toBe(
      'class A { private _a = 0; next() { return () => ++this._a; } }',
    );
  });

  it('drops fields that only declare a type', () => {
    expect(compact('class A { readonly a: string; b = 1; static c: number; }')).toBe(
      'class A {  b = 1;  }',
    );
  });

  it('renames a parameter property wherever the constructor reads it', () => {
    const out = compact(
      `class A {
        constructor(private readonly options: O, other = options.other) {
          start({ options }, options, (options: O) => options, this.options);
        }
      }`,
    );
    expect(out).toContain('private readonly _a: O, other = _a.other');
    expect(out).toContain('start({ options: _a }, _a, (options: O) => options, this._a)');
  });

  it.each([
    ['a class that extends another', 'class A extends B { private count = 0; }'],
    ['another object’s', 'class A { private size = 0; is(o: A) { return o.size; } }'],
    ['names beside `this`', 'class A { private size = 0; a() { watch(this, { size: 1 }); } }'],
    ['strings beside `this`', "class A { private size = 0; a() { watch(this, 'size'); } }"],
    ['`this` taken apart', 'class A { private size = 0; a() { const { size } = this; } }'],
    ['computed names', 'class A { private size = 0; a(k: "size") { return this[k]; } }'],
    [
      'a function’s own `this`',
      'class A { private size = 0; a() { function f() { this.size; } } }',
    ],
    ['`in`', "class A { private size = 0; a(o: object) { return 'size' in o; } }"],
    ['static members', 'class A { private static size = 0; a() { return A.size; } }'],
    ['public members', 'class A { size = 0; a() { return this.size; } }'],
  ])('leaves the names of %s', (_what, source) => {
    expect(compact(source)).toBe(source);
  });

  it('takes no name that the class already has', () => {
    expect(compact('class A { _a = 1; private count = 0; }')).toContain('private _b = 0');
  });
});

/** The kit's sources, by what they are called after `root`. */
function sources(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => path.join(root, file));
}

describe('the services', () => {
  const root = path.resolve(__dirname, '../../services');

  it('still type-check with short names: no use was missed, and none renamed that is another’s', () => {
    const config = path.join(root, 'tsconfig.json');
    const { options, fileNames } = ts.parseJsonConfigFileContent(
      ts.readConfigFile(config, (file) => ts.sys.readFile(file)).config,
      ts.sys,
      root,
    );
    const host = ts.createCompilerHost(options);
    const isKit = new Set(sources(root));
    let changed = 0;
    host.getSourceFile = (file, target) => {
      const text = ts.sys.readFile(file);
      if (text === undefined) return undefined;
      const out = isKit.has(path.normalize(file)) ? shortenPrivateNames(text, file) : text;
      if (out !== text) changed++;
      return ts.createSourceFile(file, out, target);
    };
    const program = ts.createProgram(fileNames, options, host);
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(({ file, messageText }) => `${file?.fileName}: ${JSON.stringify(messageText)}`);
    expect(problems).toEqual([]);
    expect(changed).toBeGreaterThan(50);
  }, 120_000);

  it('have no member that a short name could hide', () => {
    const taken = sources(root).filter((file) =>
      /\b(?:this|super)\._[a-z]{1,2}\b/.test(readFileSync(file, 'utf8')),
    );
    expect(taken).toEqual([]);
  });
});
