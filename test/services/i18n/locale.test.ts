import { resolveLocale } from '../../../services/i18n';

describe('resolveLocale', () => {
  it.each([
    ['zh_CN', 'zh-CN'],
    ['zh', 'zh-CN'],
    ['zh-Hans-HK', 'zh-CN'],
    ['zh-SG', 'zh-CN'],
    ['zh_TW', 'zh-TW'],
    ['zh-HK', 'zh-TW'],
    ['zh-Hant', 'zh-TW'],
    ['zh-Hant-MO', 'zh-TW'],
    ['en-GB', 'en'],
    ['EN', 'en'],
  ])('reads %s as %s', (tag, locale) => {
    expect(resolveLocale([tag])).toBe(locale);
  });

  it('takes the first language that the kit speaks', () => {
    expect(resolveLocale(['fr-FR', 'zh-TW', 'en'])).toBe('zh-TW');
  });

  it('falls back to English', () => {
    expect(resolveLocale([])).toBe('en');
    expect(resolveLocale(['fr'])).toBe('en');
  });
});
