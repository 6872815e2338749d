import * as glassEasel from 'glass-easel';
import { MiniProgramEnv } from 'glass-easel-miniprogram-adapter';
import type { AssociatedBackend, CodeSpace, ComponentEnv } from 'glass-easel-miniprogram-adapter';
import { AppPackage } from './app-package';
import type { ComponentJson } from './app-package';
import { WECHAT } from './dialect';
import type { Dialect } from './dialect';
import { Page } from './page';
import { NoScreen } from './screen';
import type { Screen } from './screen';
import { Sandbox } from './sandbox';

/** A plugin that the app requires: its functions, and its components by name. */
export interface EmulatedPlugin {
  readonly exports: Readonly<Record<string, unknown>>;
  /** Names of its public components. */
  readonly components: readonly string[];
  /** Defines them in the plugin's own space. */
  define(space: CodeSpace): void;
  /** Gets what the app's `export` module of app.json holds, null when it declares none. */
  onHostExport?(exported: unknown): void;
}

export interface MiniProgramOptions {
  /** The folder of the built output. */
  readonly folder: string;
  /** The host's API; made with the realm's own ArrayBuffers. */
  readonly createWx: (sandbox: Sandbox) => Readonly<Record<string, unknown>>;
  /** What the host writes its templates in, and calls its API (default: WeChat's). */
  readonly dialect?: Dialect;
  /** Where its pages are drawn (default: nowhere). */
  readonly screen?: Screen;
  /** Plugins by their name in app.json. */
  readonly plugins?: Readonly<Record<string, EmulatedPlugin>>;
}

interface AppDefinition {
  onLaunch?(options: unknown): void;
  onShow?(options: unknown): void;
  onHide?(): void;
}

/**
 * Runs the built output of a mini-program on WeChat's own component framework: its modules in a realm
 * of their own, its templates compiled, its pages opened one on top of the other. One thread; what
 * a page holds is read from the component tree, or seen on a screen.
 */
export class MiniProgram {
  readonly sandbox: Sandbox;
  /** What the app has thrown where nobody could catch it. */
  readonly errors: unknown[] = [];
  private readonly options: MiniProgramOptions;
  private readonly package: AppPackage;
  private readonly env = new MiniProgramEnv();
  private readonly space: CodeSpace;
  private readonly backend: AssociatedBackend;
  private readonly screen: Screen;
  private readonly modules = new Map<string, { exports: unknown }>();
  private readonly defined = new Set<string>();
  private definition: ComponentEnv | null = null;
  private app: AppDefinition = {};
  private readonly pages: Page[] = [];

  constructor(options: MiniProgramOptions) {
    this.options = options;
    this.package = new AppPackage(options.folder, options.dialect);
    this.space = this.env.createCodeSpace('app', true);
    this.screen = options.screen ?? new NoScreen();
    this.backend = this.env.associateBackend(this.screen.backend);
    const definition = () => {
      if (this.definition === null) throw new Error('a component was registered outside a file');
      return this.definition;
    };
    this.sandbox = new Sandbox(
      {
        App: (app: AppDefinition) => {
          this.app = app;
        },
        Page: (page: never) => definition().Page(page),
        Component: (component: { behaviors?: unknown[] }) =>
          definition().Component(plain(component)),
        Behavior: (behavior: never) => definition().Behavior(behavior),
        getApp: () => this.app,
        getCurrentPages: () => this.pages.map(({ caller }) => caller),
        requirePlugin: (name: string) => this.plugin(name).exports,
      },
      (error) => this.errors.push(error),
    );
    this.sandbox.realm[(options.dialect ?? WECHAT).global] = options.createWx(this.sandbox);
    glassEasel.globalOptions.throwGlobalError = true;
  }

  /** Starts the app and opens its first page, or the one that is named. */
  launch(url = `/${this.package.app.pages[0]!}`): Page {
    this.definePlugins();
    const templates = this.package.templates();
    for (const [file, template] of templates) this.space.addCompiledTemplate(file, template);
    this.require('app.js', '');
    this.app.onLaunch?.({ path: url, query: {} });
    this.app.onShow?.({ path: url, query: {} });
    return this.open(url);
  }

  /** The page on top. */
  get page(): Page {
    const top = this.pages[this.pages.length - 1];
    if (top === undefined) throw new Error('no page is open');
    return top;
  }

  /** What the page on top says; nothing when none is open. */
  get text(): string {
    return this.pages[this.pages.length - 1]?.text ?? '';
  }

  /** Opens a page on top of the others. */
  open(url: string): Page {
    const [route = '', query = ''] = url.replace(/^\//, '').split('?');
    if (!this.package.pages().includes(route)) throw new Error(`app.json has no page ${route}`);
    this.pages[this.pages.length - 1]?.call('onHide');
    this.defineComponent(route);
    const root = this.backend.createRoot('page', this.space, route);
    const page = new Page(route, root, this.screen);
    const { toPath } = this.options.dialect ?? WECHAT;
    if (toPath !== undefined) page.translatePaths(toPath);
    Object.assign(page.caller as object, { route, __route__: route, options: queryOf(query) });
    this.pages.push(page);
    // Baidu's first call; the others do not know it.
    page.call('onInit', queryOf(query));
    page.call('onLoad', queryOf(query));
    this.screen.show(root, this.styleSheetOf(route));
    page.call('onShow');
    page.call('onReady');
    return page;
  }

  /** Leaves the page on top. */
  back(): void {
    const page = this.pages.pop();
    if (page === undefined) return;
    page.call('onUnload');
    page.close();
    this.pages[this.pages.length - 1]?.call('onShow');
  }

  /** The user leaves the app, which goes on for a while. */
  hide(): void {
    this.page.call('onHide');
    this.app.onHide?.();
  }

  show(): void {
    this.app.onShow?.({});
    this.page.call('onShow');
  }

  close(): void {
    while (this.pages.length > 0) this.back();
    this.sandbox.close();
  }

  /** A page's style sheet after that of the app, with what they import. */
  private styleSheetOf(route: string): string {
    return ['app', route].map((file) => this.package.styleSheet(file)).join('\n');
  }

  private definePlugins(): void {
    for (const { root, plugins } of this.package.pluginDeclarations()) {
      for (const [name, declared] of Object.entries(plugins))
        this.definePlugin(name, declared, root);
    }
  }

  private definePlugin(name: string, declared: { readonly export?: string }, root: string): void {
    const plugin = this.plugin(name);
    const id = `plugin:${name}`;
    const publicNames = Object.fromEntries(plugin.components.map((one) => [one, one]));
    plugin.define(this.env.createCodeSpace(id, false, publicNames));
    this.space.importCodeSpace(id, name);
    const file = declared.export;
    if (file === undefined) plugin.onHostExport?.(null);
    else plugin.onHostExport?.(this.require(`${root}${file}`, ''));
  }

  private plugin(name: string): EmulatedPlugin {
    const plugin = this.options.plugins?.[name];
    if (plugin === undefined) throw new Error(`the plugin "${name}" is not in app.json`);
    return plugin;
  }

  /** Defines a page or component with everything that it uses. */
  private defineComponent(file: string): void {
    if (this.defined.has(file)) return;
    this.defined.add(file);
    const config = this.package.json(file) as ComponentJson;
    const usingComponents = { ...this.package.app.usingComponents, ...config.usingComponents };
    const resolved = Object.fromEntries(
      Object.entries(usingComponents).map(([tag, target]) => [
        tag,
        target.startsWith('plugin://') ? target : `/${resolve(file, target)}`,
      ]),
    );
    this.space.addComponentStaticConfig(file, { ...config, usingComponents: resolved });
    for (const target of Object.values(resolved)) {
      if (target.startsWith('/')) this.defineComponent(target.slice(1));
    }
    this.space.componentEnv(file, (env) => {
      this.definition = env;
      this.require(`${file}.js`, '');
      this.definition = null;
    });
  }

  private require(request: string, from: string): unknown {
    const file = request.startsWith('.') ? resolve(from, request) : request.replace(/^\//, '');
    const name = file.endsWith('.js') ? file : `${file}.js`;
    const known = this.modules.get(name);
    if (known !== undefined) return known.exports;
    if (!this.package.has(name)) throw new Error(`module ${name} is not defined`);
    const module = { exports: {} };
    this.modules.set(name, module);
    this.sandbox.run(name, this.package.text(name), {
      module,
      exports: module.exports,
      require: (next: string) => this.require(next, name),
    });
    return module.exports;
  }
}

const TYPES: Readonly<Record<string, unknown>> = {
  String,
  Number,
  Boolean,
  Object,
  Array,
  Function,
};

interface ComponentLike {
  readonly behaviors?: readonly unknown[];
  readonly properties?: Readonly<Record<string, unknown>>;
}

/**
 * A definition as the framework takes it: types of properties are the realm's own constructors, and
 * `wx://…` names behaviours of the host that add nothing here.
 */
function plain(component: ComponentLike): never {
  const { behaviors, properties } = component;
  return {
    ...component,
    ...(behaviors && { behaviors: behaviors.filter((one) => typeof one !== 'string') }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [name, propertyOf(property)]),
      ),
    }),
  } as never;
}

function propertyOf(property: unknown): unknown {
  if (typeof property === 'function') return TYPES[property.name];
  if (typeof property !== 'object' || property === null || !('type' in property)) return property;
  const { type } = property;
  return { ...property, type: typeof type === 'function' ? TYPES[type.name] : type };
}

function resolve(from: string, target: string): string {
  if (target.startsWith('/')) return target.slice(1);
  const parts = from.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function queryOf(query: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const at = pair.indexOf('=');
        return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      }),
  );
}
