import path from 'node:path';
// Only the type: a value import of the CLI loads its native binding.
import type { UserConfigExport } from '@tarojs/cli';

const root = path.resolve(__dirname, '..');
const folder = (name: string) => path.join(root, name);

/** Taro compiles `src` by itself; the kit's own folders beside it must be named. */
const compile = { include: [folder('components'), folder('services')] };

const KIB = 1024;

/** Terser's own defaults, most of which Taro turns off for mini-programs. */
const COMPRESS = Object.fromEntries(
  [
    'collapse_vars',
    'comparisons',
    'computed_props',
    'hoist_props',
    'inline',
    'join_vars',
    'loops',
    'negate_iife',
    'properties',
    'reduce_funcs',
    'reduce_vars',
    'switches',
    'typeofs',
  ].map((name) => [name, true]),
);

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
  // Texts stay as they are (a Chinese character escaped takes twice the bytes), and the syntax as new as
  // Babel leaves it.
  terser: {
    enable: true,
    config: {
      ecma: 2018,
      compress: { ...COMPRESS, ecma: 2018, passes: 2 },
      output: { ecma: 2018, ascii_only: false, comments: false },
    },
  },
  alias: {
    '@components': folder('components'),
    '@services': folder('services'),
    '@': folder('src'),
  },
  designWidth: 750,
  deviceRatio: { 375: 2, 640: 2.34 / 2, 750: 1, 828: 1.81 / 2 },
  mini: {
    compile,
    // Webpack's limits are those of web pages; a mini-program's package has its own.
    webpackChain: (chain) => chain.performance.hints(false),
    // No style of the kit counts on standing after another one's.
    miniCssExtractPluginOption: { ignoreOrder: true },
  },
  h5: {
    compile,
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
