/** Packages that ship as ES modules only and have to be compiled for Jest. */
const ESM_PACKAGES = ['@noble', '@scure', 'fast-check', 'pure-rand'];

const EXTENSIONS = ['ts', 'tsx', 'js', 'jsx', 'cjs', 'mjs', 'json'];

const swc = (tsx) => [
  '@swc/jest',
  {
    jsc: {
      parser: { syntax: 'typescript', tsx },
      transform: { react: { runtime: 'automatic' } },
      target: 'es2022',
    },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  },
];

const base = {
  rootDir: import.meta.dirname,
  roots: ['<rootDir>/test'],
  moduleFileExtensions: EXTENSIONS,
  transform: { '\\.[cm]?[jt]s$': swc(false), '\\.[jt]sx$': swc(true) },
  transformIgnorePatterns: [`/node_modules/(?!(${ESM_PACKAGES.join('|')})/)`],
  moduleNameMapper: {
    '^@components/(.*)$': '<rootDir>/components/$1',
    '^@services/(.*)$': '<rootDir>/services/$1',
    '^@/(.*)$': '<rootDir>/src/$1',
    '\\.(css|scss)$': '<rootDir>/test/standins/style.cjs',
  },
};

const unit = {
  ...base,
  displayName: 'unit',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['<rootDir>/test/(components|src|e2e)/'],
};

const components = {
  ...base,
  displayName: 'components',
  testEnvironment: 'jsdom',
  setupFiles: ['<rootDir>/test/jest/browser-globals.cjs'],
  testMatch: ['<rootDir>/test/{components,src}/**/*.test.{ts,tsx}'],
  // A file for the browser wins over its neighbour for all hosts, as in the H5 build.
  moduleFileExtensions: ['h5.tsx', 'h5.ts', ...EXTENSIONS],
  moduleNameMapper: {
    ...base.moduleNameMapper,
    '^@tarojs/components$': '<rootDir>/test/standins/taro-components.tsx',
    '^@tarojs/taro$': '<rootDir>/test/standins/taro.ts',
  },
  clearMocks: true,
};

const e2e = {
  ...base,
  displayName: 'e2e',
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
  // One after the other: each starts agents, an encoder and a browser.
  runner: '<rootDir>/test/jest/serial-runner.cjs',
  setupFilesAfterEnv: ['<rootDir>/test/jest/e2e-setup.cjs'],
};

export default {
  projects: [unit, components, e2e],
  watchman: false,
};
