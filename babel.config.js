// Browsers that know BigInt (the engine's X25519 needs it), so nothing older has to be served.
const browsers = { chrome: '87', edge: '88', firefox: '78', safari: '14', ios: '14' };

module.exports = {
  presets: [
    [
      'taro',
      {
        framework: 'react',
        ts: true,
        compiler: 'webpack5',
        // Mini-programs keep Taro's own targets.
        ...(process.env.TARO_ENV === 'h5' && { targets: browsers }),
        // Would turn `**` into Math.pow, which throws on BigInt.
        exclude: ['@babel/plugin-transform-exponentiation-operator'],
      },
    ],
  ],
};
