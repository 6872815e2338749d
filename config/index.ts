import path from 'node:path';
// Only the type: a value import of the CLI loads its native binding.
import type { UserConfigExport } from '@tarojs/cli';

const root = path.resolve(__dirname, '..');
const folder = (name: string) => path.join(root, name);

const KIB = 1024;

const config: UserConfigExport<'webpack5'> = {
  projectName: 'taro-iot-video',
  framework: 'react',
  compiler: { type: 'webpack5', prebundle: { enable: false } },
  cache: { enable: false },
  // The progress bar redraws itself, which fills a log file.
  logger: { quiet: !process.stdout.isTTY, stats: false },
  plugins: [folder('taro-plugin'), folder('taro-plugin/hosts')],
  sourceRoot: 'src',
  outputRoot: `dist/${process.env.TARO_ENV}`,
  alias: {
    '@': folder('src'),
  },
  designWidth: 750,
  deviceRatio: { 375: 2, 640: 2.34 / 2, 750: 1, 828: 1.81 / 2 },
  mini: {
    // Webpack's limits are those of web pages; a mini-program's package has its own.
    webpackChain: (chain) => chain.performance.hints(false),
    // No style of the kit counts on standing after another one's.
    miniCssExtractPluginOption: { ignoreOrder: true },
  },
  h5: {
    publicPath: './',
    staticDirectory: 'static',
    router: { mode: 'hash' },
    webpackChain: (chain) =>
      // The player library is the largest file, and loads when a player does.
      chain.performance.maxEntrypointSize(704 * KIB).maxAssetSize(608 * KIB),
    // Content hashes let the page server mark scripts and styles as immutable.
    output: {
      filename: 'js/[name].[contenthash:8].js',
      chunkFilename: 'js/[name].[contenthash:8].js',
    },
    miniCssExtractPluginOption: {
      ignoreOrder: true,
      filename: 'css/[name].[contenthash:8].css',
      chunkFilename: 'css/[name].[contenthash:8].css',
    },
  },
};

export default config;
