import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { template } from 'glass-easel';
import { TmplGroup } from 'glass-easel-template-compiler';
import { WECHAT } from './dialect';
import type { Dialect } from './dialect';

type DeclaredPlugins = Readonly<Record<string, { readonly export?: string }>>;

interface Subpackage {
  readonly root: string;
  readonly pages: readonly string[];
  readonly plugins?: DeclaredPlugins;
}

export interface AppJson {
  readonly pages: readonly string[];
  readonly subPackages?: readonly Subpackage[];
  readonly plugins?: DeclaredPlugins;
  readonly usingComponents?: Readonly<Record<string, string>>;
}

export interface ComponentJson {
  readonly component?: boolean;
  readonly usingComponents?: Readonly<Record<string, string>>;
}

interface TemplateProblem {
  readonly level: string;
  readonly message: string;
}

/** The built output of a mini-program, as its host would find it in the package. */
export class AppPackage {
  readonly app: AppJson;
  private readonly group = new TmplGroup();

  /** @throws Error when there is no such output, or a template or script in it cannot be compiled. */
  constructor(
    private readonly folder: string,
    private readonly dialect: Dialect = WECHAT,
  ) {
    if (!existsSync(path.join(folder, 'app.json'))) {
      throw new Error(`${folder} holds no mini-program: build it first`);
    }
    this.app = this.json('app') as AppJson;
    const { template, script, toWxml, toWxs } = dialect;
    for (const file of this.files(script)) {
      this.group.addScript(file, toWxs(this.text(`${file}${script}`)));
    }
    for (const file of this.files(template)) {
      const text = toWxml(this.text(`${file}${template}`));
      const problems = this.group.addTmpl(file, text) as TemplateProblem[];
      if (problems.length > 0) {
        const texts = new Set(problems.map(({ level, message }) => `${level}: ${message}`));
        throw new Error(`${file}${template}: ${[...texts].join('; ')}`);
      }
    }
  }

  /** Pages of the main package, the first one first, and of the subpackages. */
  pages(): readonly string[] {
    const inSubpackages = this.subpackages().flatMap(({ root, pages }) =>
      pages.map((page) => `${root}/${page}`),
    );
    return [...this.app.pages, ...inSubpackages];
  }

  /** Where `plugins` stands, with the folder that its files are named from. */
  pluginDeclarations(): readonly { readonly root: string; readonly plugins: DeclaredPlugins }[] {
    return [{ root: '', plugins: this.app.plugins ?? {} }].concat(
      this.subpackages().map(({ root, plugins }) => ({ root: `${root}/`, plugins: plugins ?? {} })),
    );
  }

  private subpackages(): readonly Subpackage[] {
    return (this.app.subPackages ?? []).map((one) => ({
      ...one,
      root: one.root.replace(/\/$/, ''),
    }));
  }

  /** Files of a kind, relative and without their ending. */
  files(ending: string): readonly string[] {
    return readdirSync(this.folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith(ending))
      .map((file) => file.slice(0, -ending.length).split(path.sep).join('/'));
  }

  has(file: string): boolean {
    return existsSync(path.join(this.folder, file));
  }

  text(file: string): string {
    return readFileSync(path.join(this.folder, file), 'utf8');
  }

  /** A style sheet with what it imports; nothing when there is none. @param file without its ending */
  styleSheet(file: string): string {
    const name = `${file}${this.dialect.style}`;
    if (!this.has(name)) return '';
    return this.text(name).replace(/@import\s+["']([^"']+)["'];?/g, (_, target: string) => {
      const imported = path.posix.join(path.posix.dirname(name), target);
      return this.styleSheet(imported.slice(0, -this.dialect.style.length));
    });
  }

  /** @param file without `.json` */
  json(file: string): unknown {
    return JSON.parse(this.text(`${file}.json`));
  }

  /** Components of the package by their path: those whose configuration says so. */
  components(): readonly string[] {
    return this.files('.json').filter((file) => {
      if (!this.has(`${file}${this.dialect.template}`)) return false;
      return (this.json(file) as ComponentJson).component === true;
    });
  }

  /** The compiled template of each file. */
  templates(): ReadonlyMap<string, template.ComponentTemplate> {
    const source = `(function(){${this.group.getRuntimeString()};return ${this.group.getTmplGenObjectGroups()}})()`;
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the compiler's output is a program
    const groups = new Function(`return ${source}`)() as template.ProcGenGroupList;
    return new Map(
      Object.entries(groups).map(([file, content]) => [
        file,
        // Without it a binding without a colon (`bindtap`) is taken for an attribute.
        { content, groupList: groups, fallbackListenerOnNativeNode: true },
      ]),
    );
  }
}
