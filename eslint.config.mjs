import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import { importBoundaries } from './eslint/boundaries.mjs';
import { injectedTime } from './eslint/services.mjs';
import { typescript } from './eslint/typescript.mjs';

const root = import.meta.dirname;

/** Folders in which Taro, Jest or ESLint asks for a default export. */
const DEFAULT_EXPORTS = [
  'src/app.{ts,tsx}',
  'src/pages/**',
  '**/*.config.{ts,js,mjs}',
  'config/index.ts',
  'bench/bare-app/**',
  'bench/kit-app/**',
  'test/e2e/consumer-app/**',
];

export default [
  { ignores: ['dist/', '.cache/', '.data/', 'coverage/', 'bench/results/', 'test/**/fixtures/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ...typescript(root),
  importBoundaries(root),
  injectedTime,
  {
    files: ['{components,src,test}/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
  { files: ['{services,components}/**/*.{ts,tsx}'], rules: { 'no-console': 'error' } },
  { files: ['**/*.{mjs,cjs,js}'], languageOptions: { globals: globals.node } },
  {
    files: ['**/*.{ts,tsx,mjs,js}'],
    ignores: DEFAULT_EXPORTS,
    rules: {
      'no-restricted-exports': [
        'error',
        { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } },
      ],
    },
  },
  {
    files: ['{test,agents,bench}/**/*.cjs', 'babel.config.js', 'taro-plugin/**/*.js'],
    languageOptions: { sourceType: 'commonjs' },
  },
  prettier,
];
