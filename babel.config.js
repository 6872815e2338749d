// The engine's X25519 needs BigInt, so nothing older than what knows it has to be served.
const browsers = { chrome: '87', edge: '88', firefox: '78', safari: '14', ios: '14' };
const miniPrograms = { chrome: '67', ios: '14' };

module.exports = {
  presets: [
    [
      'taro',
      {
        framework: 'react',
        ts: true,
        compiler: 'webpack5',
        targets: process.env.TARO_ENV === 'h5' ? browsers : miniPrograms,
        // Would turn `**` into Math.pow, which throws on BigInt.
        exclude: ['@babel/plugin-transform-exponentiation-operator'],
      },
    ],
  ],
};
