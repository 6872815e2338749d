/** The P2P-Player plugin's own functions; each came with some version. */
interface PlayerPlugin {
  reset?(): void;
  initHttp?(options: {
    readonly errorCallback: (error: { readonly errNum?: number } | undefined) => void;
  }): void;
}

declare function requirePlugin(name: string): PlayerPlugin;

const plugin = (): PlayerPlugin => requirePlugin('wechat-p2p-player');

/** Restarts the plugin's local HTTP server, where the version can. */
export function resetLocalServer(): void {
  plugin().reset?.();
}

type Listener = (detail: string) => void;

const listeners = new Set<Listener>();
let told = false;

/**
 * Tells when the system has closed the plugin's local HTTP server, as iOS does with an app in the
 * background (errNum 53), where the plugin's version says so.
 *
 * @returns ends it
 */
export function watchLocalServer(onLost: Listener): () => void {
  if (!told) {
    // The plugin has one place for a callback.
    plugin().initHttp?.({
      errorCallback: (error) => {
        for (const listener of [...listeners]) listener(`errNum ${error?.errNum ?? 'unknown'}`);
      },
    });
    told = true;
  }
  listeners.add(onLost);
  return () => listeners.delete(onLost);
}
