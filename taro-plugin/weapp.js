'use strict';

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
  const tags = features.map((feature) => NATIVE_TAGS[feature]);
  const usingComponents = Object.fromEntries(
    tags.map(({ tag }) => [tag, `plugin://${PLAYER_PLUGIN}/${tag}`]),
  );

  ctx.modifyAppConfig(({ appConfig }) => {
    const owner = subpackage === null ? appConfig : subpackageOf(appConfig, subpackage);
    owner.plugins = { ...pluginsOf(settings), ...owner.plugins };
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
    const folder = subpackage === null ? '' : `${subpackage}/`;
    const { player, xp2p } = HOST_EXPORTS;
    for (const { file, content } of settings.vendorCameras ? [player, xp2p] : [player]) {
      ctx.writeFileToDist({ filePath: `${folder}${file}`, content });
    }
  });
}

/** @param {import('./types').KitPluginSettings} settings */
function pluginsOf({ vendorCameras, versions }) {
  return {
    [PLAYER_PLUGIN]: {
      version: versions.player,
      provider: PROVIDERS.player,
      export: HOST_EXPORTS.player.file,
    },
    ...(vendorCameras && {
      [XP2P_PLUGIN]: {
        version: versions.xp2p,
        provider: PROVIDERS.xp2p,
        export: HOST_EXPORTS.xp2p.file,
      },
    }),
  };
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
