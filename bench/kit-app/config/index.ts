import path from 'node:path';
// Only the type: a value import of the CLI loads its native binding.
import type { UserConfigExport } from '@tarojs/cli';
import type { KitPluginOptions } from '../../../taro-plugin/types';

const plugin = (name: string) => path.resolve(__dirname, '../../..', name);

/** Options of the kit's plugin, as the bench wants them. */
const options = JSON.parse(process.env.KIT_OPTIONS ?? '{}') as KitPluginOptions;

/** What a consumer writes: the kit is the one line `plugins`. */
const config: UserConfigExport<'webpack5'> = {
  projectName: 'kit-app',
  framework: 'react',
  compiler: { type: 'webpack5', prebundle: { enable: false } },
  cache: { enable: false },
  logger: { quiet: true, stats: false },
  plugins: [[plugin('taro-plugin'), options], plugin('taro-plugin/hosts')],
  sourceRoot: 'src',
  outputRoot: `dist/${process.env.TARO_ENV}`,
  designWidth: 750,
  deviceRatio: { 375: 2, 640: 2.34 / 2, 750: 1, 828: 1.81 / 2 },
  mini: {
    webpackChain: (chain) => {
      if (process.env.KIT_STATS === undefined) return;
      chain.merge({ profile: false });
      chain.plugin('sizeStats').use(
        class {
          apply(compiler: any) {
            compiler.hooks.done.tap('s', (stats: any) => {
              require('node:fs').writeFileSync(
                process.env.KIT_STATS!,
                JSON.stringify(
                  stats.toJson({
                    all: false,
                    modules: true,
                    nestedModules: true,
                    chunkModules: false,
                    reasons: false,
                    usedExports: true,
                    ids: true,
                    chunks: true,
                    chunkRelations: false,
                    modulesSpace: 99999,
                    nestedModulesSpace: 99999,
                    groupModulesByPath: false,
                  } as any),
                ),
              );
            });
          }
        },
      );
    },
  },
  h5: { publicPath: './', staticDirectory: 'static', router: { mode: 'hash' } },
};

export default config;
