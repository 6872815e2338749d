import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transform } from 'esbuild';
import { compile } from 'sass';
import ts from 'typescript';
import { compactClasses } from '../../taro-plugin/compact-classes.js';
import { root } from './root.mjs';
import { runNode } from './run.mjs';

const TSC = path.join(root, 'node_modules/typescript/bin/tsc');
const FOLDERS = ['components', 'services'];
const COPIED = ['taro-plugin', 'README.md', 'README.zh-CN.md', 'LICENSE'];
const ALIAS = /^@(components|services)\//;

/** What the package offers; each folder is used through its index. */
const EXPORTS = {
  '.': { types: './components/index.d.ts', default: './components/index.js' },
  './components/*': {
    types: './components/*/index.d.ts',
    default: './components/*/index.js',
  },
  './services/*': { types: './services/*/index.d.ts', default: './services/*/index.js' },
  './taro-plugin': { types: './taro-plugin/types.d.ts', default: './taro-plugin/index.js' },
  './taro-plugin/hosts': './taro-plugin/hosts/index.js',
  './package.json': './package.json',
};

/**
 * Writes the npm package: ES modules one by one, so that an app's build takes what it imports, their
 * styles in px for the app to convert, declarations, and the Taro plugin.
 *
 * @param {string} out the folder, emptied first
 */
export async function writePackage(out) {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const code = await runNode([TSC, '-p', 'tsconfig.package.json', '--outDir', out]);
  if (code !== 0) throw new Error(`the declarations failed with exit code ${code}`);
  for (const file of filesIn(out, '.d.ts')) {
    const target = path.join(out, file);
    writeFileSync(target, withoutAliases(readFileSync(target, 'utf8'), file));
  }
  for (const folder of FOLDERS) {
    for (const file of filesIn(path.join(root, folder)).map((name) => path.join(folder, name))) {
      await writeFile(file, out);
    }
  }
  for (const name of COPIED)
    cpSync(path.join(root, name), path.join(out, name), { recursive: true });
  rmSync(path.join(out, 'taro-plugin/tsconfig.json'));
  writeFileSync(path.join(out, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
}

async function writeFile(file, out) {
  const source = path.join(root, file);
  const target = path.join(out, file);
  if (/\.tsx?$/.test(file) && !file.endsWith('.d.ts')) {
    const { code } = await transform(compactClasses(readFileSync(source, 'utf8'), source), {
      loader: file.endsWith('x') ? 'tsx' : 'ts',
      format: 'esm',
      target: 'es2020',
      jsx: 'automatic',
      tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
    });
    writeFileSync(target.replace(/\.tsx?$/, '.js'), withoutAliases(code, file));
  } else if (file.endsWith('.scss') && !path.basename(file).startsWith('_')) {
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target.replace(/\.scss$/, '.css'), compile(source).css);
  }
}

/** The aliases of this repository become relative paths, and styles what they were compiled to. */
function withoutAliases(code, file) {
  const { importedFiles } = ts.preProcessFile(code, true, true);
  return importedFiles.reduceRight((text, { fileName, pos, end }) => {
    const quote = text[pos];
    const start = quote === '"' || quote === "'" ? pos + 1 : pos;
    return text.slice(0, start) + specifier(fileName, file) + text.slice(start + end - pos);
  }, code);
}

function specifier(name, file) {
  const style = name.replace(/\.scss$/, '.css');
  if (!ALIAS.test(style)) return style;
  const relative = path.posix.relative(path.posix.dirname(file), style.slice(1));
  return relative.startsWith('.') ? relative : `./${relative}`;
}

function manifest() {
  const { name, version, description, license, engines, dependencies, peerDependencies } =
    JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return {
    name,
    version,
    description,
    license,
    // No "type": with one, Taro's Babel takes the modules for scripts.
    main: EXPORTS['.'].default,
    module: EXPORTS['.'].default,
    types: EXPORTS['.'].types,
    exports: EXPORTS,
    sideEffects: ['**/*.css'],
    engines,
    dependencies,
    peerDependencies,
  };
}

function filesIn(folder, suffix = '') {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)));
}
