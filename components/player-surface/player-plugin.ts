/** The P2P-Player plugin's own functions; each came with some version. */
interface PlayerPlugin {
  reset?(): void;
}

declare function requirePlugin(name: string): PlayerPlugin;

/** Restarts the plugin's local HTTP server, where the version can. */
export function resetLocalServer(): void {
  requirePlugin('wechat-p2p-player').reset?.();
}
