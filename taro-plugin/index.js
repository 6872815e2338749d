'use strict';

const { readOptions } = require('./options');
const { setUpKitCode } = require('./kit-code');
const { includeVariants, setUpH5 } = require('./package-build');
const { setUpWeapp } = require('./weapp');

/**
 * The kit's Taro plugin: what a consumer would otherwise write into app.json, page configurations and
 * the build's configuration.
 *
 * ```ts
 * plugins: ['taro-iot-video/taro-plugin']
 * plugins: [['taro-iot-video/taro-plugin', { features: ['player'], vendorCameras: false }]]
 * ```
 *
 * @param {import('./types').TaroPluginContext} ctx
 * @param {import('./types').KitPluginOptions} [given]
 */
module.exports = (ctx, given) => {
  const options = readOptions(given);
  const host = ctx.runOpts?.options?.platform ?? process.env.TARO_ENV;
  setUpKitCode(ctx, options);
  includeVariants(ctx);
  if (host === 'weapp') setUpWeapp(ctx, options);
  if (host === 'h5') setUpH5(ctx);
};
