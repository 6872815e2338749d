export interface SimpleHost {
  /** The global that holds its API. */
  readonly global: string;
  /** Endings of its templates and styles. */
  readonly template: string;
  readonly style: string;
  /** Of its directives, as `xhs:if`. */
  readonly prefix: string;
}

interface Chain {
  plugin(name: string): { use(plugin: unknown, args: readonly unknown[]): unknown };
}

/** The part of Taro's plugin context that platforms use. */
export interface PlatformContext {
  registerPlatform(platform: {
    readonly name: string;
    readonly useConfigName: 'mini';
    readonly fn: (args: { readonly config: unknown }) => Promise<void>;
  }): void;
  modifyWebpackChain(
    call: (args: { readonly chain: Chain; readonly webpack: { DefinePlugin: unknown } }) => void,
  ): void;
}
