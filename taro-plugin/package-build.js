'use strict';

const PACKAGE = 'taro-iot-video';

/**
 * Of packages in node_modules Taro converts neither px nor finds files for one platform (`x.h5.tsx`),
 * unless it is told to.
 *
 * @param {import('./types').TaroPluginContext} ctx
 */
function setUpH5(ctx) {
  ctx.modifyRunnerOpts(({ opts }) => {
    opts.esnextModules = [...(opts.esnextModules ?? []), PACKAGE];
  });
}

/**
 * Has Taro look for `x.h5.tsx` and `x.weapp.tsx` in the kit's package too.
 *
 * @param {import('./types').TaroPluginContext} ctx
 */
function includeVariants(ctx) {
  ctx.modifyWebpackChain(({ chain }) => {
    if (!chain.resolve.plugins.has('MultiPlatformPlugin')) return;
    chain.resolve.plugin('MultiPlatformPlugin').tap(([from, to, options, ...rest]) => {
      const { include = [], ...others } = /** @type {{ include?: string[] }} */ (options ?? {});
      return [from, to, { ...others, include: [...include, PACKAGE] }, ...rest];
    });
  });
}

module.exports = { setUpH5, includeVariants };
