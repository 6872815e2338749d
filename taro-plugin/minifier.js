'use strict';

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

/**
 * Texts stay as they are (a Chinese character escaped takes twice the bytes), and the syntax as new as
 * Babel leaves it.
 */
const MINIFIER = {
  enable: true,
  config: {
    ecma: 2018,
    compress: { ...COMPRESS, ecma: 2018, passes: 2 },
    output: { ecma: 2018, ascii_only: false, comments: false },
  },
};

module.exports = { MINIFIER };
