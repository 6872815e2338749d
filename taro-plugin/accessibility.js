'use strict';

const path = require('node:path');

/**
 * What WeChat reads out to people who cannot see the page (base library 2.7.1), and Taro's templates
 * leave out.
 */
const ATTRIBUTES = require('./accessibility.json');
const RUNTIME = path.join(__dirname, 'accessibility-runtime.mjs');

/**
 * Has roles and labels of views reach WeChat.
 *
 * @param {import('./types').TaroPluginContext} ctx
 */
function setUpAccessibility(ctx) {
  ctx.registerMethod({
    name: 'onSetupClose',
    fn: (platform) => {
      platform.template.mergeComponents(ctx, structuredClone(ATTRIBUTES));
      platform.runtimePath = [platform.runtimePath, RUNTIME].flat();
    },
  });
}

module.exports = { setUpAccessibility };
