const INJECTED_CLOCK = 'Take it from the injected Clock (services/host).';
const INJECTED_RANDOM = 'Take it from the injected Random (services/host).';

const timeGlobals = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'setImmediate',
  'requestAnimationFrame',
  'performance',
];

/** Time and randomness are injected, so that a test or a simulation decides on both. */
export const injectedTime = {
  files: ['services/**/*.{ts,tsx}'],
  ignores: ['services/host/{h5,mini,node,weapp}/**'],
  rules: {
    'no-restricted-globals': [
      'error',
      ...timeGlobals.map((name) => ({ name, message: INJECTED_CLOCK })),
      { name: 'crypto', message: INJECTED_RANDOM },
    ],
    'no-restricted-properties': [
      'error',
      { object: 'Math', property: 'random', message: INJECTED_RANDOM },
      { object: 'Date', property: 'now', message: INJECTED_CLOCK },
      ...timeGlobals.map((property) => ({
        object: 'globalThis',
        property,
        message: INJECTED_CLOCK,
      })),
      { object: 'globalThis', property: 'crypto', message: INJECTED_RANDOM },
    ],
    'no-restricted-syntax': [
      'error',
      {
        selector:
          "NewExpression[callee.name='Date'][arguments.length=0], CallExpression[callee.name='Date']",
        message: INJECTED_CLOCK,
      },
    ],
  },
};
