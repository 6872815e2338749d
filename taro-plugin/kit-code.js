'use strict';

const { existsSync } = require('node:fs');
const path = require('node:path');
const { MINIFIER } = require('./minifier');

const KIT = path.resolve(__dirname, '..');
const COMPONENTS = path.join(KIT, 'components');
const SERVICES = path.join(KIT, 'services');

/** In the kit's npm package both are compiled already, and found by their names. */
const FROM_SOURCES = existsSync(path.join(COMPONENTS, 'index.ts'));

/** How the kit's modules, and those of an app that uses them, are named in imports. */
const ALIASES = {
  '@components': COMPONENTS,
  '@services': SERVICES,
  'taro-iot-video/services': SERVICES,
  'taro-iot-video$': path.join(COMPONENTS, 'index.ts'),
};

/**
 * What Babel may take for granted of the kit's code, so that it writes it as a person would: fields are
 * assigned, as TypeScript does; nobody reads `document.all` or a function's `length`.
 */
const ASSUMPTIONS = {
  setPublicClassFields: true,
  noDocumentAll: true,
  ignoreFunctionLength: true,
};

/**
 * Has the kit's sources found and compiled, and no more of them built in than the app uses.
 *
 * @param {import('./types').TaroPluginContext} ctx
 * @param {import('./types').KitPluginSettings} settings
 */
function setUpKitCode(ctx, { languages }) {
  const isProduction = process.env.NODE_ENV === 'production';
  ctx.modifyRunnerOpts(({ opts }) => {
    opts.compile = {
      ...opts.compile,
      include: [...(opts.compile?.include ?? []), COMPONENTS, SERVICES],
    };
    opts.terser ??= MINIFIER;
  });
  ctx.modifyWebpackChain(({ chain }) => {
    if (FROM_SOURCES) {
      for (const [name, target] of Object.entries(ALIASES)) chain.resolve.alias.set(name, target);
    }
    // MobX's own build for production has shortened its private members; the one that it names for bundlers
    // has not.
    if (isProduction) chain.resolve.alias.set('mobx$', 'mobx/dist/mobx.esm.production.min.js');
    const kit = chain.module.rule('iotVideoKit').test(/\.[jt]sx?$/);
    kit.include.add(COMPONENTS).add(SERVICES);
    // What a module of the kit does, it does when it is called: those that nobody uses may go.
    kit.sideEffects(false);
    kit
      .enforce('pre')
      .use('iotVideoKit')
      .loader(require.resolve('./kit-loader'))
      .options({ languages, compact: isProduction && FROM_SOURCES });
    const script = chain.module.rule('script');
    if (!script.uses.has('babelLoader')) return;
    script.use('babelLoader').tap((babel) => ({
      ...babel,
      overrides: [
        ...(babel?.overrides ?? []),
        { include: [COMPONENTS, SERVICES], assumptions: ASSUMPTIONS },
      ],
    }));
  });
}

module.exports = { setUpKitCode };
