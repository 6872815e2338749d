/** A native tag of the P2P-Player plugin: picture, talk and calls, picture-stream devices. */
export type Feature = 'player' | 'pusher' | 'mjpg';

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
   * Root of the subpackage whose pages show cameras: both plugins are declared there, and load with it.
   * By default they belong to the main package.
   */
  readonly subpackage?: string;
  /** Versions of the plugins, as `1.3.8`, or `latest`. */
  readonly versions?: { readonly player?: string; readonly xp2p?: string };
}

export interface KitPluginSettings {
  readonly features: readonly Feature[];
  readonly vendorCameras: boolean;
  readonly subpackage: string | null;
  readonly versions: { readonly player: string; readonly xp2p: string };
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

type Plugins = Record<string, PluginDeclaration>;

interface SubpackageConfig {
  readonly root: string;
  readonly pages: readonly string[];
  plugins?: Plugins;
}

export interface WeappAppConfig {
  readonly pages?: readonly string[];
  plugins?: Plugins;
  usingComponents?: Record<string, string>;
  subPackages?: SubpackageConfig[];
  subpackages?: SubpackageConfig[];
}

interface ConfigFile {
  readonly content: { usingComponents?: Record<string, string> };
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
  writeFileToDist(file: { readonly filePath: string; readonly content: string }): void;
  modifyRunnerOpts(
    call: (args: {
      readonly opts: { h5?: { esnextModules?: unknown[] }; esnextModules?: unknown[] };
    }) => void,
  ): void;
  modifyWebpackChain(call: (args: { readonly chain: WebpackChain }) => void): void;
}

/** The part of webpack-chain that is used. */
export interface WebpackChain {
  readonly resolve: {
    plugin(name: string): {
      tap(change: (args: unknown[]) => unknown[]): void;
    };
    readonly plugins: { has(name: string): boolean };
  };
}
