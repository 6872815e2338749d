/** A native tag of the P2P-Player plugin: picture, talk and calls, picture-stream devices. */
export type Feature = 'player' | 'pusher' | 'mjpg';

/** A language that the kit speaks. */
export type Language = 'zh-CN' | 'zh-TW' | 'en';

/** What a consumer may say; all of it is optional. */
export interface KitPluginOptions {
  /** Native tags that the app uses; each costs a few kilobytes of template (default all). */
  readonly features?: readonly Feature[];
  /**
   * Whether the app also watches cameras that speak the vendor's protocol, by the X-P2P plugin (default
   * true). An app without it needs no approval for that plugin.
   */
  readonly vendorCameras?: boolean;
  /**
   * Root of the subpackage whose pages show cameras: the player's plugin is declared there and loads with
   * it, ahead while the app's first page is open. The X-P2P plugin stays in the main package, where the
   * connections are. By default both belong to the main package.
   */
  readonly subpackage?: string;
  /** Versions of the plugins, as `1.3.8`, or `latest`. */
  readonly versions?: { readonly player?: string; readonly xp2p?: string };
  /** Languages whose texts the app ships (default all); users of others get English, or else the first. */
  readonly languages?: readonly Language[];
}

export interface KitPluginSettings {
  readonly features: readonly Feature[];
  readonly vendorCameras: boolean;
  readonly subpackage: string | null;
  readonly versions: { readonly player: string; readonly xp2p: string };
  readonly languages: readonly Language[];
}

export interface NativeTag {
  readonly tag: string;
  readonly attributes: readonly string[];
}

interface PluginDeclaration {
  readonly version: string;
  readonly provider: string;
  readonly export: string;
}

export type Plugins = Record<string, PluginDeclaration>;

interface SubpackageConfig {
  readonly root: string;
  readonly pages: readonly string[];
  plugins?: Plugins;
}

export interface WeappAppConfig {
  readonly pages?: readonly string[];
  plugins?: Plugins;
  preloadRule?: Record<
    string,
    { readonly network: 'all' | 'wifi'; readonly packages: readonly string[] }
  >;
  usingComponents?: Record<string, string>;
  subPackages?: SubpackageConfig[];
  subpackages?: SubpackageConfig[];
}

interface ConfigFile {
  readonly content: { usingComponents?: Record<string, string> };
}

/** The part of Taro's platform that is used. */
export interface TaroPlatform {
  /** Modules that run before the app. */
  runtimePath: string | readonly string[];
  readonly template: {
    mergeComponents(
      ctx: TaroPluginContext,
      attributes: Readonly<Record<string, Readonly<Record<string, string>>>>,
    ): void;
  };
}

/** The part of Taro's plugin context that is used. */
export interface TaroPluginContext {
  readonly runOpts?: { readonly options?: { readonly platform?: string } };
  modifyAppConfig(call: (args: { readonly appConfig: WeappAppConfig }) => void): void;
  modifyMiniConfigs(call: (args: { readonly configMap: Record<string, ConfigFile> }) => void): void;
  onParseCreateElement(
    call: (args: {
      readonly nodeName: string;
      readonly componentConfig: {
        readonly thirdPartyComponents: Map<string, Set<string>>;
      };
    }) => void,
  ): void;
  onBuildFinish(call: () => void): void;
  /** Adds a function to those that Taro calls at a moment of the build. */
  registerMethod(method: {
    readonly name: 'onSetupClose';
    readonly fn: (platform: TaroPlatform) => void;
  }): void;
  writeFileToDist(file: { readonly filePath: string; readonly content: string }): void;
  modifyRunnerOpts(
    call: (args: {
      readonly opts: {
        esnextModules?: unknown[];
        compile?: { include?: unknown[] };
        terser?: unknown;
      };
    }) => void,
  ): void;
  modifyWebpackChain(call: (args: { readonly chain: WebpackChain }) => void): void;
}

/** The part of webpack-chain that is used. */
export interface WebpackChain {
  readonly module: { rule(name: string): WebpackRule };
  readonly resolve: {
    readonly alias: { set(name: string, target: string): void };
    plugin(name: string): {
      tap(change: (args: unknown[]) => unknown[]): void;
    };
    readonly plugins: { has(name: string): boolean };
  };
}

export interface WebpackRule {
  readonly include: { add(folder: string): WebpackRule['include'] };
  test(name: RegExp): WebpackRule;
  sideEffects(has: boolean): WebpackRule;
  enforce(when: 'pre'): WebpackRule;
  readonly uses: { has(name: string): boolean };
  use(name: string): WebpackUse;
}

export interface WebpackUse {
  loader(file: string): WebpackUse;
  options(options: KitLoaderOptions): void;
  tap(change: (options: BabelOptions | undefined) => BabelOptions): void;
}

export interface BabelOptions {
  readonly overrides?: readonly object[];
}

export interface KitLoaderOptions {
  readonly languages: readonly Language[];
  /** Whether classes are made smaller. */
  readonly compact: boolean;
}

/** The part of webpack's loader context that is used. */
export interface KitLoaderContext {
  readonly resourcePath: string;
  getOptions(): KitLoaderOptions;
}
