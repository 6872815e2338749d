export { createTranslate, LOCALES } from './catalogue';
export type { Catalogue, Locale, TextParams, Translate, Translation } from './catalogue';
export { FALLBACK_LOCALE, resolveLocale } from './locale';
export { createKitTranslate, errorText, kitCatalogue, translate } from './texts';
export type { ErrorText, KitTexts, PlainTextKey, TextKey } from './texts';
