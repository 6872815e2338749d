import path from 'node:path';
import ts from 'typescript';
import { ROOT } from './markdown';

/** Code of a page, to be checked as a module of its own. */
export interface Example {
  /** The page, relative to the repository. */
  readonly file: string;
  /** The line of the page on which the code begins, from 1 on. */
  readonly line: number;
  readonly language: 'ts' | 'tsx';
  readonly code: string;
}

/**
 * Checks examples with the repository's own options, as if they were files beside their page.
 * @returns a line for each problem: page, line, message.
 */
export function typeCheck(examples: readonly Example[]): string[] {
  const options = compilerOptions();
  const byName = new Map(examples.map((example) => [nameOf(example), example]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => byName.has(name) || fileExists.call(host, name);
  host.readFile = (name) => byName.get(name)?.code ?? readFile.call(host, name);
  host.getSourceFile = (name, target, ...rest) => {
    const example = byName.get(name);
    if (example === undefined) return getSourceFile.call(host, name, target, ...rest);
    return ts.createSourceFile(name, example.code, target, true);
  };
  const program = ts.createProgram([...byName.keys()], options, host);
  return [...byName].flatMap(([name, example]) => {
    const source = program.getSourceFile(name)!;
    return ts
      .getPreEmitDiagnostics(program, source)
      .filter(({ file }) => file === source)
      .map(({ start = 0, messageText }) => {
        const line = example.line + source.getLineAndCharacterOfPosition(start).line;
        return `${example.file}:${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
      });
  });
}

function nameOf({ file, line, language }: Example): string {
  return path.join(ROOT, `${file}.${line}.${language}`).replaceAll(path.sep, '/');
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), (name) =>
    ts.sys.readFile(name),
  ) as { config: object };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, ROOT);
  return {
    ...options,
    types: ['node'],
    // Two examples may use the same names; an example without imports is a module, too.
    moduleDetection: ts.ModuleDetectionKind.Force,
  };
}
