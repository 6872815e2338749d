'use strict';

const { setUpAccessibility } = require('./accessibility');
const { NATIVE_TAGS } = require('./native-tags');
const { PREFIX } = require('./options');
const { HOST_EXPORTS } = require('./host-exports');

/** Names under which the plugins are known in the app; the vendor's own demo uses the same. */
const PLAYER_PLUGIN = 'wechat-p2p-player';
const XP2P_PLUGIN = 'xp2p';
const PROVIDERS = { player: 'wx9e8fbc98ceac2628', xp2p: 'wx1319af22356934bf' };

/**
 * Declares the plugins, registers their tags and writes the modules that they want of the app.
 *
 * @param {import('./types').TaroPluginContext} ctx
 * @param {import('./types').KitPluginSettings} settings
 */
function setUpWeapp(ctx, settings) {
  const { features, subpackage } = settings;
  setUpAccessibility(ctx);
  const tags = features.map((feature) => NATIVE_TAGS[feature]);
  const usingComponents = Object.fromEntries(
    tags.map(({ tag }) => [tag, `plugin://${PLAYER_PLUGIN}/${tag}`]),
  );

  ctx.modifyAppConfig(({ appConfig }) => {
    const { player, xp2p } = pluginsOf(settings);
    appConfig.plugins = { ...(subpackage === null && player), ...xp2p, ...appConfig.plugins };
    if (subpackage !== null) placePlayer(appConfig, subpackage, player);
    // At the app's level a tag is found however deep it stands; a subpackage's plugin is not visible there.
    if (subpackage === null) {
      appConfig.usingComponents = { ...usingComponents, ...appConfig.usingComponents };
    }
  });

  if (subpackage !== null) {
    ctx.modifyMiniConfigs(({ configMap }) => {
      for (const [name, { content }] of Object.entries(configMap)) {
        if (!name.startsWith(`${subpackage}/`)) continue;
        content.usingComponents = { ...usingComponents, ...content.usingComponents };
      }
    });
  }

  ctx.onParseCreateElement(({ nodeName, componentConfig }) => {
    const found = tags.find(({ tag }) => tag === nodeName);
    if (found === undefined) return;
    const known = componentConfig.thirdPartyComponents.get(nodeName) ?? new Set();
    for (const attribute of found.attributes) known.add(attribute);
    componentConfig.thirdPartyComponents.set(nodeName, known);
  });

  ctx.onBuildFinish(() => {
    const { player, xp2p } = HOST_EXPORTS;
    const folder = subpackage === null ? '' : `${subpackage}/`;
    ctx.writeFileToDist({ filePath: `${folder}${player.file}`, content: player.content });
    if (settings.vendorCameras) {
      ctx.writeFileToDist({ filePath: xp2p.file, content: xp2p.content });
    }
  });
}

/**
 * Declares the player's plugin in a subpackage, which the app's first page loads ahead.
 *
 * @param {import('./types').WeappAppConfig} appConfig
 * @param {string} root
 * @param {import('./types').Plugins} player
 */
function placePlayer(appConfig, root, player) {
  const owner = subpackageOf(appConfig, root);
  owner.plugins = { ...player, ...owner.plugins };
  const first = appConfig.pages?.[0];
  if (first === undefined) return;
  appConfig.preloadRule = {
    [first]: { network: 'all', packages: [owner.root] },
    ...appConfig.preloadRule,
  };
}

/**
 * @param {import('./types').KitPluginSettings} settings
 * @returns {{ readonly player: import('./types').Plugins, readonly xp2p: import('./types').Plugins }}
 */
function pluginsOf({ vendorCameras, versions }) {
  const xp2p = {
    version: versions.xp2p,
    provider: PROVIDERS.xp2p,
    export: HOST_EXPORTS.xp2p.file,
  };
  const player = {
    version: versions.player,
    provider: PROVIDERS.player,
    export: HOST_EXPORTS.player.file,
  };
  /** @type {import('./types').Plugins} */
  const vendor = vendorCameras ? { [XP2P_PLUGIN]: xp2p } : {};
  return { player: { [PLAYER_PLUGIN]: player }, xp2p: vendor };
}

/**
 * @param {import('./types').WeappAppConfig} appConfig
 * @param {string} root
 */
function subpackageOf(appConfig, root) {
  const all = appConfig.subPackages ?? appConfig.subpackages ?? [];
  const found = all.find((one) => one.root.replace(/\/$/, '') === root);
  if (found !== undefined) return found;
  const roots = all.map((one) => `"${one.root}"`).join(', ') || 'none';
  throw new Error(
    `${PREFIX}: option "subpackage" names "${root}", but the app's subPackages are: ${roots}`,
  );
}

module.exports = { setUpWeapp, PLAYER_PLUGIN, XP2P_PLUGIN };
