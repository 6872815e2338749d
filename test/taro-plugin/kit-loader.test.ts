import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { KitLoaderContext, KitLoaderOptions, Language } from '../../taro-plugin/types';

type KitLoader = (this: KitLoaderContext, source: string) => string;
const kitLoader = jest.requireActual<KitLoader>('../../taro-plugin/kit-loader');
const I18N = path.resolve(__dirname, '../../services/i18n');

function load(file: string, source: string, options: Partial<KitLoaderOptions>): string {
  const all = { languages: ['zh-CN', 'zh-TW', 'en'] as const, compact: false, ...options };
  return kitLoader.call({ resourcePath: file, getOptions: () => all }, source);
}

const loadTexts = (name: string, languages: readonly Language[]): string => {
  const file = path.join(I18N, `${name}.ts`);
  return load(file, readFileSync(file, 'utf8'), { languages });
};

describe('languages that an app ships', () => {
  it('are all, unless some are named', () => {
    const file = path.join(I18N, 'zh-tw.ts');
    const source = readFileSync(file, 'utf8');
    expect(load(file, source, {})).toBe(source);
  });

  it('stand in the list that a user’s language is chosen from', () => {
    expect(loadTexts('languages', ['zh-CN', 'en'])).toBe(
      'export const LANGUAGES = ["zh-CN","en"];\n',
    );
  });

  it('take the place of those that are left out', () => {
    expect(loadTexts('zh-tw', ['zh-CN', 'en'])).toBe("export { en as zhTW } from './en';\n");
    expect(loadTexts('en', ['zh-CN'])).toBe("export { zhCN as en } from './zh-cn';\n");
    expect(loadTexts('zh-cn', ['zh-CN'])).toContain('export const zhCN');
  });

  it('touch no file that only has a language’s name', () => {
    expect(load('/app/pages/en.ts', 'export const en = 1;', { languages: ['zh-CN'] })).toBe(
      'export const en = 1;',
    );
  });
});

describe('classes', () => {
  it('are made smaller only where that is asked for', () => {
    const source = 'class A { private long = 1; get() { return this.long; } }';
    expect(load('/kit/a.ts', source, {})).toBe(source);
    expect(load('/kit/a.ts', source, { compact: true })).toContain('this._a');
  });
});
