import path from 'node:path';
// Only the type: a value import of the CLI loads its native binding.
import type { UserConfigExport } from '@tarojs/cli';

/** The settings of the demo app, as far as they matter for size. */
const config: UserConfigExport<'webpack5'> = {
  projectName: 'bare-app',
  framework: 'react',
  compiler: { type: 'webpack5', prebundle: { enable: false } },
  cache: { enable: false },
  logger: { quiet: true, stats: false },
  plugins: [path.resolve(__dirname, '../../../taro-plugin/hosts')],
  sourceRoot: 'src',
  outputRoot: `dist/${process.env.TARO_ENV}`,
  designWidth: 750,
  deviceRatio: { 375: 2, 640: 2.34 / 2, 750: 1, 828: 1.81 / 2 },
  mini: {},
  h5: { publicPath: './', staticDirectory: 'static', router: { mode: 'hash' } },
};

export default config;
