import type { Locale } from './catalogue';

/** What users see whose language the kit does not speak. */
export const FALLBACK_LOCALE: Locale = 'en';

const TRADITIONAL = ['hant', 'tw', 'hk', 'mo'];

/**
 * Picks the kit's language for a user.
 *
 * @param preferred language tags, best first, as a host gives them: `zh_CN`, `zh-Hant-HK`, `en-GB`
 */
export function resolveLocale(preferred: readonly string[]): Locale {
  for (const tag of preferred) {
    const [language, ...subtags] = tag.toLowerCase().split(/[-_]/);
    if (language === 'en') return 'en';
    if (language !== 'zh') continue;
    // An explicit script outweighs the region: zh-Hans-HK reads simplified characters.
    if (subtags.includes('hans')) return 'zh-CN';
    return subtags.some((subtag) => TRADITIONAL.includes(subtag)) ? 'zh-TW' : 'zh-CN';
  }
  return FALLBACK_LOCALE;
}
