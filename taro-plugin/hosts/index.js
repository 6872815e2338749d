'use strict';

const HOSTS = require('./hosts.json');
const { dingTalk } = require('./dingtalk');
const { simpleHost } = require('./simple-host');

/**
 * Taro platforms for hosts that Taro's own set leaves out or whose packages were written for Taro 3: Lark,
 * Xiaohongshu, Kuaishou and DingTalk.
 *
 * ```ts
 * plugins: ['taro-iot-video/taro-plugin', 'taro-iot-video/taro-plugin/hosts']
 * ```
 *
 * @param {import('./types').PlatformContext} ctx
 */
module.exports = (ctx) => {
  for (const [name, host] of Object.entries(HOSTS)) {
    ctx.registerPlatform({
      name,
      useConfigName: 'mini',
      fn: async ({ config }) => {
        const platform =
          'like' in host ? dingTalk(ctx, config) : simpleHost(ctx, config, name, host);
        await platform.start();
      },
    });
  }
};
