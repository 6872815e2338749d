'use strict';

/**
 * DingTalk is Alipay's framework under another name.
 *
 * @param {import('./types').PlatformContext} ctx
 * @param {unknown} config
 */
function dingTalk(ctx, config) {
  const { Alipay } = require('@tarojs/plugin-platform-alipay');
  const platform = new Alipay(ctx, config);
  platform.platform = 'dd';
  platform.globalObject = 'dd';
  // Alipay's runtime knows its API as `my`.
  ctx.modifyWebpackChain(({ chain, webpack }) => {
    chain.plugin('dingtalk-api').use(webpack.DefinePlugin, [{ my: 'dd' }]);
  });
  return platform;
}

module.exports = { dingTalk };
