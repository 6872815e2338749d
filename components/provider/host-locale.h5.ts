import { resolveLocale } from '@services/i18n';
import type { Locale } from '@services/i18n';

/** The first of the user's languages that the kit speaks. */
export function hostLocale(): Locale {
  return resolveLocale(navigator.languages ?? [navigator.language]);
}
