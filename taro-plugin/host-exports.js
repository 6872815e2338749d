'use strict';

/**
 * The modules that the vendor's plugins require of the app that uses them (app.json, `export`). They are
 * no part of the bundle, so what the app decides at run time reaches them by a property of `wx`.
 */
const HOST_EXPORTS = {
  player: {
    file: 'exportForPlayerPlugin.js',
    content: [
      // Only code of the package that declares the plugin may require it.
      'wx.__iotVideoPlayerPlugin = function () {',
      "  return requirePlugin('wechat-p2p-player');",
      '};',
      'module.exports = { wx: wx };',
      '',
    ].join('\n'),
  },
  xp2p: {
    file: 'exportForXp2pPlugin.js',
    content: [
      'function hook(name, fallback) {',
      '  var hooks = wx.__iotVideoXp2pHooks;',
      "  return hooks && typeof hooks[name] === 'function' ? hooks[name]() : fallback;",
      '}',
      'module.exports = {',
      '  wx: wx,',
      '  getXp2pAppParams: function () {',
      "    return hook('appParams', undefined);",
      '  },',
      '  getXp2pConfig: function () {',
      "    return hook('config', { enableCrypto: true });",
      '  },',
      '  getPlayerPlugin: function () {',
      '    return wx.__iotVideoPlayerPlugin && wx.__iotVideoPlayerPlugin();',
      '  },',
      '};',
      '',
    ].join('\n'),
  },
};

module.exports = { HOST_EXPORTS };
