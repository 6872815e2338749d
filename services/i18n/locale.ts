import type { Locale } from './catalogue';
import { LANGUAGES } from './languages';

/** What users see whose language the kit does not speak. */
export const FALLBACK_LOCALE: Locale = LANGUAGES.includes('en') ? 'en' : LANGUAGES[0]!;

const TRADITIONAL = ['hant', 'tw', 'hk', 'mo'];

/**
 * Picks the kit's language for a user.
 *
 * @param preferred language tags, best first, as a host gives them: `zh_CN`, `zh-Hant-HK`, `en-GB`
 * @param shipped languages to choose from (default: those of the app)
 */
export function resolveLocale(
  preferred: readonly string[],
  shipped: readonly Locale[] = LANGUAGES,
): Locale {
  for (const tag of preferred) {
    const found = localesOf(tag).find((locale) => shipped.includes(locale));
    if (found !== undefined) return found;
  }
  return shipped.includes(FALLBACK_LOCALE) ? FALLBACK_LOCALE : shipped[0]!;
}

/** The kit's languages for a tag, best first: who reads one script of Chinese can read the other. */
function localesOf(tag: string): readonly Locale[] {
  const [language, ...subtags] = tag.toLowerCase().split(/[-_]/);
  if (language === 'en') return ['en'];
  if (language !== 'zh') return [];
  // An explicit script outweighs the region: zh-Hans-HK reads simplified characters.
  const isTraditional =
    !subtags.includes('hans') && subtags.some((subtag) => TRADITIONAL.includes(subtag));
  return isTraditional ? ['zh-TW', 'zh-CN'] : ['zh-CN', 'zh-TW'];
}
